"""Guesses by its first bytes whether an uploaded file is a film or a picture, so that the right
check (films.py or pictures.py) gets it. Each of them checks for itself. PURE."""

from videos.media import formats
from videos.media.shape import QUICKTIME

# Films that are refused as films: Matroska and WebM, ASF (WMV), FLV, Ogg, MPEG, and AVI (below).
_OTHER_FILMS = (
    b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75", b"FLV\x01", b"OggS", b"\0\0\x01\xba", b"\0\0\x01\xb3",
)  # fmt: skip


def kind_from_head(head: bytes) -> str:
    """Returns ``film`` (MP4, MOV and the like, and what is a film in another format) or ``picture``
    (everything else). ``head``: the first ``formats.HEAD`` bytes."""
    if head.startswith(_OTHER_FILMS) or head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "film"
    if head[4:8] in QUICKTIME or formats.kind_of(head) == "iso":
        return "film"
    return "picture"
