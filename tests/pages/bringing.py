"""Files as people have them on their desks: a phone's picture, a short film, a bomb."""

import io
import tempfile
import zlib
from functools import cache
from pathlib import Path
from struct import pack

import pillow_heif
from PIL import Image, ImageDraw

from tests.media.films import film


@cache
def a_film(seconds: float = 3, size: tuple[int, int] = (640, 360)) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = film(Path(folder) / "a.mp4", size=size, frames=round(seconds * 24), sound=True)
        return made.read_bytes()


def a_heic(size: tuple[int, int] = (800, 600), **more) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.linear_gradient("L").convert("RGB").resize(size)).save(out, **more)
    return out.getvalue()


def a_photo_with_a_place() -> bytes:
    """A JPEG held upright, with GPS."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRETCAM"
    exif.get_ifd(0x8825)[1] = "N"
    picture, out = Image.new("RGB", (900, 600), (30, 30, 220)), io.BytesIO()
    ImageDraw.Draw(picture).rectangle((0, 0, 449, 299), fill=(220, 30, 30))
    picture.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def a_bomb(side: int = 20_000) -> bytes:
    """A PNG of ``side`` by ``side`` black pixels in less than two megabytes. One packed row stands
    for all: packing a gigabyte of nothing would take seconds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    row = bytes(1 + side * 3)
    squeezer = zlib.compressobj(9, wbits=-15)
    packed = squeezer.compress(row) + squeezer.flush(zlib.Z_FULL_FLUSH)
    adler = pack(">HH", len(row) * side % 65521, 1)  # of nothing but zeros
    rows = b"\x78\xda" + packed * side + b"\x03\x00" + adler
    head = pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def a_gif() -> bytes:
    frames, out = [Image.new("RGB", (320, 320), colour) for colour in ("red", "blue")], io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()
