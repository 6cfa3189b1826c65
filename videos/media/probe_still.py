"""Reads a picture's facts and makes its poster. Only probe_child runs this."""

from typing import Any

from PIL import Image

from videos.media.colours import to_srgb
from videos.media.open_picture import UnreadablePicture, open_picture
from videos.media.poster import save_poster


def look(path: str, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    with open(path, "rb") as file:
        raw = file.read()
    try:
        found = open_picture(raw, limits)
    except UnreadablePicture as no:
        return {"bad": "size" if no.reason == "pixels" else no.reason}
    shown = found.picture
    facts = {"format": found.kind, "width": shown.width, "height": shown.height}
    if not poster:
        return facts
    wide = min(limits["poster_width"], shown.width)
    small = to_srgb(shown).convert("RGBA")
    small = small.resize((wide, max(1, round(shown.height * wide / shown.width))), reducing_gap=2)
    page = Image.new("RGB", small.size, "white")
    page.paste(small, mask=small.getchannel("A"))
    return facts | save_poster(page, poster)
