"""What the limited child says of real films, and of files that are none."""

import errno
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.media.films import RATE, TKHD_MATRIX, TKHD_SIZE, TURNED, box, edited, film, patched, rewrite
from tests.media.probing import TEXTS, ask_child, near, reason
from videos.media import child
from videos.media.probe import Facts, Limits, probe


def test_facts_and_poster_of_a_film(tmp_path):
    path = film(tmp_path / "a.mp4", size=(1280, 720), frames=48, sound=True)
    facts = probe(path, "video", poster_path=tmp_path / "a.jpg")
    assert facts == Facts(
        kind="video",
        format="mp4",
        bytes=path.stat().st_size,
        width=1280,
        height=720,
        seconds=2.0,
        fps=24.0,
        video_codec="h264",
        audio_codec="aac",
        has_audio=True,
        poster_width=640,
        poster_height=360,
        color=facts.color,
    )
    assert json.loads(json.dumps(asdict(facts)))["seconds"] == 2.0
    red, green, blue = bytes.fromhex(facts.color.removeprefix("#"))
    assert blue > red > green
    assert max(red, green, blue) < 128
    with Image.open(tmp_path / "a.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (640, 360))
        assert near(poster.getpixel((10, 10)), (220, 30, 30))
        assert near(poster.getpixel((630, 350)), (30, 30, 220))


def test_facts_alone_make_no_poster(tmp_path):
    facts = probe(film(tmp_path / "a.mp4"), "video")
    assert (facts.has_audio, facts.audio_codec, facts.color, facts.poster_width) == (False, "", "", 0)
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_a_small_film_is_not_blown_up_and_a_tall_one_keeps_its_shape(tmp_path):
    facts = probe(film(tmp_path / "a.mp4", size=(180, 320)), "video", poster_path=tmp_path / "a.jpg")
    assert (facts.width, facts.height) == (facts.poster_width, facts.poster_height) == (180, 320)


def test_a_turned_film_is_shown_upright(tmp_path):
    path = film(tmp_path / "a.mp4", size=(320, 180))
    path.write_bytes(rewrite(path.read_bytes(), patched(b"tkhd", TKHD_MATRIX, TURNED)))
    facts = probe(path, "video", poster_path=tmp_path / "a.jpg")
    assert (facts.width, facts.height) == (180, 320)
    with Image.open(tmp_path / "a.jpg") as poster:
        assert poster.size == (180, 320)
        # A quarter turn clockwise brings the top left corner to the top right.
        assert near(poster.getpixel((170, 10)), (220, 30, 30))
        assert near(poster.getpixel((10, 10)), (30, 30, 220))


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    facts = probe(film(tmp_path / "a.mp4", size=(240, 180), square=Fraction(4, 3)), "video")
    assert (facts.width, facts.height) == (320, 180)


def test_the_poster_skips_a_black_beginning(tmp_path):
    probe(film(tmp_path / "a.mp4", black=6), "video", poster_path=tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as poster:
        assert near(poster.getpixel((10, 10)), (220, 30, 30))


def test_a_film_that_is_all_black_has_a_poster_all_the_same(tmp_path):
    facts = probe(film(tmp_path / "a.mp4", black=24), "video", poster_path=tmp_path / "a.jpg")
    assert facts.color == "#000000"


# --- not films --------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_a20_what_is_not_a_film_by_its_first_bytes_is_refused(tmp_path, name):
    path = tmp_path / "a.mp4"
    path.write_bytes(TEXTS[name])
    assert reason(path) == "not_video"


def test_a20_an_archive_or_a_page_behind_a_film_is_refused(tmp_path):
    path = film(tmp_path / "a.mp4")
    whole = path.read_bytes()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("evil.sh", "x")
    assert reason(path) in ("trailing", "truncated")
    path.write_bytes(whole + TEXTS["html"])
    assert reason(path) in ("trailing", "truncated")
    path.write_bytes(whole + bytes(12))
    assert probe(path, "video").seconds == 1.0


def test_f34_a_film_cut_short_is_refused(tmp_path):
    path = film(tmp_path / "a.mp4")
    whole = path.read_bytes()
    for end in (len(whole) - 1, len(whole) // 2, 40):
        path.write_bytes(whole[:end])
        assert reason(path) == "truncated"
    path.write_bytes(b"")
    assert reason(path) == "empty"


def test_a21_a_playlist_shows_no_frame_of_another_file_even_past_the_first_wall(tmp_path):
    film(tmp_path / "other.mp4")
    evil = tmp_path / "evil.mp4"
    evil.write_bytes(TEXTS["ffconcat"])
    with av.open(str(evil)) as obeyed:  # what an unguarded open does
        assert obeyed.streams.video
    poster = tmp_path / "evil.jpg"
    said = ask_child({"path": str(evil), "kind": "video", "poster": str(poster), "limits": asdict(Limits())})
    assert said == {"bad": "undecodable"}
    assert not poster.exists()


def test_a_film_in_another_container_is_refused_past_the_first_wall(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 64)))))
        out.mux(stream.encode())
    question = {"path": str(path), "kind": "video", "poster": "", "limits": asdict(Limits())}
    assert ask_child(question) == {"bad": "undecodable"}


