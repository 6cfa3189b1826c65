"""A HEIC as a PNG. Only probe_child runs this: libheif never runs where secrets are, and
is registered with nobody, so that no other picture is ever read by it."""

from typing import Any

from PIL import ImageOps
from pillow_heif import HeifImageFile


def look(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    with HeifImageFile(path) as picture:
        if max(picture.size) > limits["side"] or picture.width * picture.height > limits["pixels"]:
            return {"bad": "pixels"}
        frames, profile = picture.n_frames, picture.info.get("icc_profile")
        picture.load()
        shown = ImageOps.exif_transpose(picture)
        if shown.width * shown.height > limits["pixels"]:  # it may differ from what was announced
            return {"bad": "pixels"}
        shown.info.clear()
        shown.save(out, "PNG", compress_level=1, icc_profile=profile)
    return {"frames": frames}
