"""What the three endpoints of seedance2ai.io read out of a body, each with its own names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from videos.sandbox.checks import Fields
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.shapes import film_size, ratio, still_size
from videos.sandbox.pictures import Picture, PictureRequest
from videos.sandbox.refusals import Reason, Refusal

MODES = ("text-to-video", "image-to-video", "media-to-video")
VIDEO_RATIOS = ("1:1", "21:9", "4:3", "3:4", "16:9", "9:16")
SECONDS = tuple(str(number) for number in range(4, 16))
RATES = {  # credits a second
    ("standard", "720p"): Decimal(6),
    ("pro", "720p"): Decimal(11),
    ("standard", "1080p"): Decimal("14.5"),
    ("pro", "1080p"): Decimal(24),
}
TYPES = ("text-to-image", "image-to-image")
SIZES = ("1K", "2K", "4K")
GPT_RATIOS = tuple("auto 1:1 5:4 9:16 21:9 16:9 4:3 3:2 4:5 3:4 2:3 2:1 1:2 3:1 1:3 9:21".split())
GPT_RATES = {"1K": Decimal(4), "2K": Decimal(8), "4K": Decimal(16)}
NANO_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto")
NANO_RATE = Decimal(8)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``mark`` begins the task's id. ``resolution`` and ``aspect`` size the stills of
    ``count`` pictures; a film comes as ``film``, complete but for its references."""

    mark: str
    model: str
    prompt: str
    amount: Decimal
    wishes: tuple[PictureRequest, ...] = ()
    film: Recipe | None = None
    resolution: str = ""
    aspect: str = ""
    form: str = "png"
    count: int = 1

    def recipes(self, pictures: Sequence[Picture]) -> tuple[Recipe, ...]:
        references = tuple(picture.reference for picture in pictures)
        if self.film:
            return (replace(self.film, references=references),)
        if self.aspect != "auto":
            shape = ratio(self.aspect)
        else:
            shape = Fraction(*pictures[0].size) if pictures else Fraction(1)
        still = Recipe(self.prompt, *still_size(self.resolution, shape), kind="still", form=self.form)
        return tuple(replace(still, variant=index, references=references) for index in range(self.count))


def video(fields: Fields) -> Wanted:
    """``POST /api/v1/video/seedance``."""
    mode = fields.choice("mode", MODES, "text-to-video")
    tier = fields.choice("quality_tier", ("standard", "pro"), "standard")
    channel = fields.choice("channel", ("standard", "real", "wild"), "standard")
    prompt = fields.text("prompt", least=3, most=10_000)
    aspect = fields.choice("aspect_ratio", VIDEO_RATIOS, "16:9")
    seconds = int(fields.choice("duration", SECONDS, "5"))
    resolution = fields.choice("resolution", ("720p", "1080p"), "720p")
    sound = fields.flag("generate_audio", True)
    fields.flag("fixed_lens", False)
    seed = fields.whole("seed", -1, 4_294_967_295, -1)
    if "seed" in fields.body and channel == "real":
        raise Refusal(Reason.INVALID, "seed is not supported on the real channel")
    film = Recipe(
        prompt, *film_size(resolution, aspect), frames=seconds * FPS, sound=sound, seed=seed, last_frame=True
    )
    wishes = _video_pictures(fields, mode)
    return Wanted("sd2", "seedance", prompt, RATES[tier, resolution] * seconds, wishes, film)


def _video_pictures(fields: Fields, mode: str) -> tuple[PictureRequest, ...]:
    """Only the keys of the mode are taken; any other is left for nothing_else()."""
    if mode == "image-to-video":
        start, end = fields.text("image_url"), fields.text("end_image_url", None)
        return (PictureRequest("start", start), *([PictureRequest("end", end)] if end else []))
    if mode == "media-to-video":
        urls = fields.texts("media_urls", 1, 12)
        return tuple(PictureRequest("reference", url, film=True) for url in urls)
    return ()


def _pictures(fields: Fields, name: str, most: int, wanted: bool) -> tuple[PictureRequest, ...]:
    if not wanted:
        return ()
    return tuple(
        PictureRequest("start" if index == 0 else "reference", url)
        for index, url in enumerate(fields.texts(name, 1, most))
    )


def gpt_image_2(fields: Fields) -> Wanted:
    """``POST /api/v1/image/gpt-image-2``: camelCase, one to four pictures."""
    kind = fields.choice("type", TYPES)
    channel = fields.choice("channel", ("standard", "economy"), "standard")
    prompt = fields.text("prompt", least=3, most=20_000)
    resolution = fields.choice("resolution", SIZES)
    aspect = fields.choice("aspectRatio", GPT_RATIOS)
    count = fields.whole("batchCount", 1, 4, 1)
    wishes = _pictures(fields, "imageUrls", 10, kind == "image-to-image")
    if aspect == "auto" and resolution != "1K":
        raise Refusal(Reason.INVALID, "aspectRatio auto only supports 1K")
    if aspect == "1:1" and resolution == "4K" and channel == "standard":
        raise Refusal(Reason.INVALID, "1:1 cannot use 4K on the standard channel")
    amount = GPT_RATES[resolution] * count
    return Wanted(
        "gpt2", "gpt-image-2", prompt, amount, wishes, resolution=resolution, aspect=aspect, count=count
    )


def nano_banana_pro(fields: Fields) -> Wanted:
    """``POST /api/v1/image/nano-banana-pro``: snake_case, one picture."""
    kind = fields.choice("type", TYPES)
    prompt = fields.text("prompt", least=3, most=10_000)
    aspect = fields.choice("image_size", NANO_RATIOS, "auto")
    form = fields.choice("output_format", ("png", "jpeg"), "png")
    resolution = fields.choice("resolution", SIZES, "1K")
    wishes = _pictures(fields, "image_urls", 8, kind == "image-to-image")
    return Wanted(
        "nbp", "nano-banana-pro", prompt, NANO_RATE, wishes, resolution=resolution, aspect=aspect, form=form
    )
