"""Of a film that was trimmed on a phone exactly what the phone shows is kept."""

import av
import pytest
from PIL import Image

from tests.media.films import RATE, TKHD_MATRIX, TURNED, edited, patched, rewrite
from tests.media.odd import LIMITS, facts, grey, lasting, numbered, packets, pictures, rewrapped, trimmed
from videos.media import grab_frame
from videos.media.shape import check_video

TRIMS = {
    "at both ends": ([(0.6, 0.48)], range(12, 27)),
    "its beginning": ([(1.4, 0.6)], range(15, 50)),
    "its end": ([(1.0, 0.0)], range(25)),
    "at a key picture": ([(1.2, 0.8)], range(20, 50)),
    "its middle": ([(0.4, 0.0), (0.4, 1.2)], [*range(10), *range(30, 40)]),
    "one piece shown twice": ([(0.4, 0.8), (0.4, 0.8)], [*range(20, 30), *range(20, 30)]),
}


@pytest.mark.parametrize("name", TRIMS)
def test_exactly_what_a_phone_shows_is_in_the_bytes(tmp_path, name):
    entries, wanted = TRIMS[name]
    path = trimmed(numbered(tmp_path / "a.mp4"), *entries)
    assert pictures(path) == list(wanted), "what a player shows of the file that came"
    out = rewrapped(path)
    assert pictures(out) == list(wanted)
    assert pictures(out, ignore_editlist="1") == list(wanted), "what was trimmed away is nowhere in it"
    seen, heard, _peaks = lasting(out)
    assert seen == pytest.approx(len(wanted) / 25, abs=0.001)
    assert heard == pytest.approx(seen, abs=0.025), "sound and picture end together, to one block of sound"


def test_the_sound_is_cut_where_the_picture_is(tmp_path):
    path = numbered(tmp_path / "a.mp4")
    _seen, _heard, before = lasting(path)
    _seen, _heard, after = lasting(rewrapped(trimmed(path, (0.6, 1.0))))
    first = round(1.0 * 48000 / 1024)
    for n in (1, 10, 20):
        assert after[n] == pytest.approx(before[first + n], abs=0.06)
    assert before[first + 20] - before[first + 1] > 0.2


def test_a_frame_of_a_trimmed_film_is_the_one_that_is_shown_then(tmp_path):
    path = trimmed(numbered(tmp_path / "a.mp4"), (0.6, 0.48))
    for at, n in ((0.0, 12), (0.2, 17), (0.59, 26), (9.0, 26)):
        grab_frame.look(str(path), str(tmp_path / "f.png"), LIMITS | {"at": at})
        with Image.open(tmp_path / "f.png") as frame:
            assert abs(frame.getpixel((9, 9))[0] - grey(n)) <= 2, at


def test_a_film_that_hides_nothing_is_not_encoded_again(tmp_path):
    """Pictures that wait for later ones, and sound that needs a block before its first: an edit list for each."""
    path = numbered(tmp_path / "a.mp4")
    assert path.read_bytes().count(b"elst") == 2
    out = rewrapped(path)
    assert packets(out) == packets(path)
    assert lasting(out)[:2] == lasting(path)[:2]


def test_a_picture_that_begins_later_than_its_sound_still_does(tmp_path):
    path = numbered(tmp_path / "a.mp4", sound=False)
    path.write_bytes(rewrite(path.read_bytes(), edited([(500, -1, RATE), (2000, 1024, RATE)])))
    with av.open(str(path)) as before, av.open(str(rewrapped(path))) as after:
        begins = [next(film_.decode(video=0)).time for film_ in (before, after)]
    assert begins[0] == pytest.approx(begins[1], abs=0.001) and begins[0] > 0.4


def test_a_trimmed_film_that_was_held_upright_stays_upright(tmp_path):
    path = trimmed(numbered(tmp_path / "a.mp4", size=(160, 128)), (0.6, 0.48))
    path.write_bytes(rewrite(path.read_bytes(), patched(b"tkhd", TKHD_MATRIX, TURNED)))
    found = facts(rewrapped(path))
    assert (found["width"], found["height"], found["seconds"]) == (128, 160, 0.6)


def test_a_trimmed_film_in_ten_bits_keeps_its_depth_and_its_colours(tmp_path):
    hlg = (("color_primaries", 9), ("color_trc", 18), ("colorspace", 9))  # ITU-T H.273: BT.2020, HLG
    path = numbered(tmp_path / "a.mp4", codec="libx265", pixels="yuv420p10le", colours=hlg, preset="ultrafast",
                    **{"x265-params": "log-level=none:keyint=20"})  # fmt: skip
    out = rewrapped(trimmed(path, (0.6, 0.48)))
    with av.open(str(out)) as film_:
        context = film_.streams.video[0].codec_context
        assert (context.codec.canonical_name, context.format.name) == ("hevc", "yuv420p10le")
        assert [getattr(context, name) for name, _value in hlg] == [9, 18, 9]
        assert context.codec_tag == "hvc1"
    assert len(pictures(out)) == 15


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"size": (130, 127), "pixels": "yuv444p", "sound": False}, 15),
        ({"every": (20, 60, 40)}, 15),
        ({"codec": "mpeg4", "bf": "0"}, 15),
        ({"codec": "libsvtav1", "preset": "12", "bf": "0", "crf": "20"}, 15),
        ({"format": "mov"}, 15),
        ({"flags": "faststart"}, 15),
    ],
    ids=["odd sides", "varying rate", "mpeg4", "av1", "mov", "moov in front"],
)
def test_so_is_a_trimmed_film_of_another_make(tmp_path, more, wanted):
    path = trimmed(numbered(tmp_path / "a.mp4", **more), (0.6, 0.48))
    shown = pictures(path)
    assert abs(len(shown) - wanted) <= 2, shown
    out = rewrapped(path)
    assert len(pictures(out, ignore_editlist="1")) == len(shown) == len(pictures(out))
    assert check_video(out) is None