# --- films that ask for too much ---------------------------------------------


def copies(n):
    return lambda kind, body: box(kind, body) * n if kind == b"trak" else None


SPOILS = {
    "17 tracks": (copies(17), {"tracks", "undecodable"}),
    "20000 tracks": (copies(20_000), {"tracks", "undecodable", "too_costly"}),
    # mdhd: a clock of 10^9 ticks while each frame lasts one of them
    "10^9 fps": (
        lambda kind, body: (
            box(kind, body[:12] + struct.pack(">I", 10**9) + body[16:])
            if kind == b"mdhd"
            else box(kind, body[:12] + struct.pack(">I", 1))
            if kind == b"stts"
            else None
        ),
        {"fps", "seconds"},
    ),
    "no end": (patched(b"mdhd", 12, struct.pack(">I", 1)), {"seconds", "fps"}),
    "random index": (patched(b"stco", 8, b"\xff\xff\xff\xff"), {"no_frame", "undecodable", "fps"}),
    "no moov": (lambda kind, body: box(b"free", body) if kind == b"moov" else None, {"truncated"}),
    "no picture": (patched(b"hdlr", 8, b"soun"), {"not_video", "undecodable"}),
    # edit lists: what to show, from when and how long, over and over
    "a million edits": (edited([(1000, 0, RATE)] * 1_000_000), {"no_frame", "too_costly"}),
    "edits without an end": (edited([(2**32 - 1, 0, RATE)] * 1000), {"no_frame", "seconds"}),
    "100000 edits of nothing": (edited([(2**31 - 1, -1, RATE)] * 100_000), {"no_frame", "seconds"}),
    "edits before the beginning": (edited([(1000, -(2**31), RATE)] * 3), {"no_frame", "seconds"}),
    "edits that stand still": (edited([(1000, 0, 0)] * 1000), {"no_frame", "seconds"}),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a22_a_film_that_asks_for_too_much_is_refused(tmp_path, name):
    edit, reasons = SPOILS[name]
    path = film(tmp_path / "a.mp4")
    path.write_bytes(rewrite(path.read_bytes(), edit))
    assert reason(path, poster_path=tmp_path / "a.jpg") in reasons


def test_a22_a_film_wider_than_any_screen_is_refused(tmp_path):
    assert reason(film(tmp_path / "a.mp4", size=(8208, 16), frames=2)) == "size"


LABELS = {
    "of the picture": patched(b"stsd", 8 + 8 + 24, struct.pack(">HH", 65535, 65535)),
    "of the track": patched(b"tkhd", TKHD_SIZE, struct.pack(">II", 65000 << 16, 65000 << 16)),
    "of a track one line high": patched(b"tkhd", TKHD_SIZE, struct.pack(">II", 65000 << 16, 1 << 16)),
    "of an edit list": edited([(1000, 0, RATE)], claimed=2**32 - 1),
}


@pytest.mark.parametrize("name", LABELS)
def test_a22_what_is_seen_counts_and_not_the_labels(tmp_path, name):
    """A picture of 65,000 by 65,000, four thousand million edits: said, and not so."""
    path = film(tmp_path / "a.mp4", size=(320, 180))
    honest = path.read_bytes()
    path.write_bytes(rewrite(honest, LABELS[name]))
    assert path.read_bytes() != honest
    facts = probe(path, "video", poster_path=tmp_path / "a.jpg")
    assert (facts.width, facts.height, facts.poster_width, facts.seconds) == (320, 180, 320, 1.0)


def test_a22_limits_are_checked_on_honest_films_too(tmp_path):
    path = film(tmp_path / "a.mp4", sound=True, frames=48)
    assert reason(path, limits=Limits(tracks=1)) in ("tracks", "undecodable")
    assert reason(path, limits=Limits(side=200)) == "size"
    assert reason(path, limits=Limits(pixels=1000)) == "size"
    assert reason(path, limits=Limits(fps=12)) == "fps"
    assert reason(path, limits=Limits(seconds=1)) == "seconds"


def test_the_limits_leave_room_for_the_largest_honest_files(tmp_path):
    path = film(tmp_path / "a.mp4", size=(3840, 2160), frames=3)
    assert probe(path, "video", poster_path=tmp_path / "a.jpg").poster_width == 640
    Image.new("RGBA", (8000, 5000), (9, 200, 9, 99)).save(tmp_path / "a.png", compress_level=1)
    assert probe(tmp_path / "a.png", "still", poster_path=tmp_path / "b.jpg").width == 8000


def test_a22_a_child_out_of_memory_or_time_is_too_costly(tmp_path):
    path = film(tmp_path / "a.mp4")
    assert reason(path, limits=Limits(memory=64 << 20)) in ("too_costly", "undecodable")
    assert reason(path, limits=Limits(wall=0, cpu=0)) == "too_costly"


def test_f22_a_disk_that_is_full_says_nothing_about_the_film(tmp_path, monkeypatch):
    path, full = film(tmp_path / "a.mp4"), Path("/dev/full")
    with pytest.raises(OSError) as fault:
        probe(path, "video", poster_path=full)
    assert fault.value.errno == errno.ENOSPC
    monkeypatch.setattr(child.tempfile, "TemporaryFile", lambda: full.open("r+b", buffering=0))
    with pytest.raises(OSError) as fault:
        probe(path, "video")
    assert fault.value.errno == errno.ENOSPC


def test_the_child_is_given_no_secrets(tmp_path, monkeypatch):
    """A spy in the place of Python writes down what the child would have seen."""
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", "planted")
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\n")
    spy.chmod(0o700)
    path = film(tmp_path / "a.mp4")
    monkeypatch.setattr(sys, "executable", str(spy))
    assert reason(path) == "too_costly"
    seen = (tmp_path / "seen").read_text()
    assert "LANG=C.UTF-8" in seen
    assert "planted" not in seen


def test_the_child_loads_neither_django_nor_a_client():
    look = (
        "import sys, videos.media.probe_child, videos.media.probe_film, videos.media.clean_picture;"
        "print({m.split('.')[0] for m in sys.modules} & {'django', 'httpx', 'aiohttp', 'httpcore'})"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_the_servers_load_no_parser_of_films_or_pictures():
    """What a stranger sends is opened by the child and by nothing else."""
    look = (
        "import sys, django; django.setup(); import studio.wsgi, studio.urls, videos.jobs.running.tasks, videos.jobs.running.worker;"
        "from django.urls import resolve; resolve('/me/');"
        "print({m.split('.')[0] for m in sys.modules} & {'PIL', 'av', 'pillow_heif'})"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
