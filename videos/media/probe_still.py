"""A picture's facts and small version. Only probe_child runs this."""

from typing import Any

from PIL import Image, ImageOps

from videos.media.poster import save_poster


def look(path: str, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    try:
        return _look(path, poster, limits)
    except Image.DecompressionBombError:
        return {"bad": "size"}


def _look(path: str, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
        kind = (picture.format or "").lower()
        if max(picture.size) > limits["side"] or picture.width * picture.height > limits["pixels"]:
            return {"bad": "size"}
        picture.load()  # to the last byte: a picture cut short raises here
        shown = ImageOps.exif_transpose(picture)
    facts = {"format": kind, "width": shown.width, "height": shown.height}
    if not poster:
        return facts
    wide = min(limits["poster_width"], shown.width)
    small = shown.convert("RGBA").resize(
        (wide, max(1, round(shown.height * wide / shown.width))), reducing_gap=2
    )
    page = Image.new("RGB", small.size, "white")
    page.paste(small, mask=small.getchannel("A"))
    return facts | save_poster(page, poster)
