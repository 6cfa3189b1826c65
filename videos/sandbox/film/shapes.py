"""How many pixels a film or a still has.

Sizes are those of the upstream Seedance 1.0 models (Volcengine Ark): 480p is
864x480, 720p 1248x704 there and 1280x720 in 1.5 and 2.0, 1080p 1920x1080. Where
only the area of a class is known, a ratio is given that area, in steps of 16.
"""

from fractions import Fraction

KNOWN = {
    "480p": {"16:9": (864, 480), "4:3": (736, 544), "1:1": (640, 640), "21:9": (960, 416)},
    "720p": {"16:9": (1280, 720), "4:3": (1120, 832), "1:1": (960, 960), "21:9": (1504, 640)},
    "1080p": {"16:9": (1920, 1080), "4:3": (1664, 1248), "1:1": (1440, 1440), "21:9": (2176, 928)},
}
AREAS = {"480p": 864 * 480, "720p": 1280 * 720, "1080p": 1920 * 1080}
EDGES = {"1K": 1024, "2K": 2048, "4K": 3840}
WIDEST = Fraction(3)


def ratio(text: str) -> Fraction:
    """``"16:9"`` to 16/9."""
    width, height = text.split(":")
    return Fraction(int(width), int(height))


def by_area(shape: Fraction, area: int) -> tuple[int, int]:
    """A size in steps of 16 with about ``area`` pixels; shapes beyond 3:1 are held there."""
    shape = min(max(shape, 1 / WIDEST), WIDEST)
    return tuple(max(16, round((area * float(side)) ** 0.5 / 16) * 16) for side in (shape, 1 / shape))


def film_size(resolution: str, aspect: str) -> tuple[int, int]:
    """``("720p", "9:16")`` to ``(720, 1280)``."""
    turned = ":".join(reversed(aspect.split(":")))
    known = KNOWN[resolution]
    return known[aspect] if aspect in known else known[turned][::-1]


def adaptive_size(resolution: str, picture: tuple[int, int]) -> tuple[int, int]:
    """The film of a picture that keeps its shape."""
    return by_area(Fraction(*picture), AREAS[resolution])


def still_size(resolution: str, shape: Fraction) -> tuple[int, int]:
    """``("2K", 3/2)``: the longer side is 2048 pixels, the other follows in even pixels."""
    shape, edge = min(max(shape, 1 / WIDEST), WIDEST), EDGES[resolution]
    if shape >= 1:
        return edge, round(edge / shape / 2) * 2
    return round(edge * shape / 2) * 2, edge
