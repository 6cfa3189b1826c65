"""Real small MP4s, and ways to spoil them box by box."""

import struct
from fractions import Fraction

import av
from PIL import Image

RED, BLUE = (220, 30, 30), (30, 30, 220)


def corner(size, n=0):
    """Blue, with the top left quarter red: so that turning can be seen."""
    picture = Image.new("RGB", size, BLUE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    return picture


def film(path, *, size=(320, 180), frames=24, fps=24, sound=False, black=0, codec="libx264", square=None):
    """An H.264 film (AAC if there is sound); the first ``black`` frames are."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out:
        video = out.add_stream(codec, rate=fps, options={"preset": "ultrafast"} if codec == "libx264" else {})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        if square:
            video.codec_context.sample_aspect_ratio = square
        audio = out.add_stream("aac", rate=48000, layout="mono") if sound else None
        for n in range(frames):
            picture = Image.new("RGB", size) if n < black else corner(size, n)
            out.mux(video.encode(av.VideoFrame.from_image(picture)))
        out.mux(video.encode())
        if audio:
            _silence(out, audio, seconds=frames / fps)
    return path


def _silence(out, audio, seconds):
    for n in range(int(seconds * 48000 / 1024)):
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate, frame.pts, frame.time_base = 48000, n * 1024, Fraction(1, 48000)
        frame.planes[0].update(bytes(4096))
        out.mux(audio.encode(frame))
    out.mux(audio.encode())


def box(kind, body):
    return struct.pack(">I4s", len(body) + 8, kind) + body


def boxes(data):
    """The boxes of ``data`` as (type, body) pairs."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + size]
        at += size


_FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def rewrite(data, edit):
    """The film with ``edit(type, body) -> bytes | None`` applied to every box; it
    returns a replacement for the whole box, or None to leave it."""
    out = b""
    for kind, body in boxes(data):
        changed = edit(kind, body)
        if changed is None:
            changed = box(kind, rewrite(body, edit) if kind in _FOLDERS else body)
        out += changed
    return out


def patched(kind, at, new):
    """An edit that writes ``new`` at ``at`` in the body of every ``kind`` box."""
    return lambda name, body: box(name, body[:at] + new + body[at + len(new) :]) if name == kind else None


def edited(entries, claimed=None):
    """An edit that gives every track this edit list: (duration, media time, rate) each. ``claimed``:
    how many it says there are."""
    listed = b"".join(struct.pack(">Iii", *entry) for entry in entries)
    count = len(listed) // 12 if claimed is None else claimed
    edts = box(b"edts", box(b"elst", struct.pack(">II", 0, count) + listed))

    def edit(kind, body):
        if kind != b"trak":
            return None
        kept = [(name, part) for name, part in boxes(body) if name != b"edts"]
        return box(kind, b"".join(box(*one) + (edts if one[0] == b"tkhd" else b"") for one in kept))

    return edit


TURNED = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)  # a phone held upright
TKHD_MATRIX = 40  # ISO/IEC 14496-12, 8.3.2: offsets in the body of a version 0 tkhd
TKHD_SIZE = 76
RATE = 1 << 16  # 8.6.6: an edit at its own speed
