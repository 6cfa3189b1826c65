"""Make a stranger's picture into one of ours. PURE: bytes in, bytes out.

Decoded under limits and encoded anew, so that what is kept was written here: no
GPS position, no profile payload, no second format riding along. What vendors ask
of pictures is met by resizing where that does not change the picture, and refused
with the numbers where not. The numbers are those of the model behind them all
(Seedance at Volcengine Ark and BytePlus ModelArk): sides of 300 to 6,000 pixels,
shape (width by height) 0.4 to 2.5, under 30 MB.
"""

import base64
import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 30_000_000
MAX_PIXELS = 40_000_000
SIDES = (300, 6000)
SHAPES = (0.4, 2.5)
ENLARGE = 2.0  # a picture of half the size still shows what it shows; a stamp does not
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_GRAPHIC_PIXELS = 1_000_000
_PROFILE_BYTES = 64 * 1024

_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError)


class BadPicture(Exception):
    """``code`` is ``empty``, ``too_big``, ``not_a_picture``, ``too_many_pixels``,
    ``too_small``, ``bad_shape``, one of a film (videos/uploads/films.py), or (no fault of the
    picture's) ``team_full`` and ``file_missing``; ``values`` are the numbers of its sentence."""

    def __init__(self, code: str, values: Mapping[str, int | float] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``notes`` say what was changed that a person might notice: ``first_frame``,
    ``main_picture``, ``enlarged``, ``reduced``. ``sha256`` (hex) is of ``data``."""

    data: bytes
    media_type: str  # image/jpeg or image/png
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...] = ()


def clean(data: bytes | BinaryIO) -> Cleaned:
    """Raises BadPicture. Memory: at most about 16 bytes a pixel."""
    raw = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    if not raw:
        raise BadPicture("empty")
    if len(raw) > MAX_BYTES:
        raise BadPicture("too_big", {"limit_mb": MAX_BYTES // 1_000_000})
    return made(raw)


def made(raw: bytes) -> Cleaned:
    """The same for a picture that was written here, however many bytes it has."""
    picture, notes, graphic = _decode(raw)
    picture = _fit(picture, notes)
    return _encode(picture, notes, graphic)


def data_uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _decode(raw: bytes) -> tuple[Image.Image, list[str], bool]:
    """The picture the right way up in RGB or RGBA, notes, and whether it is a
    drawing of few colours (which JPEG would smear)."""
    notes = []
    try:
        with warnings.catch_warnings():
            # Pillow warns of whatever it skips: a pointer of the camera's notes that leads past
            # the end, an index of further pictures. The picture itself is sound.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                # Asked here and not left to Image.MAX_IMAGE_PIXELS, a global of
                # the process whose default only warns at twice this size.
                if opened.width * opened.height > MAX_PIXELS:
                    raise BadPicture("too_many_pixels", {"limit_mp": MAX_PIXELS // 1_000_000})
                if getattr(opened, "n_frames", 1) > 1:
                    notes.append("first_frame")
                    opened.seek(0)
                opened.load()
                lossless = opened.format in ("PNG", "GIF")
                picture = _plain(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError:
        raise BadPicture("too_many_pixels", {"limit_mp": MAX_PIXELS // 1_000_000}) from None
    except _DAMAGE:
        raise BadPicture("not_a_picture") from None
    small = picture.width * picture.height <= _GRAPHIC_PIXELS
    return picture, notes, lossless and small and picture.getcolors(64) is not None


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where something really shows through; colours in sRGB."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    alpha = None
    if picture.has_transparency_data:
        alpha = picture.convert("RGBA").getchannel("A")
        if alpha.getextrema()[0] == 255:
            alpha = None
    picture = _in_srgb(picture)
    if alpha is not None:
        picture.putalpha(alpha)
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Phones save in a wider colour space; without its profile the picture would
    look dull, so the colours are converted before the profile is dropped."""
    profile = picture.info.get("icc_profile") or b""
    if picture.mode in ("RGB", "RGBA") and 0 < len(profile) <= _PROFILE_BYTES:
        try:
            return ImageCms.profileToProfile(
                picture.convert("RGB"), io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture.convert("RGB")  # a broken profile: its colours are as good as sRGB
    return picture.convert("RGBA").convert("RGB") if picture.mode == "P" else picture.convert("RGB")


def _fit(picture: Image.Image, notes: list[str]) -> Image.Image:
    shape = picture.width / picture.height
    if not SHAPES[0] <= shape <= SHAPES[1]:
        raise BadPicture("bad_shape", {"shape": round(shape, 3), "minimum": SHAPES[0], "maximum": SHAPES[1]})
    short, long = min(picture.size), max(picture.size)
    if long > SIDES[1]:
        notes.append("reduced")
        return _resized(picture, SIDES[1] / long)
    if short < SIDES[0]:
        if short * ENLARGE < SIDES[0]:
            raise BadPicture("too_small", {"side": short, "limit": round(SIDES[0] / ENLARGE)})
        notes.append("enlarged")
        return _resized(picture, SIDES[0] / short)
    return picture


def _resized(picture: Image.Image, factor: float) -> Image.Image:
    size = (max(SIDES[0], round(picture.width * factor)), max(SIDES[0], round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _encode(picture: Image.Image, notes: list[str], graphic: bool) -> Cleaned:
    picture.info.clear()  # Pillow writes some of it back otherwise
    as_png = graphic or picture.mode == "RGBA"
    while True:
        out = io.BytesIO()
        if as_png:
            picture.save(out, "PNG", compress_level=6)
        else:
            picture.save(out, "JPEG", quality=92, subsampling=0)
        data = out.getvalue()
        if len(data) < MAX_BYTES:
            break
        if "reduced" not in notes:
            notes.append("reduced")
        picture = _resized(picture, 0.8)
    kind = "image/png" if as_png else "image/jpeg"
    return Cleaned(data, kind, *picture.size, hashlib.sha256(data).hexdigest(), tuple(notes))
