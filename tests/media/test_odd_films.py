"""Films as phones, recorders and taggers write them: what a person sees is what is kept, or it is refused by name."""

import struct
from dataclasses import replace

import av
import pytest
from PIL import Image

from tests.media.films import box, rewrite
from tests.media.odd import (
    CODERS,
    LIMITS,
    MOST,
    coded,
    facts,
    grey,
    numbered,
    packets,
    pictures,
    rewrapped,
    tracks,
    with_cover,
    without_ftyp,
)  # fmt: skip
from videos.media import grab_frame, probe_film, rework, rewrap_film
from videos.media.child import BadMedia
from videos.media.probe import Limits, probe
from videos.media.shape import check_video

# --- 11: which track is the film -------------------------------------------------------------


def test_a_cover_is_not_the_film(tmp_path):
    path = with_cover(numbered(tmp_path / "a.mp4", flags="faststart"))
    with av.open(str(path)) as film_:
        assert film_.streams.video[0].codec_context.codec.canonical_name == "mjpeg"
    found = probe(path, "video", poster_path=tmp_path / "p.jpg")
    assert (found.width, found.height, found.seconds, found.video_codec) == (128, 128, 2.0, "h264")
    assert pictures(rewrapped(path)) == list(range(50))
    grab_frame.look(str(path), str(tmp_path / "f.png"), LIMITS | {"at": 1.0})
    with Image.open(tmp_path / "f.png") as frame:
        assert frame.size == (128, 128) and abs(frame.getpixel((9, 9))[0] - grey(25)) <= 2


@pytest.mark.parametrize("first", [("mjpeg", 25), ("libx264", 1)], ids=["another coder", "one picture"])
def test_a_thumbnail_track_is_not_the_film(tmp_path, first):
    path = tracks(tmp_path / "a.mov", first, ("libx264", 25), ("aac", 40), ("aac", 40))
    with probe_film.open_film(str(path), LIMITS) as film_:
        assert (probe_film.picture_track(film_).index, probe_film.sound_track(film_).index) == (1, 2)
    found = facts(rewrapped(path))
    assert (found["seconds"], found["fps"], found["audio_codec"]) == (1.0, 25.0, "aac")


def test_a_track_that_is_switched_off_is_not_the_film(tmp_path):
    path = tracks(tmp_path / "a.mov", ("libx264", 25), ("libx264", 30))
    data, at = path.read_bytes(), 0
    for flags in (b"\0\0\0\0", b"\0\0\0\3"):
        at = data.index(b"tkhd", at) + 4
        data = data[:at] + flags + data[at + 4 :]
    path.write_bytes(data)
    with probe_film.open_film(str(path), LIMITS) as film_:
        assert probe_film.picture_track(film_).index == 1


# --- 12 to 15: makes that are taken, and what is said of those that are not --------------------


def test_av1_comes_along_as_it_is(tmp_path):
    path = numbered(tmp_path / "a.mp4", codec="libsvtav1", preset="12", bf="0", crf="30")
    out = rewrapped(path)
    assert packets(out) == packets(path) and facts(out)["video_codec"] == "av1"


def test_a_mov_without_ftyp_is_a_film(tmp_path):
    path = without_ftyp(numbered(tmp_path / "a.mov", format="mov"))
    assert check_video(path) is None and facts(path)["seconds"] == 2.0
    assert pictures(rewrapped(path)) == list(range(50))


@pytest.mark.parametrize(
    ("count", "every", "told"), [(200, 4, 245), (5, 2000, 0.6)], ids=["slow motion", "a still screen"]
)
def test_as_many_pictures_a_second_as_phones_and_recorders_write(tmp_path, count, every, told):
    path = numbered(tmp_path / "a.mp4", frames=count, every=(every,), sound=False)
    assert facts(path)["fps"] == pytest.approx(told, rel=0.1)
    assert len(pictures(rewrapped(path))) == count


def test_more_or_fewer_are_refused_with_what_was_found(tmp_path):
    path = numbered(tmp_path / "a.mp4", sound=False)
    for limits in (replace(Limits(), fps=24.0), replace(Limits(), fps_least=26.0)):
        with pytest.raises(BadMedia) as bad:
            probe(path, "video", limits=limits)
        assert (bad.value.reason, bad.value.value) == ("fps", 25.0)


