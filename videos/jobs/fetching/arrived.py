"""Compares what arrived with what was asked. PURE."""

import math
from collections.abc import Mapping

from videos.media.probe import Facts

FORMATS = {
    "jpeg": (".jpg", "image/jpeg"),
    "png": (".png", "image/png"),
    "webp": (".webp", "image/webp"),
    "gif": (".gif", "image/gif"),
    "avif": (".avif", "image/avif"),
    "heic": (".heic", "image/heic"),
}
# Pixels in a picture of each class, whatever its shape: a square 720p is 960 x 960, and
# vendors deliver a few lines off (docs/vendors: 704 x 1248, 496 x 864).
PIXELS = {"480p": 854 * 480, "720p": 1280 * 720, "1080p": 1920 * 1080, "4k": 3840 * 2160}
LONG_SIDE = {"1K": 1024, "2K": 2048, "4K": 4096}
RATIO_OFF = 0.06  # the share by which an aspect ratio may be off
SECONDS_OFF = 0.6


def file_type(facts: Facts) -> tuple[str, str]:
    """The suffix and the media type by the file's content, never by what the vendor called it."""
    if facts.kind == "video":
        return ".mp4", "video/mp4"
    return FORMATS[facts.format]


def differences(asked: Mapping[str, object], facts: Facts) -> list[list[str]]:
    """``[name, asked, got]`` for each thing that is not as asked."""
    found = []
    if wrong := _resolution(str(asked.get("resolution", "")), facts):
        found.append(["resolution", str(asked["resolution"]), wrong])
    if wrong := _ratio(str(asked.get("aspect_ratio", "")), facts):
        found.append(["aspect_ratio", str(asked["aspect_ratio"]), wrong])
    seconds = float(asked.get("seconds") or 0)
    if asked.get("frames"):
        seconds = int(asked["frames"]) / 24
    if seconds > 0 and facts.seconds and abs(facts.seconds - seconds) > SECONDS_OFF:
        found.append(["seconds", f"{seconds:g}", f"{facts.seconds:.1f}"])
    if asked.get("audio") is True and facts.kind == "video" and not facts.has_audio:
        found.append(["audio", "on", "off"])
    return found


def _resolution(asked: str, facts: Facts) -> str:
    area = facts.width * facts.height
    if asked in PIXELS and area:
        got = min(PIXELS, key=lambda word: abs(math.log(area / PIXELS[word])))
        if got != asked:
            return got
        # Something smaller than the smallest class is nearest to it: judged by its area.
        return f"{facts.width}×{facts.height}" if area < PIXELS[asked] * 0.6 else ""
    if asked in LONG_SIDE and area < (LONG_SIDE[asked] * 0.6) ** 2:
        return f"{facts.width}×{facts.height}"
    return ""


def _ratio(asked: str, facts: Facts) -> str:
    left, _colon, right = asked.partition(":")
    if not (left.isdigit() and right.isdigit() and facts.height):
        return ""
    got, want = facts.width / facts.height, int(left) / int(right)
    return "" if abs(got / want - 1) <= RATIO_OFF else f"{facts.width}×{facts.height}"
