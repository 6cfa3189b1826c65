"""A film's facts and poster in one open. Only probe_child runs this.

One open, because opening is the costly half: it decodes the same first frames
that the poster needs (32 of 66 ms for a 1080p clip).
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.error import FFmpegError
from PIL import Image

from videos.media.poster import save_poster

# Only what vendors deliver: every decoder left out is one that no file can reach.
_CODECS = "h264,hevc,av1,libdav1d,vp9,libvpx-vp9,mpeg4,aac,mp3,mp3float,opus,libopus,ac3,eac3,flac"
_DARK = 24  # of 255: below this a frame is a fade-in rather than a picture
_LOOK_AHEAD = 24  # frames, and at most the first second


def look(path: str, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with opened(path, limits) as film:
            return _look(film, poster, limits)
    except FFmpegError:
        return {"bad": "undecodable"}


def opened(path: str, limits: dict[str, Any]) -> Any:
    """The file as MP4 or MOV and nothing else, reading no other file."""
    options = {
        "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2",
        "protocol_whitelist": "file",
        "codec_whitelist": _CODECS,
        "max_streams": str(limits["tracks"] + 1),
    }
    return av.open("file:" + path, format="mp4", options=options, metadata_errors="replace")


def _look(film: Any, poster: str, limits: dict[str, Any]) -> dict[str, Any]:
    if reason := unbelievable(film, limits):
        return {"bad": reason}
    stream = film.streams.video[0]
    stream.codec_context.thread_count = 1
    stream.thread_type = "SLICE"
    frame = _good_frame(film, stream)
    if frame is None:
        return {"bad": "no_frame"}
    width, height = shown_size(stream, frame)
    if max(width, height) > limits["side"]:  # a frame may differ from what was announced
        return {"bad": "size"}
    sound = film.streams.audio[0] if film.streams.audio else None
    facts = {
        "format": "mp4",
        "width": width,
        "height": height,
        "seconds": round(_seconds(film, stream), 3),
        "fps": round(float(stream.average_rate), 3),
        "video_codec": stream.codec_context.codec.canonical_name,
        "audio_codec": sound.codec_context.codec.canonical_name if sound else "",
        "has_audio": sound is not None,
    }
    return facts | (save_poster(picture(frame, width, height, limits), poster) if poster else {})


def unbelievable(film: Any, limits: dict[str, Any]) -> str:
    """A reason, decided before anything more is decoded; "" when all is well."""
    if len(film.streams) > limits["tracks"]:
        return "tracks"
    if not film.streams.video:
        return "not_video"
    stream = film.streams.video[0]
    context = stream.codec_context
    if context is None:
        return "codec"
    if not 16 <= min(context.width, context.height) or max(context.width, context.height) > limits["side"]:
        return "size"
    if context.width * context.height > limits["pixels"]:
        return "size"
    if not 1 <= (stream.average_rate or 0) <= limits["fps"]:
        return "fps"
    if not 0 < _seconds(film, stream) <= limits["seconds"]:
        return "seconds"
    return ""


def _seconds(film: Any, stream: Any) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (film.duration or 0) / av.time_base


def _good_frame(film: Any, stream: Any) -> Any:
    """The first frame that is not near black, within the first second; the
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
    """Pixels as a player shows them: square, and turned the right way up."""
    pixel = Fraction(stream.codec_context.sample_aspect_ratio or 1)
    width = round(frame.width * pixel) if 0 < pixel <= 16 else frame.width
    return (frame.height, width) if frame.rotation % 180 else (width, frame.height)


def picture(frame: Any, width: int, height: int, limits: dict[str, Any]) -> Image.Image:
    """The frame as shown, already scaled down (the scaler is far cheaper than
    Pillow on a full frame)."""
    wide = min(limits["poster_width"], width)
    tall = max(1, round(height * wide / width))
    turned = frame.rotation % 180
    raw_width, raw_height = (tall, wide) if turned else (wide, tall)
    picture = frame.to_image(width=raw_width, height=raw_height, interpolation="AREA")
    # rotation is counter-clockwise degrees, as is Pillow's.
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
