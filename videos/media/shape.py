"""Checks the structure of a file before any parser opens it. PURE but for reading the file.

It is cheap: the magic bytes, and for an MP4 the chain of top-level
boxes, which must cover the file exactly. A chain that runs past the end is a
film cut short; something after it is another format appended.
"""

import codecs
import re
import struct
from pathlib import Path
from typing import BinaryIO

_BOXES = 100_000  # a fragmented film of an hour has some thousands
_PAGE_BYTES, _PAGE_HEAD = 256 << 10, 4096
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # no text has these
_FIRST_TAG = re.compile(rb"<([A-Za-z][\w:-]*)")
# The boxes that stand side by side in a film (ISO/IEC 14496-12, table 1, and QuickTime's own).
_TOP = {
    b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"free", b"skip", b"wide", b"uuid", b"meta", b"sidx", b"ssix",
    b"styp", b"pdin", b"prft", b"emsg", b"pnot", b"udta",
}  # fmt: skip
# A QuickTime file from before there was ``ftyp`` begins with one of these.
QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_BRANDS = {
    b"qt  ": "mov", b"M4V ": "m4v", b"3gp4": "3gp", b"3gp5": "3gp", b"avif": "avif", b"avis": "avif",
    b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic", b"hevc": "heic",
}  # fmt: skip
_OTHER_FORMATS = (
    (b"\x1a\x45\xdf\xa3", "webm"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogv"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL ", "jxl"),
)
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


def check_video(path: Path) -> str | None:
    """Returns why this is no whole MP4 (ISO/IEC 14496-12, section 4.2), or None."""
    end = path.stat().st_size
    with open(path, "rb") as file:
        if not end:
            return "empty"
        if file.read(12)[4:8] not in (b"ftyp", *QUICKTIME):
            return "not_video"
        at, seen = 0, set()
        for _ in range(_BOXES):
            if at == end:
                return None if b"moov" in seen else "truncated"
            file.seek(at)
            size, kind = _box(file.read(16), end - at)
            if 0 < size <= end - at:
                seen.add(kind)
                at += size
            elif b"moov" not in seen or size and kind in _TOP:
                return "truncated"
            else:  # what says no size, or is no box of a film, was put behind it
                return None if not size and _padding(file, at, end) else "trailing"
    return "tracks"


def picture_format(head: bytes) -> str:
    """Returns ``png``, ``jpeg``, ``webp`` or "" by the first 12 bytes."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in _PICTURES if head.startswith(magic)), "")


def suggested_suffix(head: bytes) -> str:
    """Returns the usual suffix of a file that begins with these 16 bytes, for a person who opens it in
    another program: ``mp4``, ``mov``, ``webm``, ... or ``bin``. It says nothing about what is really in it."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    if head[4:8] in QUICKTIME:
        return "mov"
    found = picture_format(head) or next(
        (end for magic, end in _OTHER_FORMATS if head.startswith(magic)), "bin"
    )
    return "avi" if head[:4] == b"RIFF" and head[8:12] == b"AVI " else found.replace("jpeg", "jpg")


def is_page(path: Path) -> bool:
    """Returns whether a gateway's error page came instead of a file: a text of at most 256 KB, such as HTML, XML,
    JSON or a bare sentence. SVG is a picture, although it is text."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        head = file.read(_PAGE_HEAD)
    tag = _FIRST_TAG.search(head)
    if not 0 < size <= _PAGE_BYTES or tag and tag[1].lower() == b"svg":
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so with its first two bytes
        head = head.decode("utf-16", errors="ignore").encode()
    if _CONTROL.search(head):
        return False
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{", b"["):
        return True
    text = codecs.getincrementaldecoder("utf-8")()
    try:
        text.decode(head)  # a character may be cut at the end of what was read
    except UnicodeDecodeError:
        return False
    return True


def _box(head: bytes, left: int) -> tuple[int, bytes]:
    """Returns size and type of the box that begins with ``head``; size 0: no box."""
    if len(head) < 8:
        return 0, b""
    size, kind = struct.unpack(">I4s", head[:8])
    if not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
        return 0, b""
    if size == 0:  # "to the end of the file"
        return left, kind
    if size == 1:
        size = struct.unpack(">Q", head[8:16])[0] if len(head) == 16 else 0
        return (size, kind) if size >= 16 else (0, b"")
    return (size, kind) if size >= 8 else (0, b"")


def _padding(file: BinaryIO, at: int, end: int) -> bool:
    """Returns whether only zeros follow, at most 64 KiB: some muxers leave them, and they are harmless."""
    file.seek(at)
    return end - at <= 1 << 16 and not any(file.read(end - at))
