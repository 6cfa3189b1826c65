"""Copies the tracks of a film into a new MP4. Only probe_child runs this.

Nothing is encoded again, unless an edit list hides a part of the film (a phone's trim leaves everything in
the file and only says what to show): then exactly what is shown is encoded (videos/media/cut_film.py), because
a copy can only begin at a key frame, and would bring back what a person cut away."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import av
from av.error import FFmpegError

from videos.media.cut_film import cut
from videos.media.probe_film import (
    SOUNDS,
    codec_of,
    find_excess,
    open_film,
    picture_track,
    seconds,
    sound_track,
)

_PRIMING = 3  # packets of sound that its coder needs before the first one: never heard, and no trim


def look(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with open_film(path, limits) as film:
            if bad := find_excess(film, limits):
                return bad
            too_long = seconds(film, picture_track(film)) > limits["longest"]
        # What is too long is refused by its length afterwards, and is not encoded for that.
        if too_long or not _is_trimmed(path, limits):
            return _copy(path, out, limits)
        return cut(path, out, limits)
    except FFmpegError:
        return {"bad": "undecodable"}


def _is_trimmed(path: str, limits: dict[str, Any]) -> bool:
    """Returns whether an edit list hides pictures or sound that are in the file."""
    shown, hidden = _packets(path, limits)
    everything, _none = _packets(path, limits, ignore_editlist="1")
    return any(
        abs(everything[track] - shown[track]) > most or hidden[track] > most
        for track, most in (("video", 0), ("audio", _PRIMING))
    )


def _packets(path: str, limits: dict[str, Any], **options: str) -> tuple[Counter[str], Counter[str]]:
    """Returns how many packets of picture and of sound a player reads, and how many of those it does not show."""
    read, hidden = Counter(), Counter()
    with open_film(path, limits, **options) as film:
        for packet in film.demux(
            [track for track in (picture_track(film), sound_track(film)) if track is not None]
        ):
            if packet.dts is not None:
                read[packet.stream.type] += 1
                hidden[packet.stream.type] += packet.is_discard
    return read, hidden


def _copy(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}  # the same film has the same bytes
    with open_film(path, limits) as film, av.open(out, "w", format="mp4", options=options) as kept:
        sound = sound_track(film)
        muted = sound is not None and codec_of(sound) not in SOUNDS
        copies = {}
        for source in (picture_track(film), None if muted else sound):
            if source is not None:
                # opaque: as it is; without it PyAV asks the decoder to encode, and AV1's cannot.
                copies[source] = copy = kept.add_stream_from_template(source, opaque=True)
                copy.metadata.clear()
                if codec_of(source) == "hevc":
                    copy.codec_context.codec_tag = "hvc1"  # the name that players know it by
        for packet in _with_times(film.demux(list(copies))):
            packet.stream = copies[packet.stream]
            kept.mux(packet)
    return {"cut": False, "muted": muted}


def _with_times(packets: Iterator[Any]) -> Iterator[Any]:
    return (packet for packet in packets if packet.dts is not None)
