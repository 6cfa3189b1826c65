"""Encodes exactly what a player shows of a film into a new one. Only probe_child runs this.

Picture and sound are decoded, which leaves out what the edit list hides, and encoded again: what was cut away is
not in the new file, and the sound ends with the picture."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.filter import Graph
from av.video.frame import PictureType

from videos.media.probe_film import SOUNDS, codec_of, frame_rate, open_film, picture_track, sound_track

_QUALITY = "17"  # constant rate factor: no loss that anybody sees, with either coder
_LEAST_RATE = 1_000_000  # bits a second
_PICTURE_SHARE = 0.85  # of the bytes that may be used; the sound has the rest
# One thread each, so that the same film has the same bytes and the child's memory is enough; no picture waits
# for a later one, so that the first is shown at zero without an edit list.
_X264 = {"preset": "veryfast", "crf": _QUALITY, "bf": "0", "threads": "1"}
_X265 = {
    "preset": "ultrafast",
    "crf": _QUALITY,
    "x265-params": "bframes=0:pools=none:frame-threads=1:wpp=0:log-level=none:info=0",
}
_COLOURS = ("color_range", "color_primaries", "color_trc", "colorspace")
_INTERLACED = (2, 3, 4, 5)  # AVFieldOrder: TT, BB, TB, BT


def cut(path: str, out: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Writes the film to ``out``. ``{"cut": True, "muted": whether it had a sound that cannot come along}``,
    or ``{"bad": "no_frame"}`` where nothing is shown."""
    ends, size = _shown(path, limits)
    if not ends:
        return {"bad": "no_frame"}
    most_rate = limits["poster_bytes"] * 8 * _PICTURE_SHARE / float(ends)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with open_film(path, limits) as film, av.open(out, "w", format="mp4", options=options) as kept:
        track, sound = picture_track(film), sound_track(film)
        muted = sound is not None and codec_of(sound) not in SOUNDS
        bits = int(max(_LEAST_RATE, min(2 * size * 8 / float(ends), most_rate)))
        coders: dict[Any, _Coder] = {track: _Pictures(track, kept, bits)}
        if sound is not None and not muted:
            coders[sound] = _Sound(sound, kept, ends)
        for packet in film.demux(list(coders)):
            for frame in packet.decode():
                coders[packet.stream].take(frame)
        for coder in coders.values():
            coder.finish()
    return {"cut": True, "muted": muted}


def _shown(path: str, limits: dict[str, Any]) -> tuple[Fraction, int]:
    """Returns when the last picture that is shown ends, in seconds, and how many bytes the pictures have."""
    ends, size = Fraction(0), 0
    with open_film(path, limits) as film:
        track = picture_track(film)
        for packet in film.demux(track):
            if packet.pts is not None and not packet.is_discard:
                ends = max(ends, (packet.pts + (packet.duration or 0)) * packet.time_base)
                size += packet.size
    return ends, size


class _Coder:
    """Encodes one track: frames go through a chain of filters into an encoder, its packets into the film."""

    def __init__(self, graph: Graph, copy: Any, kept: Any) -> None:
        self.graph, self.copy, self.kept = graph, copy, kept

    def take(self, frame: Any) -> None:
        self.graph.push(frame)
        self._encode()

    def plain(self, frame: Any) -> None:
        """Removes from ``frame`` what must not influence the encoder."""

    def finish(self) -> None:
        self.graph.push(None)
        self._encode()
        self.kept.mux(self.copy.encode(None))

    def _encode(self) -> None:
        for frame in _pulled(self.graph):
            self.plain(frame)
            self.kept.mux(self.copy.encode(frame))


def _pulled(graph: Graph) -> Iterator[Any]:
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


class _Pictures(_Coder):
    """Encodes the picture track; rotation and colours of the first picture are used for all."""

    def __init__(self, track: Any, kept: Any, bits: int) -> None:
        context = track.codec_context
        deep = context.format is not None and context.format.components[0].bits > 8
        name, pixels, options = ("libx265", "yuv420p10le", _X265) if deep else ("libx264", "yuv420p", _X264)
        copy = kept.add_stream(name, rate=frame_rate(track), options=options | _rate_limit(bits, deep=deep))
        copy.width, copy.height, copy.pix_fmt = context.width // 2 * 2, context.height // 2 * 2, pixels
        copy.codec_context.time_base = track.time_base
        if context.sample_aspect_ratio:
            copy.codec_context.sample_aspect_ratio = context.sample_aspect_ratio
        for name in _COLOURS:
            setattr(copy.codec_context, name, getattr(context, name))
        if deep:
            copy.codec_context.codec_tag = "hvc1"  # the name that players know it by
        graph, chain = Graph(), []
        chain.append(graph.add_buffer(template=track, time_base=track.time_base))
        if context.field_order in _INTERLACED:
            chain.append(graph.add("bwdif", "mode=send_frame"))
        chain.append(graph.add("crop", f"{copy.width}:{copy.height}:0:0"))  # the coders want even sides
        chain.append(graph.add("format", pixels))
        graph.link_nodes(*chain, graph.add("buffersink")).configure()
        super().__init__(graph, copy, kept)
        self.begun = False

    def take(self, frame: Any) -> None:
        if not self.begun:
            self.begun = True
            if (turn := frame.side_data.get("DISPLAYMATRIX")) is not None:
                self.copy.set_display_matrix(struct.unpack("=9i", bytes(turn)))
        super().take(frame)

    def plain(self, frame: Any) -> None:
        frame.pict_type = PictureType.NONE  # the encoder chooses key frames of its own


def _rate_limit(bits: int, *, deep: bool) -> dict[str, str]:
    """Returns the encoder options that limit each second to ``bits``, so that the film does not get too big."""
    if deep:
        held = f":vbv-maxrate={bits // 1000}:vbv-bufsize={bits // 500}"
        return {"x265-params": _X265["x265-params"] + held}
    return {"maxrate": str(bits), "bufsize": str(2 * bits)}


class _Sound(_Coder):
    def __init__(self, track: Any, kept: Any, ends: Fraction) -> None:
        context = track.codec_context
        copy = kept.add_stream("aac", rate=context.sample_rate, layout=context.layout)
        graph = Graph()
        chain = [
            graph.add_abuffer(template=track, time_base=track.time_base),
            # Where two pieces meet, the reader gives a little of what lies before the second one.
            graph.add("aresample", "async=1:min_hard_comp=0.001"),
            graph.add("atrim", f"start=0:end={float(ends):.6f}"),
            graph.add("aformat", f"sample_fmts=fltp:channel_layouts={context.layout.name}"),
            graph.add("asetnsamples", "n=1024:p=0"),  # as many as AAC takes at once
            graph.add("abuffersink"),
        ]
        graph.link_nodes(*chain).configure()
        super().__init__(graph, copy, kept)
