"""A phone's HEIC: unpacked by the limited child, then cleaned as any picture."""

from dataclasses import replace
from pathlib import Path

from videos.media import rework
from videos.uploads.pictures import MAX_BYTES, MAX_PIXELS, BadPicture, Cleaned, made


def clean(path: Path, room: Path) -> Cleaned:
    """``room``: a file of ours that may be written over. Raises BadPicture."""
    if path.stat().st_size > MAX_BYTES:
        raise BadPicture("too_big", {"limit_mb": MAX_BYTES // 1_000_000})
    try:
        several = rework.unpack_heif(path, room)
    except rework.BadMedia as bad:
        if bad.reason == "pixels":
            raise BadPicture("too_many_pixels", {"limit_mp": MAX_PIXELS // 1_000_000}) from None
        raise BadPicture("not_a_picture") from None
    cleaned = made(room.read_bytes())
    return replace(cleaned, notes=("main_picture", *cleaned.notes)) if several else cleaned
