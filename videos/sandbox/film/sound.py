"""A soft chord over wind: the sound of a rehearsal.

A bed of 16 s per mood is synthesised once by libavfilter and encoded to AAC;
films copy its packets.
"""

import os
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
from av.filter import Graph
from av.filter.context import FilterContext

RATE = 24_000  # nothing in it sounds above 1 kHz
SECONDS = 16
CHORDS = (
    (110.0, 164.81, 220.0, 277.18, 329.63),
    (98.0, 146.83, 196.0, 246.94, 293.66),
    (130.81, 196.0, 261.63, 311.13, 392.0),
    (87.31, 130.81, 174.61, 220.0, 329.63),
)


class Bed:
    """An open sound bed. ``stream`` is what a container takes as a template."""

    def __init__(self, prompt: str, folder: Path):
        mood = sum(prompt.encode()) % len(CHORDS)
        path = bed(mood, folder)
        if not path.exists():
            synthesise(CHORDS[mood], path)
        self.container = av.open(str(path))
        self.stream = self.container.streams.audio[0]

    def copy(self, target, track, seconds: float) -> None:  # noqa: ANN001
        """Copies packets until the film ends; the sound never outlasts the picture."""
        end = int(seconds * RATE)
        for packet in self.container.demux(self.stream):
            if packet.pts is not None and packet.pts * packet.time_base * RATE + 1024 <= end:
                packet.stream = track
                target.mux(packet)
        self.container.close()


def bed(mood: int, folder: Path) -> Path:
    """Where the sound of ``CHORDS[mood]`` is kept."""
    return folder / f"bed-{mood}.m4a"


def synthesise(chord: tuple[float, ...], path: Path) -> None:
    """Sines that swell, each on its own clock and in its own place between the speakers, over low wind."""
    graph = Graph()
    mixer = graph.add("amix", f"inputs={len(chord) + 1}:normalize=0:duration=shortest")
    for index, note in enumerate(chord):
        left = 0.5 + 0.22 * (-1) ** index
        _chain(
            graph.add("sine", f"frequency={note}:sample_rate={RATE}:duration={SECONDS}"),
            graph.add("tremolo", f"f={0.11 + index * 0.037:.3f}:d=0.75"),
            graph.add("aformat", "sample_fmts=flt"),
            graph.add("volume", f"{1.1 / (1 + index * 0.5):.3f}"),
            graph.add("pan", f"stereo|c0={left:.2f}*c0|c1={1 - left:.2f}*c0"),
            into=(mixer, index),
        )
    _chain(
        graph.add("anoisesrc", f"color=brown:amplitude=0.09:r={RATE}:d={SECONDS}:seed=7"),
        graph.add("lowpass", "f=520"),
        graph.add("aformat", "sample_fmts=flt:channel_layouts=stereo"),
        into=(mixer, len(chord)),
    )
    fade, shape, sink = (
        graph.add("afade", "d=0.8"),
        graph.add("aformat", "sample_fmts=fltp"),
        graph.add("abuffersink"),
    )
    _chain(mixer, fade, shape, into=(sink, 0))
    graph.configure()
    part = path.with_suffix(".part.m4a")
    with av.open(str(part), "w") as container:
        track = container.add_stream(
            "aac", rate=RATE, layout="stereo", bit_rate=112_000, options={"aac_coder": "fast"}
        )
        fifo = av.AudioFifo()
        while True:
            try:
                fifo.write(sink.pull())
            except (av.EOFError, StopIteration):
                break
            while (frame := fifo.read(1024)) is not None:
                frame.time_base = Fraction(1, RATE)
                container.mux(track.encode(frame))
        container.mux(track.encode(None))
    os.replace(part, path)


def _chain(*filters: FilterContext, into: tuple[FilterContext, int]) -> None:
    """Links each filter to the next, and the last to one input of another."""
    for first, second in pairwise(filters):
        first.link_to(second)
    filters[-1].link_to(into[0], 0, into[1])
