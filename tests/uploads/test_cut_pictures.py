"""Pictures that are cut short or damaged: any bytes are made a picture, or refused with a reason."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.uploads.cleaning import BadPicture, clean
from tests.uploads.odd import chunk, colour, heic, jpeg, png, saved, shades


@pytest.mark.parametrize(
    ("picture", "missing"),
    [(jpeg(), 2), (jpeg(), 40), (png(), 12), (png(), 16), (png(), 40)],
    ids=["JPEG without its end", "JPEG", "PNG without its end", "PNG without a checksum", "PNG"],
)
def test_a_picture_without_its_last_bytes_is_taken(picture, missing):
    made = clean(picture[:-missing])
    assert made.width == 640 and 470 <= made.height <= 480
    assert made.height == 480 or made.notes == ("cut_short",)
    assert colour(made, (320, made.height - 1))[1] > 230  # down to its last line it is the picture


@pytest.mark.parametrize(
    ("picture", "part"),
    [
        (jpeg(), 0.5),
        (jpeg(progressive=True), 0.9),
        (png(), 0.5),
        (saved(shades(), "WEBP"), 0.9),
        (saved(shades(), "AVIF"), 0.9),
        (heic(shades()), 0.9),
        (saved(shades().quantize(200), "GIF"), 0.5),
    ],
    ids=["JPEG", "progressive", "PNG", "WebP", "AVIF", "HEIC", "GIF"],
)
def test_of_one_that_lacks_a_part_it_is_said(picture, part):
    with pytest.raises(BadPicture) as caught:
        clean(picture[: int(len(picture) * part)])
    assert caught.value.code == "cut_short"


@pytest.mark.parametrize("size", [(0, 480), (640, 0), (0, 0)])
def test_a_picture_of_no_size_is_damaged(size):
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    with pytest.raises(BadPicture) as caught:
        clean(png()[:8] + chunk(b"IHDR", head) + png()[33:])
    assert caught.value.code == "cut_short"


FRAMES = [shades(), shades().rotate(180)]
WHOLE = [
    png(),
    jpeg(),
    saved(shades(), "WEBP"),
    saved(shades(), "AVIF"),
    heic(shades()),
    saved(shades().quantize(9), "GIF"),
    *[
        saved(FRAMES[0], kind, save_all=True, append_images=FRAMES[1:])
        for kind in ("GIF", "PNG", "WEBP", "AVIF", "MPO")
    ],
    heic(*FRAMES),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.binary(max_size=12), st.floats(0.1, 1))
def test_any_bytes_are_made_a_picture_or_refused_and_nothing_else(whole, at, damage, part):
    damaged = whole[:at] + damage + whole[at + len(damage) :]
    try:
        made = clean(damaged[: int(len(damaged) * part)])
    except BadPicture as bad:
        assert bad.code in (
            "cut_short",
            "not_a_picture",
            "other_format",
            "too_many_pixels",
            "too_small",
            "bad_shape",
            "empty",
        )
    else:
        assert min(made.width, made.height) >= 300


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=12)), max_size=9))
def test_nor_does_anything_else_come_of_damage_in_many_places(whole, damages):
    for at, damage in damages:
        whole = whole[:at] + damage + whole[at + len(damage) :]
    try:
        clean(whole)
    except BadPicture as bad:
        assert bad.code