TRAILERS = {
    "a camera's": b"8db42d694ccc418790edff439fe026bf" * 4,
    "an archive": b"PK\3\4" + b"evil.sh" * 30,
    "a page": b"<!doctype html><script>alert(1)</script>",
}


@pytest.mark.parametrize("name", TRAILERS)
def test_bytes_behind_the_film_are_dropped_from_what_a_person_brings(tmp_path, name):
    path = numbered(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes() + TRAILERS[name])
    assert check_video(path) == "trailing"
    out = tmp_path / "out.mp4"
    assert rework.rewrap(path, out, most_bytes=MOST, longest=15.1) == ()
    assert check_video(out) is None and TRAILERS[name][:20] not in out.read_bytes()
    assert pictures(out) == list(range(50))


SIBLINGS = {
    "fragments": {"flags": "frag_keyframe+empty_moov+delay_moov"},
    "moov in front": {"flags": "faststart"},
    "without sound": {"sound": False},
    "ten bits": {
        "codec": "libx265",
        "pixels": "yuv420p10le",
        "x265-params": "log-level=none",
        "preset": "ultrafast",
    },
    "odd sides": {"size": (131, 127), "pixels": "yuv444p"},
    "a varying rate": {"every": (20, 60, 40)},
    "interlaced": {"flags": "", "x264-params": "interlaced=1:tff=1"},
}


@pytest.mark.parametrize("name", SIBLINGS)
def test_films_of_other_makes_come_along_whole(tmp_path, name):
    path = numbered(tmp_path / "a.mp4", **SIBLINGS[name])
    out = rewrapped(path)
    assert packets(out) == packets(path)
    with av.open(str(out)) as kept:
        assert kept.streams.video[0].codec_context.codec_tag in (
            "avc1",
            "hvc1",
        )  # the names that players know
    before, after = facts(path), facts(out)
    assert after.pop("seconds") == pytest.approx(before.pop("seconds"), abs=0.05)
    assert after | {"fps": 0} == before | {"fps": 0}


BOXES = {
    "a free box": lambda data: data + box(b"free", bytes(99)),
    "a box of a maker's own": lambda data: data + box(b"uuid", bytes(99)),
    "a box in 64 bits": lambda data: data + struct.pack(">I4sQ", 1, b"free", 116) + bytes(100),
    "a box to the end": lambda data: data + struct.pack(">I4s", 0, b"free") + bytes(100),
    "a block's end": lambda data: data + bytes(500),
}


@pytest.mark.parametrize("name", BOXES)
def test_boxes_that_hold_no_film_hinder_nothing(tmp_path, name):
    path = numbered(tmp_path / "a.mp4")
    path.write_bytes(BOXES[name](path.read_bytes()))
    assert check_video(path) is None
    assert pictures(rewrapped(path)) == list(range(50))


def test_positions_in_64_bits_are_read(tmp_path):
    path = numbered(tmp_path / "a.mp4")
    data = path.read_bytes()
    wide = rewrite(
        data,
        lambda kind, body: box(b"co64", body[:8] + b"".join(struct.pack(">Q", place) for (place,) in struct.iter_unpack(">I", body[8:]))) if kind == b"stco" else None,
    )  # fmt: skip
    path.write_bytes(wide)
    assert pictures(rewrapped(path)) == list(range(50))


# --- 16: no decoder but those that are named ---------------------------------------------------


@pytest.mark.parametrize("name", CODERS)
def test_no_other_decoder_is_opened(tmp_path, name):
    path = coded(tmp_path / "a.mov", name)
    for looks in (probe_film, rewrap_film, grab_frame):
        assert looks.look(str(path), str(tmp_path / "out"), LIMITS) == {"bad": "codec", "value": name}
    with probe_film.open_film(str(path), LIMITS) as film_, pytest.raises(av.error.FFmpegError):
        next(film_.decode(probe_film.picture_track(film_)))  # past that wall, FFmpeg itself refuses
    with pytest.raises(BadMedia) as bad:
        probe(path, "video")
    assert (bad.value.reason, bad.value.value) == ("codec", name)


def test_a_sound_that_nobody_knows_does_not_hide_the_film(tmp_path):
    path = numbered(tmp_path / "a.mov", format="mov")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"free"))
    found = facts(path)
    assert (found["seconds"], found["has_audio"], found["audio_codec"]) == (2.0, True, "unknown")
    assert rewrap_film.look(str(path), str(tmp_path / "out.mp4"), LIMITS) == {"cut": False, "muted": True}
