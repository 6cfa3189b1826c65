"""What api.acedata.cloud reads out of a request: strong fields, content, and weak inline flags."""

import re
from dataclasses import dataclass
from typing import Any

from videos.sandbox.checks import Fields
from videos.sandbox.film.recipe import FPS
from videos.sandbox.pictures import PictureRequest
from videos.sandbox.refusals import Reason, Refusal

T2V, I2V = "doubao-seedance-1-0-lite-t2v-250428", "doubao-seedance-1-0-lite-i2v-250428"
SOUND_MODEL = "doubao-seedance-1-5-pro-251215"
PRO, FAST = "doubao-seedance-1-0-pro-250528", "doubao-seedance-1-0-pro-fast-251015"
MODELS = (PRO, FAST, SOUND_MODEL, T2V, I2V)
RESOLUTIONS = ("480p", "720p", "1080p")
RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive")
FRAMES = range(29, 290, 4)
SEEDS = (-1, 4_294_967_295)
NAMES = "rs|resolution|rt|ratio|dur|duration|frames|fps|framespersecond|seed|cf|camerafixed|wm|watermark"
FLAG = re.compile(rf"\s--({NAMES})\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    model: str
    prompt: str
    wishes: tuple[PictureRequest, ...]
    resolution: str
    ratio: str
    frames: int
    seed: int
    sound: bool
    last_frame: bool


def read(fields: Fields) -> Wanted:
    """Everything but the delivery (callback_url, async). Raises Trouble."""
    model = fields.choice("model", MODELS)
    prompt, wishes = _content(fields.value("content"))
    resolution = fields.choice("resolution", RESOLUTIONS, None)
    ratio = fields.choice("ratio", RATIOS, None)
    duration = fields.whole("duration", 2, 12, None)
    frames = fields.choice("frames", tuple(FRAMES), None)
    fields.choice("framespersecond", (FPS,), FPS)
    seed = fields.whole("seed", *SEEDS, None)
    for name in ("camerafixed", "watermark"):
        fields.flag(name, False)
    sound = fields.flag("generate_audio", False) and model == SOUND_MODEL  # others ignore it
    fields.choice("service_tier", ("default", "flex"), "default")
    last_frame = fields.flag("return_last_frame", False)
    fields.whole("execution_expires_after", 3600, 259_200, None)
    _roles(model, wishes)
    weak = inline(prompt)
    usual = "1080p" if model in (PRO, FAST) else "720p"
    if frames is None and duration is None:
        frames = weak.get("frames")
    return Wanted(
        model=model,
        prompt=FLAG.sub("", prompt),
        wishes=tuple(wishes),
        resolution=resolution or weak.get("resolution", usual),
        ratio=ratio or weak.get("ratio", "adaptive" if wishes else "16:9"),
        frames=frames or (duration or weak.get("duration", 5)) * FPS,
        seed=weak.get("seed", -1) if seed is None else seed,
        sound=sound,
        last_frame=last_frame,
    )


def inline(prompt: str) -> dict[str, Any]:
    """Flags at the end of a prompt; the document: a bad one silently becomes the default."""
    found: dict[str, Any] = {}
    for name, text in FLAG.findall(prompt):
        if name in ("rs", "resolution") and text in RESOLUTIONS:
            found["resolution"] = text
        elif name in ("rt", "ratio") and text in RATIOS:
            found["ratio"] = text
        elif name in ("dur", "duration") and text.isdecimal() and 2 <= int(text) <= 12:
            found["duration"] = int(text)
        elif name == "frames" and text.isdecimal() and int(text) in FRAMES:
            found["frames"] = int(text)
        elif name == "seed" and text.lstrip("-").isdecimal() and SEEDS[0] <= int(text) <= SEEDS[1]:
            found["seed"] = int(text)
    return found


def _content(items: Any) -> tuple[str, list[PictureRequest]]:
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise Refusal(Reason.INVALID, "content must be a non-empty array of objects")
    texts, wishes = [], []
    for index, item in enumerate(items):
        fields = Fields(item, f"content[{index}].")
        if fields.choice("type", ("text", "image_url")) == "text":
            texts.append(fields.text("text"))
        else:
            wishes.append(_image(fields))
        fields.nothing_else()
    if not texts and not wishes:
        raise Refusal(Reason.INVALID, "content must have a text or an image")
    return " ".join(texts), wishes


def _image(fields: Fields) -> PictureRequest:
    value = fields.value("image_url")
    if not isinstance(value, dict):
        raise Refusal(Reason.INVALID, f"{fields.where}image_url must be an object")
    inner = Fields(value, f"{fields.where}image_url.")
    url = inner.text("url")
    inner.nothing_else()
    role = fields.choice("role", ("first_frame", "last_frame"), "")
    return PictureRequest({"last_frame": "end", "first_frame": "start", "": ""}[role], url, data=True)


def _roles(model: str, wishes: list[PictureRequest]) -> None:
    """One first frame, or one first and one last frame with both roles said."""
    roles = [wish.role for wish in wishes]
    if model == T2V and wishes:
        raise Refusal(Reason.INVALID, f"{model} does not accept images")
    if model == I2V and not wishes:
        raise Refusal(Reason.INVALID, f"{model} requires an image")
    if len(wishes) > 1 and sorted(roles) != ["end", "start"]:
        raise Refusal(Reason.INVALID, "two images need the roles first_frame and last_frame")
    if roles == ["end"]:
        raise Refusal(Reason.INVALID, "last_frame needs a first_frame")
    if len(wishes) == 1:
        wishes[0] = PictureRequest("start", wishes[0].url, data=True)
