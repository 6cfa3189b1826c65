"""Pictures with parts that cannot be read, or of kinds that are met seldom: the picture is taken and
looks as it did, the part is left behind. A vendor's still is kept for the same reasons."""

import struct
import warnings
import zlib
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.uploads.cleaning import BadPicture, clean
from tests.uploads.odd import (
    SIZE,
    chunk,
    exif_past_the_end,
    heic,
    index_of_pictures,
    jpeg,
    png,
    saved,
    shades,
    turned,
    with_chunks,
    with_segment,
)
from videos.media import probe_still
from videos.media.formats import kind_of
from videos.media.probe import Limits, probe
from videos.uploads.kinds import kind_from_head

UPRIGHT = (480, 640)
NOTES = zlib.compress(b"{}" * 1_000_000)
ODD = {
    # what cameras and programs write beside the picture
    "EXIF past the end": (with_segment(jpeg(), 0xE1, exif_past_the_end()), UPRIGHT),
    "EXIF of nothing": (with_segment(jpeg(), 0xE1, b"Exif\0\0"), SIZE),
    "EXIF of noise": (with_segment(jpeg(), 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(9)), SIZE),
    "EXIF turned in ten ways": (with_segment(jpeg(), 0xE1, exif_past_the_end(10)), SIZE),
    "MPF past the end": (with_segment(jpeg(), 0xE2, index_of_pictures(2)), SIZE),
    "MPF of noise": (with_segment(jpeg(), 0xE2, b"MPF\0II*\0" + b"\xff" * 30), SIZE),
    "a profile in no parts": (with_segment(jpeg(), 0xE2, b"ICC_PROFILE\0"), SIZE),
    "Photoshop's notes": (with_segment(jpeg(), 0xED, b"Photoshop 3.0\x008BIM\xff\xff"), SIZE),
    "Adobe's of two bytes": (with_segment(jpeg(), 0xEE, b"Ad"), SIZE),
    "a comment of nothing": (with_segment(jpeg(), 0xFE, b""), SIZE),
    "a film behind the picture": (jpeg() + b"\0\0\0\x18ftypmp42" + bytes(5000), SIZE),
    "pictures behind the picture": (saved(shades(), "MPO", save_all=True, append_images=[shades((64, 48))]), SIZE),
    "a page behind the picture": (png() + b"<html>", SIZE),
    "2 MB of compressed notes": (with_chunks(png(), chunk(b"iTXt", b"workflow\0\1\0\0\0" + NOTES)), SIZE),
    "the same the old way": (with_chunks(png(), chunk(b"zTXt", b"workflow\0\0" + NOTES)), SIZE),
    "2 MB of plain notes": (with_chunks(png(), chunk(b"tEXt", b"workflow\0" + b"x" * 2_000_000)), SIZE),
    "70 MB in 80 notes": (with_chunks(png(), *[chunk(b"zTXt", b"n\0\0" + zlib.compress(bytes(900_000)))] * 80), SIZE),
    "notes behind the picture": (png()[:-12] + chunk(b"zTXt", b"n\0\0" + NOTES) + png()[-12:], SIZE),
    "notes that are not packed": (with_chunks(png(), chunk(b"zTXt", b"n\0\x09words")), SIZE),
    "a wrong checksum beside the picture": (with_chunks(png(), chunk(b"tIME", bytes(7), checksum=1)), SIZE),
    "a time of three bytes": (with_chunks(png(), chunk(b"tIME", bytes(3))), SIZE),
    "a resolution of nothing": (with_chunks(png(), chunk(b"pHYs", b"")), SIZE),
    "chunks that nobody knows": (with_chunks(png(), *[chunk(b"prVt", b"")] * 20_000), SIZE),
    "frames that do not follow": (with_chunks(png(), chunk(b"fcTL", struct.pack(">I", 9) + bytes(22))), SIZE),
    "no frames at all": (with_chunks(png(), chunk(b"acTL", bytes(8))), SIZE),
    "a profile of 9 MB": (with_chunks(png(), chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(9_000_000)))), SIZE),
    "a profile that is none": (with_chunks(png(), chunk(b"iCCP", b"p\0\0" + zlib.compress(b"words"))), SIZE),
    "a profile that is not packed": (with_chunks(png(), chunk(b"iCCP", b"words")), SIZE),
    # turned upright, whatever the format
    "a turned PNG": (png(exif=turned()), UPRIGHT),
    "a turned WebP": (saved(shades(), "WEBP", exif=turned()), UPRIGHT),
    "a turned AVIF": (saved(shades(), "AVIF", exif=turned()), UPRIGHT),
    "a turned HEIC": (heic(shades(), exif=turned()), UPRIGHT),
    # kinds of pixels
    "WebP": (saved(shades(), "WEBP"), SIZE),
    "AVIF": (saved(shades(), "AVIF"), SIZE),
    "HEIC": (heic(shades()), SIZE),
    "progressive": (jpeg(progressive=True), SIZE),
    "a palette": (saved(shades().quantize(200), "PNG"), SIZE),
    "a GIF": (saved(shades().quantize(200), "GIF"), SIZE),
    "grey with alpha": (saved(shades().convert("LA"), "PNG"), SIZE),
    "grey of 16 bits": (saved(Image.linear_gradient("L").resize(SIZE).convert("I;16"), "PNG"), SIZE),
    "black and white": (saved(shades().convert("1"), "PNG"), SIZE),
    "for print": (saved(shades().convert("CMYK"), "JPEG"), SIZE),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_the_picture_is_taken_and_what_cannot_be_read_is_left_behind(name):
    picture, size = ODD[name]
    made = clean(picture)
    assert (made.width, made.height) == size
    assert b"workflow" not in made.data


