"""The films are real, and what was asked for."""

import io
import os
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import av
import httpx
import pytest
from PIL import Image, ImageChops

from tests.sandbox.asking import Film, client, far, mean, org, org_end, until
from videos.sandbox.film import caption, reel, still
from videos.sandbox.film.recipe import Recipe
from videos.sandbox.film.scenery import View
from videos.sandbox.film.scenes import FAMILIES
from videos.sandbox.film.shapes import film_size, still_size
from videos.sandbox.film_queue import KEPT, FilmRenderer

NOTHING = {"start": [], "end": [], "reference": []}
TOP, BOTTOM = (0, 0, 1, 0.5), (0, 0.75, 1, 1)


@cache
def plain_film(sandbox):
    asking = client(sandbox, "seedanceapi-org")
    told = org_end(asking, org(asking, "Sunrise over five ridges", generate_audio=True))
    return told, Film(told["response"][0])


def test_a_film_is_h264_with_sound_of_the_length_asked_for(sandbox):
    _, film = plain_film(sandbox)
    assert (film.codec, film.pixels, film.size, film.rate) == ("h264", "yuv420p", (864, 480), 24)
    assert film.sound == ["aac"]
    assert len(film.frames) == 96
    assert abs(film.seconds - 4) <= 1 / 24


def test_a_player_can_start_before_it_has_the_whole_file(sandbox):
    _, film = plain_film(sandbox)
    assert film.data.index(b"moov") < film.data.index(b"mdat")


def test_a_range_of_a_film_can_be_fetched(sandbox):
    told, film = plain_film(sandbox)
    part = httpx.get(told["response"][0], headers={"Range": "bytes=100-199"}, trust_env=False)
    assert (part.status_code, part.content) == (206, film.data[100:200])
    beyond = httpx.get(told["response"][0], headers={"Range": "bytes=99999999-"}, trust_env=False)
    assert beyond.status_code == 416


def test_something_moves_and_the_loop_meets_itself(sandbox):
    _, film = plain_film(sandbox)
    first, middle, again = (film.frames[index] for index in (0, reel.LOOP // 2, reel.LOOP))

    def difference(one, other):
        grey = ImageChops.difference(one, other).convert("L")
        return sum(value * count for value, count in enumerate(grey.histogram())) / (grey.width * grey.height)

    assert difference(first, middle) > 2
    assert difference(first, again) < difference(first, middle) / 3


def test_an_address_cannot_be_guessed(sandbox):
    told, _ = plain_film(sandbox)
    token = told["response"][0].split("/media/")[1].split("/")[0]
    assert len(token) >= 22
    wrong = told["response"][0].replace(token, token[::-1])
    assert httpx.get(wrong, trust_env=False).status_code == 404


def test_the_film_continues_from_the_start_picture(sandbox, studio):
    asking = client(sandbox, "seedanceapi-org")
    told = org_end(asking, org(asking, "It begins red", image_urls=[f"{studio.url}/red.png"]))
    film = Film(told["response"][0])
    assert far(mean(film.frames[0], TOP), (220, 30, 30)) < 14
    assert film.sound == []


@pytest.mark.parametrize("prompt", ["A fox in the snow", "一只戴着墨镜的猫在沙滩上行走,背景是棕榈树"])
def test_the_prompt_stands_in_the_picture(prompt):
    with_words = caption.overlay((864, 480), prompt, [])
    without = caption.overlay((864, 480), "", [])
    words = ImageChops.difference(with_words.crop((0, 380, 864, 480)), without.crop((0, 380, 864, 480)))
    bright = words.convert("RGB").convert("L").point(lambda value: 255 if value > 120 else 0)
    assert bright.getbbox() is not None
    assert bright.histogram()[255] > 300


def test_the_font_has_every_letter_of_the_documents():
    face = caption.font(32)
    missing = bytes(face.getmask(""))
    for letter in "一只戴着墨镜的猫在沙滩上行走背景是棕榈树Größe äöüß éèñ":
        assert letter == " " or bytes(face.getmask(letter)) != missing, letter


def test_a_long_prompt_is_cut_with_an_ellipsis():
    face = caption.font(20)
    rows = caption.wrap("words and more words " * 40, face, 300, 2)
    assert len(rows) == 2
    assert rows[-1].endswith("…")
    assert all(face.getlength(row) <= 300 for row in rows)
    assert caption.wrap("漫" * 100, face, 200, 3)[-1].endswith("…")
    assert all(face.getlength(row) <= 120 for row in caption.wrap("x" * 90, face, 120, 9))


def test_references_stand_in_a_row_above_the_words():
    reference = Image.new("RGB", (50, 50), (250, 10, 10))
    layer = caption.overlay((864, 480), "Two of them", [reference, reference])
    reds = layer.convert("RGB").point(lambda value: value)
    found = [x for x in range(864) if far(reds.getpixel((x, 350)), (250, 10, 10)) < 30]
    assert len(found) > 100
    assert max(found) - min(found) > len(found)  # with a gap between them


def test_an_end_picture_is_where_the_film_ends(tmp_path: Path):
    pictures = {"start": [Image.new("RGB", (64, 36), "red")], "end": [Image.new("RGB", (64, 36), "blue")]}
    recipe = Recipe("From red to blue", 480, 272, frames=61, last_frame=True)
    reel.write(recipe, {**NOTHING, **pictures}, tmp_path)
    with av.open(str(tmp_path / recipe.file)) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]
    assert len(frames) == 61
    assert far(mean(frames[0], TOP), (254, 0, 0)) < 20
    assert far(mean(frames[-1], TOP), (0, 0, 254)) < 20
    kept = Image.open(tmp_path / recipe.last_frame_file)
    assert far(mean(kept, BOTTOM), mean(frames[-1], BOTTOM)) < 6


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [(240, 136), (136, 240), (240, 102)])
def test_every_scene_fills_every_shape_and_moves(family, size):
    scene = FAMILIES[family](View(*size, Random(4)))
    first, middle = scene.draw(0.0), scene.draw(0.5)
    assert first.size == size
    assert first.mode == "RGB"
    assert ImageChops.difference(first, middle).getbbox() is not None
    assert ImageChops.difference(first, scene.draw(0.0)).getbbox() is None
    assert len(first.getcolors(size[0] * size[1])) > 500


