"""Reads a film's facts and makes its poster. Only probe_child runs this.

The file is opened once, because opening is the costly half: it decodes the same first frames
that the poster needs (32 of 66 ms for a 1080p clip).
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Disposition
from PIL import Image

from videos.media.poster import save_poster

# Only what vendors deliver and phones record. FFmpeg asks the list of names while it opens a file; PyAV opens a
# decoder of its own for frames, which asks nobody, so that ``find_excess`` looks at the codec before that.
_CODECS = "h264,hevc,av1,libdav1d,vp9,libvpx-vp9,mpeg4,aac,mp3,mp3float,opus,libopus,ac3,eac3,flac"
PICTURES = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
SOUNDS = frozenset({"aac", "mp3", "opus", "ac3", "eac3", "flac"})  # what MP4 has a place for
_DARK = 24  # of 255: below this a frame is a fade-in rather than a picture
_LOOK_AHEAD = 24  # frames, and at most the first second


def look(path: str, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with open_film(path, limits) as film:
            return _look(film, poster, limits)
    except FFmpegError:
        return {"bad": "undecodable"}


def open_film(path: str, limits: dict[str, Any], **more: str) -> Any:
    """Opens the file as MP4 or MOV and nothing else, without following references to other files. ``more``: options of the reader."""
    options = {
        "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2",
        "protocol_whitelist": "file",
        "codec_whitelist": _CODECS,
        "max_streams": str(limits["tracks"] + 1),
    }
    return av.open("file:" + path, format="mp4", options=options | more, metadata_errors="replace")


def _look(film: Any, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    if bad := find_excess(film, limits):
        return bad
    stream = picture_track(film)
    frame = _first_light_frame(film, stream)
    if frame is None:
        return {"bad": "no_frame"}
    width, height = shown_size(stream, frame)
    if max(width, height) > limits["side"]:  # a frame may differ from what was announced
        return {"bad": "size"}
    sound = sound_track(film)
    facts = {
        "format": "mp4",
        "width": width,
        "height": height,
        "seconds": round(seconds(film, stream), 3),
        "fps": round(float(frame_rate(stream)), 3),
        "video_codec": codec_of(stream),
        "audio_codec": (codec_of(sound) or "unknown") if sound else "",
        "has_audio": sound is not None,
    }
    return facts | (save_poster(render_frame(frame, width, height, limits), poster) if poster else {})


def picture_track(film: Any) -> Any:
    """Returns the picture track that players show, ready to be decoded: not the cover that a tagger put before it, nor a
    thumbnail of one picture, nor a track that is switched off. None without any."""
    tracks = [one for one in film.streams.video if not one.disposition & Disposition.attached_pic]
    found = min(tracks, key=_track_rank, default=None)
    if found is not None and found.codec_context is not None:
        found.codec_context.thread_count = 1
        found.thread_type = "SLICE"
        found.codec_context.options = {"codec_whitelist": _CODECS}
    return found


def _track_rank(track: Any) -> tuple[bool, bool, bool, int]:
    off = not track.disposition & Disposition.default
    return track.frames == 1, codec_of(track) not in PICTURES, off, track.index


def sound_track(film: Any) -> Any:
    """Returns the sound track that players play: one that can be read and is switched on, before any other."""

    def unlikely(track: Any) -> tuple[bool, bool, int]:
        return codec_of(track) not in SOUNDS, not track.disposition & Disposition.default, track.index

    return min(film.streams.audio, key=unlikely, default=None)


def codec_of(stream: Any) -> str:
    """``h264``, ``aac``, ...; "" where FFmpeg does not know it."""
    return stream.codec_context.codec.canonical_name if stream.codec_context is not None else ""


def frame_rate(stream: Any) -> Fraction:
    """Returns pictures a second."""
    return stream.average_rate or stream.guessed_rate or Fraction(0)


def find_excess(film: Any, limits: dict[str, Any]) -> dict[str, Any]:
    """Returns ``{"bad": reason, "value": what was found}`` where the film is over a limit, decided before
    a decoder is opened; {} when it is not."""
    if len(film.streams) > limits["tracks"]:
        return {"bad": "tracks"}
    stream = picture_track(film)
    if stream is None:
        return {"bad": "not_video"}
    if codec_of(stream) not in PICTURES:
        return {"bad": "codec", "value": codec_of(stream)}
    width, height = stream.codec_context.width, stream.codec_context.height
    if (
        not 16 <= min(width, height)
        or max(width, height) > limits["side"]
        or width * height > limits["pixels"]
    ):
        return {"bad": "size", "value": f"{width} × {height}"}
    if not limits["fps_least"] <= frame_rate(stream) <= limits["fps"]:
        return {"bad": "fps", "value": round(float(frame_rate(stream)), 2)}
    if not 0 < seconds(film, stream) <= limits["seconds"]:
        return {"bad": "seconds", "value": round(seconds(film, stream), 1)}
    return {}


def seconds(film: Any, stream: Any) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (film.duration or 0) / av.time_base


def _first_light_frame(film: Any, stream: Any) -> Any:
    """Returns the first frame that is not near black, within the first second; the
    lightest of them when all are dark. None when nothing decodes."""
    best, light = None, -1.0
    for frame in _first_second(film, stream):
        now = _lightness(frame)
        if now > light:
            best, light = frame, now
        if now >= _DARK:
            break
    return best


def _first_second(film: Any, stream: Any) -> Iterator[Any]:
    try:
        for n, frame in enumerate(film.decode(stream)):
            if n >= _LOOK_AHEAD or (n and (frame.time or 0) > 1):
                return
            yield frame
    except FFmpegError:  # a damaged later frame does not take the good ones away
        return


def _lightness(frame: Any) -> float:
    tiny = frame.to_image(width=32, height=32, interpolation="AREA").convert("L")
    return sum(tiny.tobytes()) / 1024


def shown_size(stream: Any, frame: Any) -> tuple[int, int]:
    """Returns width and height as a player shows them: square, and turned the right way up."""
    pixel = Fraction(stream.codec_context.sample_aspect_ratio or 1)
    width = round(frame.width * pixel) if 0 < pixel <= 16 else frame.width
    return (frame.height, width) if frame.rotation % 180 else (width, frame.height)


def render_frame(frame: Any, width: int, height: int, limits: dict[str, Any]) -> Image.Image:
    """Returns the frame as shown, already scaled down (the scaler is far cheaper than
    Pillow on a full frame)."""
    wide = min(limits["poster_width"], width)
    tall = max(1, round(height * wide / width))
    turned = frame.rotation % 180
    raw_width, raw_height = (tall, wide) if turned else (wide, tall)
    picture = frame.to_image(width=raw_width, height=raw_height, interpolation="AREA")
    # rotation is counter-clockwise degrees, as is Pillow's.
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
