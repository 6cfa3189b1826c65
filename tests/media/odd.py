"""Films as phones, recorders and taggers write them, each picture with a number that can be read back."""

import struct
from dataclasses import asdict
from fractions import Fraction

import av
from PIL import Image

from tests.media.films import RATE, box, boxes, edited, rewrite
from videos.media import probe_film, rewrap_film
from videos.media.probe import Limits

MOST = 50_000_000
LIMITS = asdict(Limits()) | {"longest": 15.1, "poster_bytes": MOST, "at": 0.0}
STEP = 4  # how much lighter each picture is than the one before


def grey(n):
    return 20 + STEP * (n % 55)


def numbered(path, *, frames=50, fps=25, size=(128, 128), codec="libx264", pixels="yuv420p", sound=True, every=None,
             format="mp4", flags="", colours=(), **options):  # fmt: skip
    """Picture n is a grey of its own; the sound grows louder with each picture. ``every``: how long each picture
    stands, in milliseconds (for a rate that varies)."""
    with av.open(str(path), "w", format=format, options={"movflags": flags} if flags else {}) as out:
        video = out.add_stream(codec, rate=fps, options={"g": "20", "bf": "2", "crf": "10"} | options)
        video.width, video.height, video.pix_fmt = *size, pixels
        for name, value in colours:
            setattr(video.codec_context, name, value)
        if every:
            video.codec_context.time_base = Fraction(1, 1000)
        audio = out.add_stream("aac", rate=48000, layout="mono") if sound else None
        at = 0
        for n in range(frames):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, (grey(n),) * 3)).reformat(format=pixels)
            if every:
                frame.pts, frame.time_base = at, Fraction(1, 1000)
                at += every[n % len(every)]
            out.mux(video.encode(frame))
        out.mux(video.encode())
        for n in range(int(frames / fps * 48000 / 1024) if audio else 0):
            level = 0.9 * n * 1024 / (frames / fps * 48000)
            part = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            part.sample_rate, part.pts, part.time_base = 48000, n * 1024, Fraction(1, 48000)
            part.planes[0].update(
                struct.pack("1024f", *((level if i // 32 % 2 else -level) for i in range(1024)))
            )
            out.mux(audio.encode(part))
        if audio:
            out.mux(audio.encode())
    return path


def trimmed(path, *entries, key=b"elst"):
    """The edit list of every track is made of ``entries``: (seconds shown, from which second)."""
    data = path.read_bytes()
    moov = next(body for kind, body in boxes(data) if kind == b"moov")
    clock = struct.unpack(">I", next(body for kind, body in boxes(moov) if kind == b"mvhd")[12:16])[0]
    size = len(data)

    def edit(kind, body):
        if kind != b"trak":
            return None
        own = struct.unpack(">I", body[(at := body.index(b"mdhd") + 4) + 12 : at + 16])[0]
        begins = 0
        if (found := body.find(b"elst")) > 0:  # where its pictures or its sound begin, before any trim
            begins = max(0, struct.unpack(">i", body[found + 16 : found + 20])[0])
        listed = [(round(shown * clock), round(since * own) + begins, RATE) for shown, since in entries]
        return edited(listed)(kind, body)

    data = moved(rewrite(data, edit), size)
    path.write_bytes(data)
    return path


def moved(data, before):
    """Positions of pictures and sound again, after ``moov`` grew in front of them."""
    kinds = [kind for kind, _body in boxes(data)]
    by = len(data) - before if kinds.index(b"moov") < kinds.index(b"mdat") else 0

    def edit(kind, body):
        if kind != b"stco":
            return None
        places = struct.unpack(f">{(len(body) - 8) // 4}I", body[8:])
        return box(kind, body[:8] + struct.pack(f">{len(places)}I", *(place + by for place in places)))

    return rewrite(data, edit)


def rewrapped(path, name="out.mp4"):
    out = path.with_name(name)
    said = rewrap_film.look(str(path), str(out), LIMITS)
    assert "bad" not in said, said
    return out


def pictures(path, **options):
    """The numbers of the pictures that are in the bytes: with ``ignore_editlist`` also those that nobody is shown."""
    with av.open(str(path), options=options) as film_:
        track = film_.streams.best("video")
        levels = [frame.to_image().resize((1, 1)).getpixel((0, 0))[0] for frame in film_.decode(track)]
    return [round((level - 20) / STEP) for level in levels]


def lasting(path):
    """Seconds of picture and of sound that a player plays, and how loud its loudest tenth of a second is."""
    with av.open(str(path)) as film_:
        seen = [(frame.pts + frame.duration) * frame.time_base for frame in film_.decode(video=0)]
    with av.open(str(path)) as film_:
        heard = [(frame.time, frame.samples, max(map(abs, struct.unpack(f"{frame.samples}f", bytes(frame.planes[0])[: 4 * frame.samples])))) for frame in film_.decode(audio=0)]  # fmt: skip
    return (
        float(max(seen)),
        sum(samples for _at, samples, _peak in heard) / 48000,
        [peak for *_two, peak in heard],
    )


def with_cover(path):
    """A tagger put the cover before the tracks: it becomes stream 0."""
    data, page = path.read_bytes(), path.with_suffix(".jpg")
    Image.new("RGB", (300, 300), "red").save(page)
    art = box(b"covr", box(b"data", struct.pack(">II", 13, 0) + page.read_bytes()))
    tagger = box(b"hdlr", struct.pack(">II4s12x", 0, 0, b"mdir") + b"\0")
    tag = box(b"udta", box(b"meta", bytes(4) + tagger + box(b"ilst", art)))

    def edit(kind, body):
        if kind != b"moov":
            return None
        first, *others = [box(*one) for one in boxes(body)]
        return box(b"moov", b"".join([first, tag, *others]))

    path.write_bytes(moved(rewrite(data, edit), len(data)))
    return path


def tracks(path, *makes):
    """Several tracks in one film: ("libx264", pictures) or ("aac", blocks of sound) each."""
    with av.open(str(path), "w", format="mov") as out:
        made = [
            (out.add_stream(codec, rate=25 if codec != "aac" else 48000), count) for codec, count in makes
        ]
        for stream, _count in made:
            if stream.type == "video":
                stream.width, stream.height, stream.pix_fmt = (
                    128,
                    128,
                    "yuvj420p" if stream.name == "mjpeg" else "yuv420p",
                )
        for stream, count in made:
            for n in range(count):
                if stream.type == "video":
                    frame = av.VideoFrame.from_image(Image.new("RGB", (128, 128), (grey(n),) * 3))
                else:
                    frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
                    frame.sample_rate, frame.pts, frame.time_base = 48000, n * 1024, Fraction(1, 48000)
                    for plane in frame.planes:
                        plane.update(bytes(4096))
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return path


def without_ftyp(path):
    """As QuickTime wrote it before there was ``ftyp``, and as the film of a Live Photo is written."""
    data = path.read_bytes()
    whole = box(b"wide", b"") + b"".join(box(*one) for one in boxes(data) if one[0] != b"ftyp")
    by = len(whole) - len(data)
    path.write_bytes(rewrite(whole, lambda kind, body: box(kind, body[:8] + shifted(body[8:], by)) if kind == b"stco" else None))  # fmt: skip
    return path


def shifted(places, by):
    return b"".join(struct.pack(">I", place + by) for (place,) in struct.iter_unpack(">I", places))


def facts(path):
    """What the limited child would say of it, said here and at once."""
    said = probe_film.look(str(path), "", LIMITS)
    assert "bad" not in said, said
    return said


def packets(path):
    with av.open(str(path)) as film_:
        return [bytes(packet) for packet in film_.demux(film_.streams.best("video"))]


CODERS = {"cinepak": "rgb24", "svq1": "yuv410p", "qtrle": "rgb24", "png": "rgb24", "mjpeg": "yuvj420p"}


def coded(path, coder):
    """A short film of one of CODERS, none of which the studio reads."""
    with av.open(str(path), "w", format="mov") as out:
        video = out.add_stream(coder, rate=25)
        video.width, video.height, video.pix_fmt = 128, 128, CODERS[coder]
        for n in range(5):
            frame = av.VideoFrame.from_image(Image.new("RGB", (128, 128), (grey(n),) * 3))
            out.mux(video.encode(frame.reformat(format=CODERS[coder])))
        out.mux(video.encode())
    return path
