"""Re-encodes an uploaded picture. Only probe_child runs this.

What is kept was written here, so it has no GPS position, no payload in a colour profile and no
second format appended. What vendors ask of pictures (``wish``, videos/uploads/pictures.py) is met by
resizing where that does not change the picture, and refused with the numbers where not.
"""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from videos.media.colours import to_srgb
from videos.media.open_picture import UnreadablePicture, open_picture

_GRAPHIC_PIXELS = 1_000_000


class Refused(Exception):
    """No vendor takes this picture. ``code`` and ``values`` are those of BadPicture."""

    def __init__(self, code: str, values: Mapping[str, float]) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def look(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Writes the picture to ``out``. Returns ``media_type width height notes``, or ``refused`` and
    its ``values``."""
    with open(path, "rb") as file:
        raw = file.read()
    try:
        made, facts = clean(raw, limits)
    except UnreadablePicture as no:
        return {"bad": no.reason}
    except Refused as refused:
        return {"refused": refused.code, "values": dict(refused.values)}
    with open(out, "wb") as file:
        file.write(made)
    return facts


def clean(raw: bytes, limits: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Returns the encoded picture and its facts. ``limits``: ``side`` and ``pixels`` of what is opened, and ``wish`` (``sides shapes enlarge
    bytes``) of what is made. Raises NoPicture or Refused."""
    found, wish = open_picture(raw, limits), limits["wish"]
    notes = ["cut_short"] if found.cut else []
    if found.several:
        notes.append("main_picture" if found.kind == "heic" else "first_frame")
    lossless = found.kind in ("png", "gif")
    picture = to_srgb(found.picture)
    del found
    small = picture.width * picture.height <= _GRAPHIC_PIXELS
    graphic = lossless and small and picture.getcolors(64) is not None  # which JPEG would smear
    picture = _fit(picture, wish, notes)
    data, picture = _encoded(picture, wish, notes, as_png=graphic or picture.mode == "RGBA")
    kind = "image/png" if data[:1] == b"\x89" else "image/jpeg"
    return data, {"media_type": kind, "width": picture.width, "height": picture.height, "notes": notes}


def _fit(picture: Image.Image, wish: Mapping[str, Any], notes: list[str]) -> Image.Image:
    (least, most), (narrow, wide) = wish["sides"], wish["shapes"]
    shape = picture.width / picture.height
    if not narrow <= shape <= wide:
        raise Refused("bad_shape", {"shape": round(shape, 3), "minimum": narrow, "maximum": wide})
    short, long = min(picture.size), max(picture.size)
    if long > most:
        notes.append("reduced")
        return _resized(picture, most / long, least)
    if short < least:
        if short * wish["enlarge"] < least:
            raise Refused("too_small", {"side": short, "limit": round(least / wish["enlarge"])})
        notes.append("enlarged")
        return _resized(picture, least / short, least)
    return picture


def _resized(picture: Image.Image, factor: float, least: int) -> Image.Image:
    size = (max(least, round(picture.width * factor)), max(least, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _encoded(
    picture: Image.Image, wish: Mapping[str, Any], notes: list[str], *, as_png: bool
) -> tuple[bytes, Image.Image]:
    picture.info.clear()  # Pillow writes some of it back otherwise
    while True:
        out = io.BytesIO()
        if as_png:
            picture.save(out, "PNG", compress_level=6)
        else:
            picture.save(out, "JPEG", quality=92, subsampling=0)
        if out.tell() < wish["bytes"]:
            return out.getvalue(), picture
        if "reduced" not in notes:
            notes.append("reduced")
        picture = _resized(picture, 0.8, wish["sides"][0])
