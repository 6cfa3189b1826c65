"""Converts a picture of any mode and colour space to sRGB. PURE."""

import io

from PIL import Image, ImageCms

from videos.media.segments import PROFILE_BYTES

_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # of ICC profiles, as Pillow calls them


def to_srgb(picture: Image.Image) -> Image.Image:
    """Returns the picture in sRGB: as RGB, or as RGBA where some pixel is really transparent."""
    profile = picture.info.get("icc_profile") or b""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    alpha = None
    if picture.has_transparency_data:
        alpha = picture.convert("RGBA").getchannel("A")
        if alpha.getextrema()[0] == 255:
            alpha = None
    picture = _in_srgb(_without_alpha(picture), profile)
    if alpha is not None:
        picture.putalpha(alpha)
    return picture


def _without_alpha(picture: Image.Image) -> Image.Image:
    """Returns the picture as L, RGB or CMYK."""
    if picture.mode in ("L", "RGB", "CMYK"):
        return picture
    if picture.mode in ("1", "LA", "La"):
        return picture.convert("L")
    return (picture.convert("RGBA") if picture.mode in ("P", "PA") else picture).convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Converts the colours by the picture's profile, which is dropped afterwards. Phones and printers
    save in other colour spaces; without its profile such a picture would look dull."""
    if 0 < len(profile) <= PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = _MODES.get(source.profile.xcolor_space.strip(), "")
            if space == "RGB" and picture.mode == "L":  # a grey picture under its program's profile
                picture = picture.convert("RGB")
            if space == picture.mode:
                return ImageCms.profileToProfile(
                    picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile: its colours are as good as sRGB
    return picture.convert("RGB")
