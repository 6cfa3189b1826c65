"""Makes uploaded films and pictures into files that the rest of the studio reads, by the same
limited child that probes films (videos/media/probe_child.py). The parsers behind these formats
are large: they open no untrusted file in this process."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from videos.media.child import BadMedia, ask
from videos.media.probe import Limits
from videos.media.shape import check_video

# For a film that has to be encoded again: 15 s of 4K in ten bits took 70 s and 1.3 GB on one core.
_CUTTING = {"cpu": 100, "wall": 120, "memory": 3 << 29}
# A lossless picture of 40 megapixels is larger than a poster.
_ROOM = replace(Limits(), poster_bytes=200 << 20)
LONGEST = 100_000  # pixels a side: a picture of 40 megapixels may be long, and is then refused for its shape


def rewrap(path: Path, out: Path, *, most_bytes: int, longest: float) -> tuple[str, ...]:
    """Copies the first picture track of an MP4 or MOV, and its sound, into a new MP4:
    nothing is encoded again, and no position, date, second format or byte behind the film comes
    along. Where an edit list hides a part of it, what is shown is encoded, if it is no longer than
    ``longest`` seconds. Returns what was done to it: ``cut``, where something was hidden, and ``muted``, where
    it had a sound that MP4 players do not read, which is left out. Raises BadMedia."""
    if (reason := check_video(path)) and reason != "trailing":
        raise BadMedia(reason)
    limits = replace(Limits(), poster_bytes=most_bytes + (1 << 20), **_CUTTING)
    said = _ask("rewrap", path, out, limits, longest=longest)
    return tuple(note for note in ("cut", "muted") if said[note])


def frame_at(path: Path, seconds: float, out: Path) -> None:
    """Saves the frame that a player shows at ``seconds`` as a PNG of its full size; past the
    end, the last one. Raises BadMedia."""
    if reason := check_video(path):
        raise BadMedia(reason)
    _ask("frame", path, out, _ROOM, at=max(0.0, seconds))


def picture(path: Path, out: Path, wish: Mapping[str, object]) -> dict[str, object]:
    """Re-encodes an uploaded picture into ``out``, upright and without metadata. Returns its
    ``media_type width height notes``, or ``refused`` and ``values`` where it is none that vendors
    take (``wish``, as videos/media/clean_picture.py reads it). Raises BadMedia: ``not_picture``,
    ``pixels``, ``truncated``, ``too_costly``."""
    limits = replace(_ROOM, side=LONGEST)
    return _ask("picture", path, out, limits, wish=dict(wish))


def _ask(kind: str, path: Path, out: Path, limits: Limits, **more: object) -> dict[str, object]:
    return ask({
        "path": str(path.resolve()),
        "kind": kind,
        "poster": str(out.resolve()),
        "limits": asdict(limits) | more,
    }, limits.wall)  # fmt: skip
