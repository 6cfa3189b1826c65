"""Pictures as cameras, phones and programs write them, with what they write beside the picture."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms

SIZE = (640, 480)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SWAPPED = SRGB.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")


def saved(picture, kind, **more) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def shades(size=SIZE) -> Image.Image:
    """Red grows from left to right, green from top to bottom: no two lines are the same."""
    grey = Image.linear_gradient("L")
    return Image.merge("RGB", [grey.rotate(90).resize(size), grey.resize(size), Image.new("L", size, 90)])


def jpeg(**more) -> bytes:
    return saved(shades(), "JPEG", quality=90, **more)


def png(**more) -> bytes:
    return saved(shades(), "PNG", **more)


def with_segment(picture: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with one more segment behind its first two bytes."""
    return picture[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + picture[2:]


def chunk(kind: bytes, body: bytes, *, checksum: int = 0) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) ^ checksum)


def with_chunks(picture: bytes, *chunks: bytes) -> bytes:
    """The PNG with more chunks behind its header."""
    return picture[:33] + b"".join(chunks) + picture[33:]


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


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif.tobytes()


def heic(*pictures: Image.Image, **more) -> bytes:
    out, file = io.BytesIO(), pillow_heif.from_pillow(pictures[0])
    for picture in pictures[1:]:
        file.add_from_pillow(picture)
    file.save(out, quality=90, **more)
    return out.getvalue()


def gray_profile() -> bytes:
    """A grey profile with a linear curve: half of the light is a lighter grey in sRGB (188)."""

    def tag(kind: bytes, body: bytes) -> bytes:
        return kind + bytes(4) + body

    white = tag(b"XYZ ", struct.pack(">iii", 63190, 65536, 54061))
    curve = tag(b"curv", struct.pack(">I", 0))
    name = tag(b"desc", struct.pack(">I", 2) + b"g\0" + bytes(78))
    at, table, body = 128 + 4 + 3 * 12, b"", b""
    for label, content in ((b"wtpt", white), (b"kTRC", curve), (b"desc", name)):
        content += bytes(-len(content) % 4)
        table += struct.pack(">4sII", label, at + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061) + bytes(48)
    return head + struct.pack(">I", 3) + table + body


def colour(made, at=(5, 5)):
    with Image.open(io.BytesIO(made.data)) as picture:
        return picture.convert("RGB").getpixel(at)
