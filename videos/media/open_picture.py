"""Opens an untrusted picture. Only probe_child runs this.

Only the decoder that the first bytes name is called, and none is registered with Pillow, so that
no file can reach another one. Errors in metadata beside the picture are ignored.
"""

import importlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageFile

from videos.media import formats, segments
from videos.media.damage import DAMAGE

_READERS = {
    "png": ("PIL.PngImagePlugin", "PngImageFile"),
    "jpeg": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "webp": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "gif": ("PIL.GifImagePlugin", "GifImageFile"),
    "avif": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "heic": ("pillow_heif", "HeifImageFile"),
}
# EXIF 2.3, tag 0x0112, and what turns such a picture upright.
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHOLE = 0.98  # of its lines: what is cut off below these is not missed in the picture


class UnreadablePicture(Exception):
    """The picture cannot be opened. ``reason``: ``not_picture``, ``pixels`` (more than the limit), ``sequence`` (a HEIC of moving
    pictures alone) or ``truncated`` (cut short or damaged: the format is a known one, and its picture
    cannot be read)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OpenedPicture:
    """A picture that was opened. ``picture`` is upright and decoded; ``info["icc_profile"]`` may tell what its colours mean."""

    picture: Image.Image
    kind: str  # one of formats.PICTURES
    several: bool  # it holds further frames (or, HEIC, further pictures): this is the first (main) one
    cut: bool  # its last lines were missing, and are left out


def open_picture(raw: bytes, limits: Mapping[str, Any]) -> OpenedPicture:
    """Opens and decodes the picture. Raises UnreadablePicture, or MemoryError."""
    kind = formats.kind_of(raw[: formats.HEAD])
    if kind not in _READERS:
        raise UnreadablePicture("not_picture")
    if kind == "heic" and b"moov" in raw and b"pitm" not in raw:  # ISO/IEC 14496-12: the primary item
        raise UnreadablePicture("sequence")
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    found: dict[str, bytes] = {}
    several = False
    if kind == "png":
        raw, found, several = segments.png(raw)
    elif kind == "jpeg":
        raw, found = segments.jpeg(raw)
    try:
        picture, cut = _decoded(kind, raw, limits), False
    except DAMAGE:
        picture, cut = _nearly_whole(kind, raw, limits), True
    for name, value in found.items():
        picture.info[name] = value
    if kind == "gif":
        picture, several = _first_of(picture)
    elif kind != "jpeg":  # whose further pictures are a phone's own previews
        several = several or bool(getattr(picture, "is_animated", False))
    return OpenedPicture(_upright(picture), kind, several, cut)


def _decoded(kind: str, raw: bytes, limits: Mapping[str, Any]) -> Image.Image:
    module, reader = _READERS[kind]
    try:
        picture = getattr(importlib.import_module(module), reader)(io.BytesIO(raw))
        if max(picture.size) > limits["side"] or picture.width * picture.height > limits["pixels"]:
            raise UnreadablePicture("pixels")
        picture.load()
    except Image.DecompressionBombError:
        raise UnreadablePicture("pixels") from None
    # A HEIC may differ from what it announced.
    if max(picture.size) > limits["side"] or picture.width * picture.height > limits["pixels"]:
        raise UnreadablePicture("pixels")
    return picture


def _nearly_whole(kind: str, raw: bytes, limits: Mapping[str, Any]) -> Image.Image:
    """Returns the lines that could be read of a file that was cut short, where at most 2 % are
    missing; else raises UnreadablePicture. A decoder fills what it has no bytes for
    with one colour; an interlaced or progressive picture lacks something everywhere."""
    if kind not in ("jpeg", "png"):
        raise UnreadablePicture("truncated")
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture = _decoded(kind, raw, limits)
    except DAMAGE:
        raise UnreadablePicture("truncated") from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    lines = _lines(picture)
    if picture.info.keys() & {"interlace", "progressive"} or lines < picture.height * _WHOLE:
        raise UnreadablePicture("truncated")
    return picture.crop((0, 0, picture.width, lines))


def _lines(picture: Image.Image) -> int:
    """Returns how many lines there are above the last ones that are all of one colour."""
    flat = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    filled = Image.new(flat.mode, flat.size, flat.getpixel((0, flat.height - 1)))
    box = ImageChops.difference(flat, filled).getbbox(alpha_only=False)
    return box[3] if box else 0


def _first_of(gif: Image.Image) -> tuple[Image.Image, bool]:
    """Returns the first frame, and whether there is another one. To find out, the GIF is read on;
    damage found there does not spoil the first frame."""
    first = gif.copy()
    try:
        return first, gif.is_animated
    except DAMAGE:
        return first, True


def _upright(picture: Image.Image) -> Image.Image:
    try:
        exif = Image.Exif()
        exif.load(picture.info.get("exif") or b"")
        way = _UPRIGHT.get(exif.get(_ORIENTATION, 1))
    except DAMAGE:
        way = None  # notes that cannot be read turn nothing
    return picture if way is None else picture.transpose(way)
