"""Pictures with parts that cannot be read: the picture is taken, the part is left behind."""

import io
import struct

import pytest
from PIL import Image

from videos.media.probe import probe
from videos.uploads.pictures import clean


def jpeg(size=(640, 480), **more) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", **more)
    return out.getvalue()


def with_segment(picture: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with one more segment behind its first two bytes."""
    return picture[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + picture[2:]


def exif_past_the_end(orientation: int = 6) -> bytes:
    """EXIF whose orientation can be read, and whose GPS block would lie behind its end."""
    entries = struct.pack("<HHI4s", 0x0112, 3, 1, struct.pack("<HH", orientation, 0))
    entries += struct.pack("<HHII", 0x8825, 4, 1, 60_000)
    return b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 2) + entries + bytes(4)


def index_of_pictures(count: int) -> bytes:
    """A multi-picture index (CIPA DC-007) whose list of pictures lies behind its end."""
    entries = struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, count)
    entries += struct.pack("<HHII", 0xB002, 7, 16 * count, 60_000)
    return b"MPF\0" + struct.pack("<2sHIH", b"II", 42, 8, 3) + entries + bytes(4)


ODD = {
    "EXIF past the end": (with_segment(jpeg(), 0xE1, exif_past_the_end()), (480, 640)),
    "EXIF of nothing": (with_segment(jpeg(), 0xE1, b"Exif\0\0"), (640, 480)),
    "EXIF of noise": (with_segment(jpeg(), 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(9)), (640, 480)),
    "MPF past the end": (with_segment(jpeg(), 0xE2, index_of_pictures(2)), (640, 480)),
    "MPF of noise": (with_segment(jpeg(), 0xE2, b"MPF\0II*\0" + b"\xff" * 30), (640, 480)),
}


@pytest.mark.parametrize("name", ODD)
def test_a_segment_that_cannot_be_read_is_no_reason_to_refuse_the_picture(name):
    picture, size = ODD[name]
    cleaned = clean(picture)
    assert (cleaned.width, cleaned.height) == size


def test_nor_is_it_one_to_throw_a_vendors_still_away(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(ODD["EXIF past the end"][0])
    facts = probe(path, "still", poster_path=tmp_path / "b")
    assert (facts.width, facts.height, facts.poster_width) == (480, 640, 480)
