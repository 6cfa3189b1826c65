"""The tracks of a film in a container of our making. Only probe_child runs this."""

from typing import Any

import av
from av.error import FFmpegError

from videos.media.probe_film import opened, unbelievable

_SOUNDS = ("aac", "mp3", "ac3", "eac3", "opus", "flac")  # what MP4 has a place for


def look(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with opened(path, limits) as film:
            if reason := unbelievable(film, limits):
                return {"bad": reason}
            return _copy(film, out)
    except FFmpegError:
        return {"bad": "undecodable"}


def _copy(film: Any, out: str) -> dict[str, Any]:
    sound = film.streams.audio[0] if film.streams.audio else None
    muted = sound is not None and not _readable(sound)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}  # the same film has the same bytes
    with av.open(out, "w", format="mp4", options=options) as kept:
        copies = {
            stream: kept.add_stream_from_template(stream)
            for stream in (film.streams.video[0], None if muted else sound)
            if stream is not None
        }
        for source, copy in copies.items():
            copy.metadata.clear()
            if source.type == "video" and source.codec_context.codec.canonical_name == "hevc":
                copy.codec_context.codec_tag = "hvc1"  # the name that players know it by
        for packet in film.demux(list(copies)):
            if packet.dts is not None:
                packet.stream = copies[packet.stream]
                kept.mux(packet)
    return {"muted": muted}


def _readable(sound: Any) -> bool:
    context = sound.codec_context
    return context is not None and context.codec.canonical_name in _SOUNDS
