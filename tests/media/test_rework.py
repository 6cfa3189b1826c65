"""What people bring, made anew by the limited child: films, frames of films, a phone's pictures."""

import struct
from dataclasses import asdict, replace

import av
import pillow_heif
import pytest
from PIL import Image

from tests.media.films import RED, TKHD_MATRIX, TURNED, corner, film, patched, rewrite
from tests.media.probing import TEXTS, near
from videos.media import rework
from videos.media.child import BadMedia, ask
from videos.media.probe import Limits, probe
from videos.uploads import pictures

MOST = 50_000_000


def moving(path, *, frames=48, fps=24):
    """Frame n is grey, a little lighter with each."""
    with av.open(str(path), "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "4", "g": "24"})
        video.width, video.height, video.pix_fmt = 320, 320, "yuv420p"
        for n in range(frames):
            out.mux(video.encode(av.VideoFrame.from_image(Image.new("RGB", (320, 320), (40 + 4 * n,) * 3))))
        out.mux(video.encode())
    return path


def a_mov(path, *, sound="pcm_s16le"):
    """As a phone writes it: QuickTime, with a place and a maker, and raw sound."""
    with av.open(str(path), "w", format="mov", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata["location"] = "+52.5200+013.4050/"
        out.metadata["com.apple.quicktime.location.ISO6709"] = "+52.5200+013.4050/"
        out.metadata["comment"] = "SECRETNOTE"
        video = out.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 320, 320, "yuv420p"
        video.metadata["handler_name"] = "SECRETHAND"
        audio = out.add_stream(sound, rate=48000, layout="mono")
        for n in range(48):
            out.mux(video.encode(av.VideoFrame.from_image(corner((320, 320), n))))
        out.mux(video.encode())
        frame = av.AudioFrame(
            format="s16" if sound.startswith("pcm") else "fltp", layout="mono", samples=1024
        )
        frame.sample_rate, frame.pts = 48000, 0
        out.mux(audio.encode(frame))
        out.mux(audio.encode())
    return path


def refused(path, out, ask_for=rework.rewrap, **more):
    with pytest.raises(BadMedia) as caught:
        ask_for(path, out=out, **more)
    return caught.value.reason


def test_a_film_keeps_its_tracks_and_nothing_is_encoded_again(tmp_path):
    path = film(tmp_path / "a.mp4", size=(640, 360), frames=48, sound=True)
    assert rework.rewrap(path, tmp_path / "b.mp4", most_bytes=MOST, longest=15.1) == ()
    before, after = probe(path, "video"), probe(tmp_path / "b.mp4", "video")
    assert replace(after, bytes=before.bytes) == before
    with av.open(str(path)) as one, av.open(str(tmp_path / "b.mp4")) as other:
        assert [bytes(packet) for packet in one.demux(video=0)] == [
            bytes(packet) for packet in other.demux(video=0)
        ]


def test_the_same_film_has_the_same_bytes(tmp_path):
    path = film(tmp_path / "a.mp4", sound=True)
    for name in ("b.mp4", "c.mp4"):
        rework.rewrap(path, tmp_path / name, most_bytes=MOST, longest=15.1)
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "c.mp4").read_bytes()


def test_a25_a_phones_film_loses_its_place_and_notes_and_becomes_an_mp4(tmp_path):
    path = a_mov(tmp_path / "a.mov")
    assert b"SECRETNOTE" in path.read_bytes() and b"+52.5200" in path.read_bytes()
    assert rework.rewrap(path, tmp_path / "b.mp4", most_bytes=MOST, longest=15.1) == (
        "muted",
    )  # raw sound has no place in it
    kept = (tmp_path / "b.mp4").read_bytes()
    assert b"SECRET" not in kept and b"+52.52" not in kept
    assert kept[4:8] == b"ftyp" and kept[8:12] != b"qt  "
    facts = probe(tmp_path / "b.mp4", "video")
    assert (facts.width, facts.has_audio, facts.seconds) == (320, False, 2.0)


def test_a_film_held_upright_stays_upright(tmp_path):
    path = film(tmp_path / "a.mp4", size=(640, 360))
    path.write_bytes(rewrite(path.read_bytes(), patched(b"tkhd", TKHD_MATRIX, TURNED)))
    rework.rewrap(path, tmp_path / "b.mp4", most_bytes=MOST, longest=15.1)
    facts = probe(tmp_path / "b.mp4", "video")
    assert (facts.width, facts.height) == (360, 640)
    rework.frame_at(tmp_path / "b.mp4", 0.5, tmp_path / "f.png")
    with Image.open(tmp_path / "f.png") as frame:
        assert frame.size == (360, 640) and near(frame.getpixel((350, 10)), RED)


@pytest.mark.parametrize("name", TEXTS)
def test_a20_what_is_no_film_is_not_opened(tmp_path, name):
    (tmp_path / "a.mp4").write_bytes(TEXTS[name])
    assert refused(tmp_path / "a.mp4", tmp_path / "b.mp4", most_bytes=MOST, longest=15.1) == "not_video"
    assert refused(tmp_path / "a.mp4", tmp_path / "f.png", rework.frame_at, seconds=0) == "not_video"


def test_a20_a_page_behind_a_film_does_not_ride_along(tmp_path):
    path = film(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes() + TEXTS["html"])
    rework.rewrap(path, tmp_path / "b.mp4", most_bytes=MOST, longest=15.1)
    assert TEXTS["html"] not in (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("kind", ["rewrap", "frame"])
def test_a21_a_playlist_is_not_obeyed_past_the_first_wall(tmp_path, kind):
    film(tmp_path / "other.mp4")
    (tmp_path / "evil.mp4").write_bytes(TEXTS["ffconcat"])
    question = {
        "path": str(tmp_path / "evil.mp4"), "kind": kind, "poster": str(tmp_path / "out"),
        "limits": asdict(Limits()) | {"at": 0.0, "longest": 15.1},
    }  # fmt: skip
    with pytest.raises(BadMedia, match="undecodable"):
        ask(question, 40)
    assert not (tmp_path / "out").exists()


def test_a22_a_film_that_grows_is_stopped_by_its_limit(tmp_path):
    path = film(tmp_path / "a.mp4", size=(1280, 720), frames=24)
    path.write_bytes(path.read_bytes() + struct.pack(">I4s", 3 << 20, b"free") + bytes((3 << 20) - 8))
    rework.rewrap(path, tmp_path / "b.mp4", most_bytes=MOST, longest=15.1)
    assert (tmp_path / "b.mp4").stat().st_size < 1 << 20  # padding is no track


def test_a_frame_is_the_one_that_a_player_shows_at_that_time(tmp_path):
    path = moving(tmp_path / "a.mp4")
    for n, seconds in ((0, 0.0), (0, 0.03), (1, 1 / 24), (30, 30.5 / 24), (24, 1.0), (47, 99.0)):
        rework.frame_at(path, seconds, tmp_path / "f.png")
        with Image.open(tmp_path / "f.png") as frame:
            assert abs(frame.getpixel((9, 9))[0] - (40 + 4 * n)) <= 2, (n, seconds)


def heic(path, picture, **more):
    pillow_heif.from_pillow(picture).save(path, quality=90, **more)
    return path


def cleaned(path, out):
    return rework.picture(path, out, pictures.VENDOR_LIMITS)


def test_a_phones_picture_is_set_upright_without_its_notes(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRETCAM"
    path = heic(tmp_path / "a.heic", corner((600, 400)), exif=exif.tobytes())
    made = cleaned(path, tmp_path / "b")
    assert (made["width"], made["height"], made["notes"]) == (400, 600, [])
    with Image.open(tmp_path / "b") as shown:
        assert near(shown.convert("RGB").getpixel((390, 10)), RED)
    assert b"SECRET" not in (tmp_path / "b").read_bytes()


def test_a23_a_heic_that_is_too_large_is_not_decoded(tmp_path):
    path = heic(tmp_path / "a.heic", Image.new("RGB", (640, 640)))
    small = replace(Limits(), pixels=640 * 639)
    question = {"path": str(path), "kind": "picture", "poster": str(tmp_path / "b"), "limits": asdict(small)}
    question["limits"] |= {"wish": pictures.VENDOR_LIMITS}
    with pytest.raises(BadMedia, match="pixels"):
        ask(question, 40)
    assert not (tmp_path / "b").exists()


def test_a24_what_calls_itself_a_heic_and_is_none_is_refused(tmp_path):
    whole = heic(tmp_path / "a.heic", Image.effect_noise((640, 640), 60).convert("RGB")).read_bytes()
    for spoiled in (whole[: len(whole) // 2], whole[:40], b"\0\0\0\x18ftypheic" + bytes(200)):
        (tmp_path / "a.heic").write_bytes(spoiled)
        assert refused(tmp_path / "a.heic", tmp_path / "b", cleaned) in ("truncated", "pixels")


def test_nobody_else_learns_to_read_a_heic(tmp_path):
    """The opener stays in the child: a HEIC that goes by another door is no picture there."""
    path = heic(tmp_path / "a.heic", Image.new("RGB", (640, 640)))
    cleaned(path, tmp_path / "b")
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(path)
