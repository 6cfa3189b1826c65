"""Tells the format of a file by its first bytes, never by its name. PURE."""

from pathlib import Path

HEAD = 64  # bytes: enough for the brands of an ISO file
PICTURES = ("png", "jpeg", "webp", "gif", "avif", "heic")  # what videos/media/open_picture.py reads

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"8BPS", "PSD"),
    (b"%PDF", "PDF"),
    (b"%!PS", "EPS"),
    (b"\0\0\1\0", "ICO"),
    (b"v/1\x01", "OpenEXR"),
    (b"qoif", "QOI"),
)
# ISO/IEC 23008-12: brands of stills, bursts and sequences in HEVC, as phones save them, and in AV1.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}


def kind_of(head: bytes) -> str:
    """Returns one of PICTURES; ``iso`` for MP4, MOV and the like; the name of another format of pictures in
    capitals (``TIFF``), which is for people to read; "" for everything else. ``head``: the first
    HEAD bytes."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head.lstrip()[:4].lower() == b"<svg":
        return "SVG"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def check_still(path: Path) -> str | None:
    """Returns why this is no picture that is read here, or None."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if not head:
        return "empty"
    return None if kind_of(head) in PICTURES else "not_picture"


def _of_brands(head: bytes) -> str:
    """Returns the format of an ISO file. The main brand decides, and the others where it is one that both families write."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    main, others = head[8:12], {head[at : at + 4] for at in range(16, length - 3, 4)}
    if main in _AVIF or (main in _HEIC and others & _AVIF and not others & (_HEIC - {b"mif1", b"msf1"})):
        return "avif"
    return "heic" if main in _HEIC else "iso"
