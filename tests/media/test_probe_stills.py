"""Pictures: facts, posters, and what is refused."""

import pytest
from PIL import Image

from tests.media.probing import TEXTS, near, reason
from videos.media.probe import probe


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_facts_and_poster_of_a_still(tmp_path, kind):
    path = tmp_path / "a"
    Image.new("RGB", (1600, 900), (200, 100, 0)).save(path, kind)
    facts = probe(path, "still", poster_path=tmp_path / "a.jpg")
    assert (facts.kind, facts.format, facts.width, facts.height) == ("still", kind.lower(), 1600, 900)
    assert (facts.poster_width, facts.poster_height, facts.seconds) == (640, 360, 0)
    assert near(bytes.fromhex(facts.color[1:]), (90, 45, 0), 4)
    assert probe(path, "last_frame").kind == "still"


def test_a_turned_still_is_measured_upright(tmp_path):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 300)).save(path, exif=exif)
    facts = probe(path, "still")
    assert (facts.width, facts.height) == (300, 400)


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "jpeg"])
def test_a24_what_is_not_a_picture_is_refused(tmp_path, name):
    path = tmp_path / "a.png"
    path.write_bytes(TEXTS[name])
    assert reason(path, "still") == "not_picture"


def test_a23_a_pixel_bomb_and_a_torn_picture_are_refused(tmp_path):
    path = tmp_path / "a.png"
    Image.new("1", (12_000, 12_000)).save(path)
    assert reason(path, "still") == "size"
    Image.new("1", (7000, 7000)).save(path)
    assert reason(path, "still") == "size"
    Image.effect_noise((300, 300), 90).save(path)
    path.write_bytes(path.read_bytes()[:20_000])
    assert reason(path, "still") == "truncated"
