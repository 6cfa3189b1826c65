"""Saves the frame of a film that a player shows at a given time. Only probe_child runs this."""

from typing import Any

from av.error import FFmpegError

from videos.media.poster import save_whole
from videos.media.probe_film import find_excess, open_film, picture_track, render_frame, shown_size

_TOLERANCE = 0.0005  # seconds: players tell the time in whole milliseconds or less


def look(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with open_film(path, limits) as film:
            if bad := find_excess(film, limits):
                return bad
            stream = picture_track(film)
            frame = _at(film, stream, limits["at"])
            if frame is None:
                return {"bad": "no_frame"}
            width, height = shown_size(stream, frame)
            if max(width, height) > limits["side"] or width * height > limits["pixels"]:
                return {"bad": "size"}
            shown = render_frame(frame, width, height, limits | {"poster_width": width})
            save_whole(shown, out, "PNG", compress_level=1)
            return {"width": width, "height": height}
    except FFmpegError:
        return {"bad": "undecodable"}


def _at(film: Any, stream: Any, seconds: float) -> Any:
    """Returns the last frame that begins no later than ``seconds``, from the nearest key frame on."""
    start = float((stream.start_time or 0) * stream.time_base)
    film.seek(int((start + seconds) / stream.time_base), stream=stream)
    found = None
    try:
        for frame in film.decode(stream):
            if frame.time is not None and found is not None and frame.time > start + seconds + _TOLERANCE:
                break
            found = frame
    except FFmpegError:  # a damaged later frame does not take the good ones away
        return found
    return found
