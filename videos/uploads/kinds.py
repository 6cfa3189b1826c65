"""What a file seems to be, by its first 12 bytes: which of our doors it is shown to. Each door
looks again for itself. PURE."""

from videos.media.shape import QUICKTIME

# ISO/IEC 23008-12: brands of a still or a burst in HEVC, as phones save them.
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
# Films that are refused as films: Matroska and WebM, ASF (WMV), FLV, Ogg, MPEG, and AVI (below).
_OTHER_FILMS = (
    b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75", b"FLV\x01", b"OggS", b"\0\0\x01\xba", b"\0\0\x01\xb3",
)  # fmt: skip


def seems(head: bytes) -> str:
    """``heif``, ``film`` (MP4, MOV and their kin, and what is a film in another format) or ``picture``
    (everything else)."""
    if head.startswith(_OTHER_FILMS) or head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "film"
    if head[4:8] in QUICKTIME:
        return "film"
    if head[4:8] != b"ftyp" or head[8:12] in _AVIF:
        return "picture"
    return "heif" if head[8:12] in _HEIF else "film"
