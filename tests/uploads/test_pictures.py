"""A stranger's picture made into one of ours: decoded under limits, made anew."""

import base64
import hashlib
import io
import tracemalloc
import zlib
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from tests.uploads.cleaning import BadPicture, clean
from videos.uploads.pictures import MAX_BYTES, data_uri


def saved(picture, kind="PNG", **more):
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def photo(size=(800, 600)):
    return Image.merge("RGB", [Image.effect_noise(size, spread) for spread in (90, 60, 30)])


def reopened(cleaned):
    return Image.open(io.BytesIO(cleaned.data))


def refused(data):
    with pytest.raises(BadPicture) as caught:
        clean(data)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_becomes_a_jpeg_of_the_same_size(kind):
    cleaned = clean(saved(photo(), kind))
    assert (cleaned.media_type, cleaned.width, cleaned.height, cleaned.notes) == ("image/jpeg", 800, 600, ())
    assert cleaned.sha256 == hashlib.sha256(cleaned.data).hexdigest()
    with reopened(cleaned) as again:
        assert (again.format, again.size, again.mode) == ("JPEG", (800, 600), "RGB")


def test_transparency_and_drawings_stay_png():
    glass = Image.new("RGBA", (400, 400), (200, 0, 0, 90))
    with reopened(clean(saved(glass))) as again:
        assert (again.format, again.mode, again.getpixel((5, 5))) == ("PNG", "RGBA", (200, 0, 0, 90))
    drawing = Image.new("RGB", (400, 400), "white")
    ImageDraw.Draw(drawing).line((0, 0, 399, 399), fill=(1, 2, 3), width=3)
    with reopened(clean(saved(drawing))) as again:
        assert (again.format, again.mode, again.getpixel((200, 200))) == ("PNG", "RGB", (1, 2, 3))


def test_an_alpha_channel_that_hides_nothing_is_dropped():
    opaque = photo().convert("RGBA")
    assert clean(saved(opaque)).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_understood(mode):
    picture = Image.new("L", (320, 320), 128)
    picture = Image.new("I;16", (320, 320), 128 * 256) if mode == "I;16" else picture.convert(mode)
    with reopened(clean(saved(picture))) as again:
        grey = again.convert("RGB").getpixel((3, 3))
    assert grey in [(255, 255, 255), (0, 0, 0)] if mode == "1" else abs(grey[0] - 128) < 3


def test_a_print_jpeg_becomes_rgb():
    with reopened(clean(saved(photo().convert("CMYK"), "JPEG"))) as again:
        assert again.mode == "RGB"


def test_a_gif_gives_its_first_frame_and_says_so():
    frames = [Image.new("RGB", (320, 320), colour) for colour in ("red", "blue")]
    cleaned = clean(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert cleaned.notes == ("first_frame",)
    with reopened(cleaned) as again:
        assert again.convert("RGB").getpixel((9, 9)) == (255, 0, 0)


def test_a_turned_photo_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (600, 400), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 300, 200))
    cleaned = clean(saved(picture, "JPEG", exif=exif, quality=95))
    assert (cleaned.width, cleaned.height) == (400, 600)
    with reopened(cleaned) as again:
        red, _, blue = again.getpixel((390, 10))
        assert red > 200 > 60 > blue


def test_a25_position_profile_and_notes_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRETNOTE")
    text.add_itxt("XML:com.adobe.xmp", "<x>SECRETXMP</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for picture in (photo(), Image.new("RGBA", (400, 400), (9, 9, 9, 9))):
        for data in (
            saved(picture, "PNG", exif=exif, pnginfo=text, icc_profile=profile),
            saved(picture.convert("RGB"), "JPEG", exif=exif, icc_profile=profile, comment=b"SECRETNOTE"),
            saved(picture, "WEBP", exif=exif, icc_profile=profile, xmp=b"<x>SECRETXMP</x>"),
        ):
            assert b"SECRET" in data
            cleaned = clean(data)
            assert b"SECRET" not in cleaned.data
            with reopened(cleaned) as again:
                assert not again.getexif()
                assert not {"icc_profile", "xmp", "comment", "Comment", "exif"} & set(again.info)


def test_colours_of_another_space_are_converted_before_the_profile_goes():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = lab.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
    with reopened(clean(saved(Image.new("RGB", (400, 400), (250, 0, 0)), icc_profile=swapped))) as again:
        red, _, blue = again.convert("RGB").getpixel((5, 5))
    assert blue > 200 > 60 > red
    with reopened(clean(saved(Image.new("RGB", (400, 400), (250, 0, 0)), icc_profile=b"broken"))) as again:
        assert again.convert("RGB").getpixel((5, 5)) == (250, 0, 0)


# --- what vendors ask -------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "result", "notes"),
    [
        ((300, 300), (300, 300), ()),
        ((6000, 3000), (6000, 3000), ()),
        ((150, 200), (300, 400), ("enlarged",)),
        ((299, 400), (300, 401), ("enlarged",)),
        ((7500, 3000), (6000, 2400), ("reduced",)),
        ((2800, 7000), (2400, 6000), ("reduced",)),
        ((400, 1000), (400, 1000), ()),
        ((1000, 400), (1000, 400), ()),
    ],
)
def test_sides_are_brought_within_300_and_6000(size, result, notes):
    cleaned = clean(saved(Image.new("RGB", size)))
    assert ((cleaned.width, cleaned.height), cleaned.notes) == (result, notes)


