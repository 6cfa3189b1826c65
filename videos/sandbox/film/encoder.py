"""H.264 in pieces that may follow one another in any number.

Every piece begins with a key frame, has no B-frames and the same parameter
sets, so that packets of one piece can be repeated and cut anywhere: a film of
15 seconds costs what its short loop costs.
"""

import io
from collections.abc import Iterable
from fractions import Fraction

import av
from av.container import InputContainer
from av.filter import Graph
from PIL import Image

from videos.sandbox.film.recipe import FPS

TICKS = 512  # of the track's clock per frame
CLOCK = Fraction(1, FPS * TICKS)
SPEED = {"preset": "superfast", "crf": "21"}
BT709, NARROW = 1, 1  # FFmpeg's numbers for the colour space of HD and its "tv" range
# Pieces that fit together; and of the ways to save bytes, those left out that cost more than they save.
PIECES = "stitchable=1:scenecut=0:open-gop=0:keyint=9999:min-keyint=1:bframes=0"
SAVINGS = "aq-mode=0:weightp=0:ref=1:me=dia:subme=0:partitions=none:trellis=0"
SETTINGS = f"{PIECES}:{SAVINGS}"


class Lens:
    """Scales drawn frames to the film's size, lays the still overlay over them
    and turns them into yuv420p in BT.709."""

    def __init__(self, drawn: tuple[int, int], film: tuple[int, int], overlay: Image.Image):
        graph = Graph()
        self.source = graph.add_buffer(
            width=drawn[0], height=drawn[1], format="rgb24", time_base=Fraction(1, FPS)
        )
        top = overlay.getbbox()[1] // 2 * 2  # only the part with something in it is laid over
        overlay = overlay.crop((0, top, *overlay.size))
        still = graph.add_buffer(
            width=overlay.width, height=overlay.height, format="rgba", time_base=Fraction(1, FPS)
        )
        scale = graph.add("scale", f"{film[0]}:{film[1]}:flags=bicubic:out_color_matrix=bt709:out_range=tv")
        planar = graph.add("format", "yuv420p")
        matte = graph.add("scale", "out_color_matrix=bt709:out_range=tv")
        matted = graph.add("format", "yuva420p")
        over = graph.add("overlay", f"0:{top}:format=yuv420:eof_action=repeat")
        sink = graph.add("buffersink")
        self.source.link_to(scale)
        scale.link_to(planar)
        planar.link_to(over, 0, 0)
        still.link_to(matte)
        matte.link_to(matted)
        matted.link_to(over, 0, 1)
        over.link_to(sink)
        graph.configure()
        self.graph, self.sink, self.count = graph, sink, 0
        frame = av.VideoFrame.from_bytes(
            overlay.tobytes(), *overlay.size, format="rgba"
        )  # from_image drops alpha
        frame.pts, frame.time_base = 0, Fraction(1, FPS)
        still.push(frame)
        still.push(None)

    def expose(self, picture: Image.Image) -> av.VideoFrame:
        frame = av.VideoFrame.from_image(picture)
        frame.pts, frame.time_base = self.count, Fraction(1, FPS)
        self.count += 1
        self.source.push(frame)
        return self.sink.pull()


def encode(size: tuple[int, int], frames: Iterable[av.VideoFrame]) -> InputContainer:
    """One run as a small film in memory, opened for reading. Runs of one size
    have the same parameter sets, so their packets fit one track."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        track = container.add_stream("libx264", rate=FPS, options={**SPEED, "x264-params": SETTINGS})
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        encoder = track.codec_context
        encoder.thread_count = 1
        encoder.color_primaries = encoder.color_trc = encoder.colorspace = BT709
        encoder.color_range = NARROW
        for index, frame in enumerate(frames):
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    memory.seek(0)
    return av.open(memory)


def packets(container: InputContainer) -> list[bytes]:
    """One packet a frame, in order; the first is a key frame."""
    return [bytes(packet) for packet in container.demux(video=0) if packet.size]