@pytest.mark.parametrize(
    ("resolution", "aspect", "size"),
    [
        ("480p", "16:9", (864, 480)), ("720p", "16:9", (1280, 720)), ("1080p", "16:9", (1920, 1080)),
        ("720p", "9:16", (720, 1280)), ("720p", "1:1", (960, 960)), ("480p", "21:9", (960, 416)),
        ("480p", "9:21", (416, 960)),
    ],
)  # fmt: skip
def test_sizes_are_those_upstream_makes(resolution, aspect, size):
    assert film_size(resolution, aspect) == size


def test_stills_have_their_longer_side_in_full():
    assert still_size("2K", Fraction(3, 2)) == (2048, 1366)
    assert still_size("1K", Fraction(1, 3)) == (342, 1024)


def test_a_still_is_a_picture_of_its_form(sandbox):
    asking = client(sandbox, "seedance2ai")
    body = {"type": "text-to-image", "prompt": "A paper boat", "output_format": "jpeg", "image_size": "4:5"}
    answer = asking.post("/api/v1/image/nano-banana-pro", json=body).json()
    told = until(
        lambda: asking.get(f"/api/v1/tasks/{answer['id']}").json(), lambda one: one["status"] != "processing"
    )
    data = httpx.get(told["output"]["images"][0]["url"], trust_env=False)
    found = Image.open(io.BytesIO(data.content))
    assert (found.format, found.size, data.headers["content-type"]) == ("JPEG", (820, 1024), "image/jpeg")


def test_takes_of_one_picture_differ(tmp_path):
    pictures = {**NOTHING, "start": [Image.radial_gradient("L").convert("RGB")]}
    found = set()
    for variant in range(3):
        recipe = Recipe("The same, but", 160, 90, kind="still", form="png", variant=variant)
        still.write(recipe, pictures, tmp_path)
        found.add((tmp_path / recipe.file).read_bytes())
    assert len(found) == 3


def test_the_cache_drops_what_was_used_least_recently(tmp_path):
    films, pictures = tmp_path / "films", tmp_path / "pictures"
    room = FilmRenderer(films, pictures, most_bytes=1000)
    for number in range(20):
        (films / f"{number}.mp4").write_bytes(b"x" * 100)
        os.utime(films / f"{number}.mp4", (number, number))
    room.make_room()
    assert {int(path.stem) for path in films.iterdir()} == set(range(20 - KEPT, 20))
