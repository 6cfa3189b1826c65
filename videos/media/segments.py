"""Removes metadata from a PNG or JPEG before it is decoded. PURE.

Cameras and programs write metadata of megabytes, with wrong pointers and checksums, for which a
decoder would refuse the picture. None of it is kept, so the decoder does not see it. The bytes are
read once; what does not look like the format is passed on unchanged, for the decoder to judge.
"""

import re
import struct
import zlib

_PNG_CRITICAL = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_PNG_LOOKS = {b"tRNS", b"sRGB", b"gAMA", b"cHRM"}  # change how the picture looks
PROFILE_BYTES = 4 << 20  # the largest printers' profiles have two megabytes; a larger one is noise


def png(raw: bytes) -> tuple[bytes, dict[str, bytes], bool]:
    """Returns the PNG, its EXIF and colour profile (under ``exif`` and ``icc_profile``), and whether it
    announces several frames."""
    kept, found, animated, at, cut = [raw[:8]], {}, False, 8, False
    while at + 8 <= len(raw) and not cut:
        size, kind = struct.unpack(">I4s", raw[at : at + 8])
        end = at + 12 + size
        cut = end > len(raw)
        if kind in _PNG_CRITICAL:
            kept.append(raw[at:end])
        elif not cut and _checked(raw, at, end):
            body = raw[at + 8 : end - 4]
            if kind in _PNG_LOOKS:
                kept.append(raw[at:end])
            elif kind == b"eXIf":
                found["exif"] = body
            elif kind == b"iCCP":
                found["icc_profile"] = _inflated(body)
            elif kind == b"acTL":
                animated = int.from_bytes(body[:4], "big") > 1
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept), found, animated


def jpeg(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Returns the JPEG without metadata before its first scan, and its EXIF (under ``exif``)."""
    kept, found, at = [raw[:2]], {}, 2
    while at + 4 <= len(raw) and raw[at] == 0xFF:
        marker = raw[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xDA:
            break
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        body = raw[at + 4 : end]
        if marker == 0xE1 and body.startswith(b"Exif\0"):
            found.setdefault("exif", body)
        elif not _is_note(marker, body):
            kept.append(raw[at:end])
        at = max(end, at + 4)
    return b"".join([*kept, raw[at:]]), found


def _is_note(marker: int, body: bytes) -> bool:
    """Returns whether a segment is a comment or an application's, without effect on how the picture looks."""
    if marker == 0xE0:
        return not (body.startswith(b"JFIF\0") and len(body) >= 14)
    if marker == 0xE2:
        return not (body.startswith(b"ICC_PROFILE\0") and len(body) > 14)
    if marker == 0xEE:
        return not (body.startswith(b"Adobe") and len(body) >= 12)
    return marker == 0xFE or 0xE0 <= marker <= 0xEF


def _checked(raw: bytes, at: int, end: int) -> bool:
    return zlib.crc32(memoryview(raw)[at + 4 : end - 4]) == int.from_bytes(raw[end - 4 : end], "big")


def _inflated(body: bytes) -> bytes:
    """Returns a PNG's colour profile, which is stored as a name of at most 79 bytes, a zero twice, and deflated bytes."""
    named = re.match(rb"[^\0]{0,79}\0\0", body)
    try:
        unpacker = zlib.decompressobj()
        profile = unpacker.decompress(body[named.end() :] if named else b"", PROFILE_BYTES)
    except zlib.error:
        return b""
    return b"" if unpacker.unconsumed_tail else profile
