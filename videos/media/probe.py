"""Finds out what a file really is, and makes its poster, in a child process with limits.

A vendor's "video" is untrusted input for a very large parser. So: the first
bytes and the box structure are read here, in Python; then a child without
Django, secrets or much memory opens it once, as MP4 and nothing else (a text
that names other files would otherwise be obeyed: an ``ffconcat`` playlist called
``.mp4`` decodes a frame of another team's video), and answers in JSON.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from videos.media.child import BadMedia, ask
from videos.media.formats import check_still
from videos.media.shape import check_video

__all__ = ["BadMedia", "Facts", "Limits", "probe"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of what is accepted as a clip, and of what the child may use up. The longest
    clip any vendor sells is 30 seconds, the largest 4K. Pictures a second: phones record up to
    960 in slow motion, and a recorder of a still screen writes one in many seconds."""

    tracks: int = 16
    fps: float = 1000.0
    fps_least: float = 0.05
    seconds: float = 900.0
    side: int = 8192
    pixels: int = 40_000_000
    memory: int = 1 << 30  # address space; a 4K clip takes a fifth of it, an 8K still a half
    cpu: int = 20
    wall: int = 40
    poster_bytes: int = 4 << 20
    poster_width: int = 640


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a file; ``asdict`` gives JSON values. ``width`` and ``height`` are as shown: after
    rotation and with square pixels. ``color`` is a dark ``#rrggbb`` of the
    poster, "" without one; stills have no seconds, fps or audio."""

    kind: str  # "video" or "still"
    format: str  # "mp4", or one of formats.PICTURES
    bytes: int
    width: int
    height: int
    seconds: float = 0.0
    fps: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    has_audio: bool = False
    poster_width: int = 0
    poster_height: int = 0
    color: str = ""


def probe(path: Path, kind: str, *, poster_path: Path | None = None, limits: Limits = Limits()) -> Facts:
    """Returns facts of a ``video`` (or of a ``still`` or ``last_frame``: a picture), and
    writes its poster as a JPEG to ``poster_path`` where one is asked for.

    Raises BadMedia: ``empty``, ``not_video``, ``not_picture``, ``truncated``,
    ``trailing``, ``tracks``, ``size``, ``fps``, ``seconds``, ``codec``,
    ``no_frame``, ``undecodable``, ``too_costly`` (the child hit a limit). Raises OSError
    for a fault of this machine.
    """
    kind = "video" if kind == "video" else "still"
    if reason := (check_video if kind == "video" else check_still)(path):
        raise BadMedia(reason)
    answer = ask({
        "path": str(path.resolve()),
        "kind": kind,
        "poster": str(poster_path.resolve()) if poster_path else "",
        "limits": asdict(limits),
    }, limits.wall)  # fmt: skip
    try:
        return Facts(kind=kind, bytes=path.stat().st_size, **answer)
    except TypeError:
        raise BadMedia("undecodable") from None
