"""Writes a poster and tells its average colour. PURE but for writing the file."""

import io

from PIL import Image

_QUALITY = 82
_DEEP = 0.45  # how much light stays: white text is readable on the result


def save_poster(picture: Image.Image, path: str) -> dict[str, str | int]:
    """Saves a picture as a progressive JPEG without metadata; returns its size and colour."""
    picture = picture.convert("RGB")
    save_whole(picture, path, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return {"poster_width": picture.width, "poster_height": picture.height, "color": dark_color(picture)}


def save_whole(picture: Image.Image, path: str, kind: str, **options: object) -> None:
    """Saves a picture. Raises OSError where not all of it could be written (Pillow itself does not
    when the disk becomes full after the first bytes)."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    with open(path, "wb") as file:
        file.write(out.getbuffer())


def dark_color(picture: Image.Image) -> str:
    """Returns the average colour, darkened, as ``#rrggbb``: letterbox bars and placeholders have it."""
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()[:3]
    return f"#{int(red * _DEEP):02x}{int(green * _DEEP):02x}{int(blue * _DEEP):02x}"
