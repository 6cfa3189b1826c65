"""Re-encodes an uploaded picture in the limited child (videos/media/clean_picture.py).

What vendors ask of pictures are the numbers of the model behind them all (Seedance at Volcengine
Ark and BytePlus ModelArk): sides of 300 to 6,000 pixels, shape (width by height) 0.4 to 2.5, under
30 MB.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from videos.media import formats, rework
from videos.media.probe import Limits
from videos.media.store import digest

MAX_BYTES = 30_000_000
MAX_PIXELS = Limits().pixels
SIDES = (300, 6000)
SHAPES = (0.4, 2.5)
ENLARGE = 2.0  # a picture of half the size is still sharp enough; a much smaller one is not
VENDOR_LIMITS = {"sides": SIDES, "shapes": SHAPES, "enlarge": ENLARGE, "bytes": MAX_BYTES}


class BadPicture(Exception):
    """An upload is refused. ``code`` is ``empty``, ``too_big``, ``not_a_picture``, ``other_format``, ``cut_short``,
    ``too_many_pixels``, ``too_costly``, ``too_small``, ``bad_shape``, one of a film
    (videos/uploads/films.py), or, no fault of the picture's, ``team_full``, ``disk_full``, ``busy``,
    ``file_missing`` or ``machine``; ``values`` are the numbers and words of its sentence."""

    def __init__(self, code: str, values: Mapping[str, int | float | str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An uploaded picture after ``clean``. ``notes`` say what was changed that a person might notice: ``cut_short``, ``first_frame``,
    ``main_picture``, ``enlarged``, ``reduced``. ``sha256`` (hex) is of the file's bytes."""

    media_type: str  # image/jpeg or image/png
    width: int
    height: int
    bytes: int
    sha256: str
    notes: tuple[str, ...] = ()


def clean(path: Path, out: Path, *, most: int | None = MAX_BYTES) -> Cleaned:
    """Writes the picture to ``out``. ``most``: how many bytes ``path`` may have; None where it was
    written here. Raises BadPicture, or OSError for a fault of this machine."""
    _check_size(path, most)
    try:
        made = rework.picture(path, out, VENDOR_LIMITS)
    except rework.BadMedia as bad:
        raise _refused(bad.reason, path) from None
    if "refused" in made:
        raise BadPicture(str(made["refused"]), made["values"])
    return Cleaned(
        str(made["media_type"]), int(made["width"]), int(made["height"]), out.stat().st_size, digest(out),
        tuple(made["notes"]),
    )  # fmt: skip


def data_uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _check_size(path: Path, most: int | None) -> None:
    size = path.stat().st_size
    if not size:
        raise BadPicture("empty")
    if most is not None and size > most:
        raise BadPicture("too_big", {"limit_mb": most // 1_000_000})


def _refused(reason: str, path: Path) -> BadPicture:
    if reason == "pixels":
        return BadPicture("too_many_pixels", {"limit_mp": MAX_PIXELS // 1_000_000})
    if reason == "truncated":
        return BadPicture("cut_short")
    if reason == "sequence":
        return BadPicture("other_format", {"format": "HEIC sequence"})
    if reason == "not_picture":
        with open(path, "rb") as file:
            kind = formats.kind_of(file.read(formats.HEAD))
        named = kind and kind not in formats.PICTURES and kind != "iso"
        return BadPicture("other_format", {"format": kind}) if named else BadPicture("not_a_picture")
    return BadPicture("too_costly" if reason == "too_costly" else "cut_short")