@pytest.mark.parametrize("name", ODD)
def test_nor_is_a_vendors_still_thrown_away_for_it(tmp_path, name):
    picture, size = ODD[name]
    (tmp_path / "a").write_bytes(picture)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        facts = probe_still.look(str(tmp_path / "a"), str(tmp_path / "b"), asdict(Limits()))
    assert (facts["width"], facts["height"]) == size
    with Image.open(tmp_path / "b") as poster:
        assert poster.mode == "RGB" and poster.size[0] == size[0]


@pytest.mark.parametrize("name", ["EXIF past the end", "2 MB of compressed notes", "AVIF", "HEIC"])
def test_the_child_says_the_same(tmp_path, name):
    (tmp_path / "a.PNG").write_bytes(ODD[name][0])
    facts = probe(tmp_path / "a.PNG", "still", poster_path=tmp_path / "b")
    assert (facts.width, facts.height) == ODD[name][1]


# --- what it is, by its bytes ---------------------------------------------------


def brands(*names: bytes) -> bytes:
    return struct.pack(">I", 8 + 4 * len(names) + 4) + b"ftyp" + names[0] + bytes(4) + b"".join(names[1:])


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (brands(b"heic", b"mif1"), "heic"),
        (brands(b"mif1", b"heic", b"mif1"), "heic"),
        (brands(b"mif1", b"avif", b"miaf"), "avif"),
        (brands(b"avis", b"msf1"), "avif"),
        (brands(b"msf1", b"hevc"), "heic"),
        (brands(b"isom", b"mp41", b"avif"), "iso"),
        (brands(b"qt  "), "iso"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"  <SVG xmlns", "SVG"),
        (b"", ""),
    ],
)
def test_the_first_bytes_say_what_it_is(head, kind):
    assert kind_of(head) == kind and kind_from_head(head) == ("film" if kind == "iso" else "picture")


@given(st.binary(max_size=64))
def test_any_first_bytes_have_an_answer(head):
    assert isinstance(kind_of(head), str)


def test_a_burst_without_a_main_picture_is_refused_by_its_name():
    burst = brands(b"msf1", b"hevc") + struct.pack(">I4s", 8, b"moov") + struct.pack(">I4s", 8, b"mdat")
    with pytest.raises(BadPicture) as caught:
        clean(burst)
    assert (caught.value.code, caught.value.values) == ("other_format", {"format": "HEIC sequence"})
