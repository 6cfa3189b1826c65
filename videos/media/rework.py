"""What people bring, made into files that the rest of the studio reads, by the same limited
child that looks at films (videos/media/probe_child.py). The parsers behind these formats
are large: nothing of a stranger's is opened by them in this process."""

from dataclasses import asdict, replace
from pathlib import Path

from videos.media.child import BadMedia, ask
from videos.media.probe import Limits
from videos.media.shape import check_video

# A lossless picture of 40 megapixels is larger than a poster.
# For a film that has to be encoded again: 15 s of 4K in ten bits took 70 s and 1.3 GB on one core.
_CUTTING = {"cpu": 100, "wall": 120, "memory": 3 << 29}
_ROOM = replace(Limits(), poster_bytes=200 << 20)


def rewrap(path: Path, out: Path, *, most_bytes: int, longest: float) -> bool:
    """The first picture track of an MP4 or MOV, and its sound, in an MP4 of our making:
    nothing is encoded again, and no position, date, second format or byte behind the film comes
    along. Where an edit list hides a part of it, what is shown is encoded, if it is no longer than
    ``longest`` seconds. True if it had a sound that MP4 players do not read, which is left out. Raises
    BadMedia."""
    if (reason := check_video(path)) and reason != "trailing":
        raise BadMedia(reason)
    limits = replace(Limits(), poster_bytes=most_bytes + (1 << 20), **_CUTTING)
    return bool(_ask("rewrap", path, out, limits, longest=longest)["muted"])


def frame_at(path: Path, seconds: float, out: Path) -> None:
    """The frame that a player shows at ``seconds``, as a PNG of its full size; past the
    end, the last one. Raises BadMedia."""
    if reason := check_video(path):
        raise BadMedia(reason)
    _ask("frame", path, out, _ROOM, at=max(0.0, seconds))


def unpack_heif(path: Path, out: Path) -> bool:
    """A phone's HEIC as a PNG, upright. True if it holds several pictures: it is the main
    one. Raises BadMedia (``pixels``: more than 40 million)."""
    return int(_ask("heif", path, out, _ROOM)["frames"]) > 1


def _ask(kind: str, path: Path, out: Path, limits: Limits, **more: float) -> dict[str, object]:
    return ask({
        "path": str(path.resolve()),
        "kind": kind,
        "poster": str(out.resolve()),
        "limits": asdict(limits) | more,
    }, limits.wall)  # fmt: skip
