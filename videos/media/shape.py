"""The first look at a file, by its own bytes. PURE but for reading the file.

Cheap, before any parser: the magic bytes, and for an MP4 the chain of top-level
boxes, which must cover the file exactly. A chain that runs past the end is a
film cut short; something after it is another format riding along.
"""

import struct
from pathlib import Path
from typing import BinaryIO

_BOXES = 100_000  # a fragmented film of an hour has some thousands
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


def check_video(path: Path) -> str | None:
    """Why this is no whole MP4 (ISO/IEC 14496-12, section 4.2), or None."""
    end = path.stat().st_size
    with open(path, "rb") as file:
        if not end:
            return "empty"
        if file.read(12)[4:8] != b"ftyp":
            return "not_video"
        at, seen = 0, set()
        for _ in range(_BOXES):
            if at == end:
                return None if b"moov" in seen else "truncated"
            file.seek(at)
            size, kind = _box(file.read(16), end - at)
            if size == 0:
                return None if b"moov" in seen and _padding(file, at, end) else "trailing"
            if size > end - at:
                return "truncated"
            seen.add(kind)
            at += size
    return "trailing"


def picture_format(head: bytes) -> str:
    """``png``, ``jpeg``, ``webp`` or "" by the first 12 bytes."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in _PICTURES if head.startswith(magic)), "")


def check_still(path: Path) -> str | None:
    with open(path, "rb") as file:
        head = file.read(12)
    if not head:
        return "empty"
    return None if picture_format(head) else "not_picture"


def _box(head: bytes, left: int) -> tuple[int, bytes]:
    """Size and type of the box that begins with ``head``; size 0: no box."""
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
    """Zeros up to a block's end are harmless, and some muxers leave them."""
    file.seek(at)
    return end - at <= 1 << 16 and not any(file.read(end - at))