def test_what_resizing_cannot_mend_is_refused_with_the_numbers():
    stamp = refused(saved(Image.new("RGB", (149, 200))))
    assert (stamp.code, stamp.values) == ("too_small", {"side": 149, "limit": 150})
    for size, shape in (((1000, 399), 2.506), ((399, 1000), 0.399), ((5000, 10), 500)):
        bad = refused(saved(Image.new("RGB", size)))
        assert (bad.code, bad.values) == ("bad_shape", {"shape": shape, "minimum": 0.4, "maximum": 2.5})


@pytest.mark.long
def test_a_result_past_30_mb_is_made_smaller():
    noise = Image.effect_noise((2800, 2800), 200)
    glass = Image.merge("RGBA", [noise, noise.rotate(90), noise.rotate(180), noise.rotate(270)])
    data = saved(glass, "WEBP", quality=40, method=0)
    assert len(data) < MAX_BYTES
    cleaned = clean(data)
    assert len(cleaned.data) < MAX_BYTES
    assert cleaned.notes == ("reduced",)
    assert cleaned.media_type == "image/png"
    assert cleaned.width == cleaned.height < 2800


# --- what is refused --------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        saved(photo())[:5000],
        saved(photo(), "JPEG")[:5000],
        saved(photo(), "WEBP")[:5000],
        saved(photo(), "AVIF")[:5000],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_a24_a_picture_that_is_torn_is_refused_as_such(data):
    assert refused(data).code == "cut_short"


@pytest.mark.parametrize("data", [b"hello", b"\0" * 90, b"ftypheic", b"<!doctype html>", b"#EXTM3U\n"])
def test_a24_what_is_no_picture_is_refused(data):
    assert refused(data).code == "not_a_picture"


OTHERS = {
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "PDF": b"%PDF-1.7",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "ICO": saved(Image.new("RGB", (320, 320)), "ICO"),
    "BMP": saved(Image.new("RGB", (320, 320)), "BMP"),
    "TIFF": saved(Image.new("RGB", (320, 320)), "TIFF"),
    "JPEG 2000": saved(Image.new("RGB", (320, 320)), "JPEG2000"),
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(90),
    "PSD": b"8BPS\0\1" + bytes(90),
    "QOI": b"qoif" + bytes(90),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a24_another_format_is_refused_by_its_name(name):
    bad = refused(OTHERS[name])
    assert (bad.code, bad.values) == ("other_format", {"format": name})


def test_nothing_and_too_much_are_refused():
    assert refused(b"").code == "empty"
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES)).values == {"limit_mb": 30}


def bomb(width, height):
    """A PNG of a few kilobytes that unpacks to ``width`` x ``height`` pixels."""

    def chunk(kind, body):
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes(1024), 9)
    size = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6325, 12_000, 60_000])
def test_a23_a_pixel_bomb_is_refused_before_it_is_unpacked(side):
    tracemalloc.start()
    bad = refused(bomb(side, side))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (bad.code, bad.values) == ("too_many_pixels", {"limit_mp": 40})
    assert peak < 64_000_000


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF"]),
)
def test_any_bytes_are_judged_and_never_crash(data, magic):
    with pytest.raises(BadPicture):
        clean(magic + data)


_WHOLE = saved(photo((320, 320)), "PNG"), saved(photo((320, 320)), "JPEG"), saved(photo((320, 320)), "WEBP")


@given(st.sampled_from(_WHOLE), st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_damaged_picture_is_refused_or_made_whole(whole, at, damage):
    try:
        cleaned = clean(whole[:at] + damage + whole[at + len(damage) :])
    except BadPicture:
        return
    assert min(cleaned.width, cleaned.height) >= 300


def test_a_picture_as_a_data_uri():
    uri = data_uri(b"\x00\xff", "image/png")
    assert uri == "data:image/png;base64,AP8="
    assert base64.b64decode(uri.partition(",")[2]) == b"\x00\xff"
