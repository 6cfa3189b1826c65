"""Colours and frames: what is seen is what was seen before, in every mode of every format."""

import pytest
from PIL import Image

from tests.uploads.cleaning import clean
from tests.uploads.odd import SRGB, SWAPPED, colour, gray_profile, heic, saved

RED = Image.new("RGB", (400, 400), (250, 0, 0))


@pytest.mark.parametrize(
    "picture",
    [
        saved(RED, "PNG", icc_profile=SWAPPED),
        saved(RED.quantize(4), "PNG", icc_profile=SWAPPED),
        saved(RED.convert("RGBA"), "PNG", icc_profile=SWAPPED),
        saved(RED, "WEBP", icc_profile=SWAPPED, lossless=True),
        saved(RED, "JPEG", icc_profile=SWAPPED),
        saved(RED, "AVIF", icc_profile=SWAPPED),
        heic(RED, icc_profile=SWAPPED),
    ],
    ids=["RGB", "palette", "alpha", "WebP", "JPEG", "AVIF", "HEIC"],
)  # fmt: skip
def test_colours_of_another_space_are_converted_in_every_mode(picture):
    red, _green, blue = colour(clean(picture))
    assert blue > 200 > 60 > red


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_so_are_greys(mode):
    grey = Image.new("L", (400, 400), 128).convert(mode)
    assert abs(colour(clean(saved(grey, "PNG", icc_profile=gray_profile())))[0] - 188) < 4
    assert abs(colour(clean(saved(grey, "PNG", icc_profile=SRGB)))[0] - 128) < 3  # its program's, of colours


def test_a_profile_of_another_kind_of_pixels_is_no_profile():
    assert colour(clean(saved(RED, "PNG", icc_profile=gray_profile()))) == (250, 0, 0)
    print_red = clean(saved(RED.convert("CMYK"), "JPEG", icc_profile=SWAPPED))
    assert colour(print_red)[0] > 200 > 60 > colour(print_red)[2]


# --- several pictures -----------------------------------------------------------


FRAMES = [Image.new("RGB", (320, 320), name) for name in ("red", "blue")]


@pytest.mark.parametrize(
    ("picture", "notes"),
    [
        (saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), ("first_frame",)),
        (saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]), ("first_frame",)),
        (saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), ("first_frame",)),
        (saved(FRAMES[0], "AVIF", save_all=True, append_images=FRAMES[1:]), ("first_frame",)),
        (heic(*FRAMES), ("main_picture",)),
        (saved(FRAMES[0], "MPO", save_all=True, append_images=FRAMES[1:]), ()),  # a phone's own preview
    ],
    ids=["GIF", "APNG", "WebP", "AVIF", "HEIC", "MPO"],
)
def test_of_several_the_first_or_main_one_is_taken_and_it_is_said(picture, notes):
    made = clean(picture)
    assert made.notes == notes
    red, _green, blue = colour(made)
    assert red > 200 > 60 > blue


ONE = saved(FRAMES[0], "GIF")[:-1]


@pytest.mark.parametrize(
    "rest", [b",\0\0", b",\xff" + b"\xff" * 9, b"!\xf9\x04", b"," + bytes(8) + b"\x80", b"noise"]
)
def test_a_second_frame_that_is_broken_takes_nothing_from_the_first(rest):
    made = clean(ONE + rest)
    red, _green, blue = colour(made)
    assert red > 200 > 60 > blue
