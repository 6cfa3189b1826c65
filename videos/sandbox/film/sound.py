"""A soft chord over wind: the sound of a rehearsal.

A bed of 16 s per mood is synthesised once by libavfilter and encoded to AAC;
films copy its packets.
"""

import os
from fractions import Fraction
from pathlib import Path

import av
from av.filter import Graph

RATE = 48_000
SECONDS = 16
CHORDS = (
    (110.0, 164.81, 220.0, 277.18, 329.63),
    (98.0, 146.83, 196.0, 246.94, 293.66),
    (130.81, 196.0, 261.63, 311.13, 392.0),
    (87.31, 130.81, 174.61, 220.0, 329.63),
)


def expression(chord: tuple[float, ...], side: int) -> str:
    """Each voice swells on its own clock, a little differently left and right."""
    voices = [
        f"{0.075 / (1 + index * 0.45):.4f}*sin({note * 6.283185:.3f}*t)"
        f"*(0.6+0.4*sin({0.39 + index * 0.13 + side * 0.05:.3f}*t+{index * 1.7 + side:.2f}))"
        for index, note in enumerate(chord)
    ]
    return f"min(1\\,t/0.8)*({'+'.join(voices)})"


class Bed:
    """An open sound bed. ``stream`` is what a container takes as a template."""

    def __init__(self, prompt: str, folder: Path):
        mood = sum(prompt.encode()) % len(CHORDS)
        path = folder / f"bed-{mood}.m4a"
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


def synthesise(chord: tuple[float, ...], path: Path) -> None:
    graph = Graph()
    tone = graph.add("aevalsrc", f"exprs={expression(chord, 0)}|{expression(chord, 1)}:s={RATE}:d={SECONDS}")
    wind = graph.add("anoisesrc", f"color=brown:amplitude=0.09:r={RATE}:d={SECONDS}:seed=7")
    low = graph.add("lowpass", "f=520")
    both = graph.add("amix", "inputs=2:normalize=0:duration=first")
    shape = graph.add("aformat", "sample_fmts=fltp:channel_layouts=stereo")
    sink = graph.add("abuffersink")
    tone.link_to(both, 0, 0)
    wind.link_to(low)
    low.link_to(both, 0, 1)
    both.link_to(shape)
    shape.link_to(sink)
    graph.configure()
    part = path.with_suffix(".part.m4a")
    with av.open(str(part), "w") as container:
        track = container.add_stream("aac", rate=RATE, layout="stereo", bit_rate=128_000)
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
