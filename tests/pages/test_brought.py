"""Behaviour 4 with the files people really have: a phone's HEIC and film, a GIF, a turned photo,
and what only looks like a picture. Through the front door."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.builders import a_key
from tests.media.odd import coded, numbered, trimmed
from tests.media.probing import TEXTS
from tests.pages import door
from tests.pages.bringing import a_bomb, a_film, a_gif, a_heic, a_photo_with_a_place
from tests.pages.pictures import a_file, an_upload
from videos import vault
from videos.media.store import Store
from videos.models import Draft, Job, JobPicture, Upload

pytestmark = pytest.mark.django_db
UPLOADS, PRESS, DRAFT = (f"/t/northlight/{name}/" for name in ("uploads", "generations", "draft"))
STILLS = "seedanceapi-org/seedance-2.0"
MEDIA = "seedance2ai/seedance"


def brought(client, data: bytes, name: str) -> Upload:
    answer = client.post(UPLOADS, {"file": a_file(name=name, data=data)})
    assert answer.status_code == 200, answer.content
    return Upload.objects.get(pk=answer.json()["id"])


def refused(client, data: bytes, name: str) -> str:
    files = sorted(settings.MEDIA.rglob("*"))
    answer = client.post(UPLOADS, {"file": a_file(name=name, data=data)})
    assert answer.status_code == 422 and not Upload.objects.exists()
    assert sorted(path for path in settings.MEDIA.rglob("*") if path.name != "parts") == [
        path for path in files if path.name != "parts"
    ]
    return answer.json()["error"]


def a_film_of(coder: str) -> bytes:
    with TemporaryDirectory() as folder:
        return coded(Path(folder) / "a.mov", coder).read_bytes()


def bytes_of(client, upload: Upload, name: str = "upload_file") -> bytes:
    return b"".join(client.get(reverse(name, args=["northlight", upload.pk])).streaming_content)


def test_a_phones_heic_becomes_a_jpeg(as_alice):
    upload = brought(as_alice, a_heic(), "IMG_0001.HEIC")
    assert (upload.media_type, upload.width, upload.height, upload.name) == (
        "image/jpeg",
        800,
        600,
        "IMG_0001.HEIC",
    )
    with Image.open(io.BytesIO(bytes_of(as_alice, upload))) as kept:
        assert kept.format == "JPEG"


def an_avif() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((800, 600)).save(out, "AVIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (a_heic, "photo.jpg"),
        (an_avif, "PHOTO.PNG"),
        (a_photo_with_a_place, "photo.heic"),
        (a_gif, "clip.mp4"),
    ],
)
def test_what_a_picture_is_goes_by_its_bytes_and_not_by_its_name(as_alice, make, name):
    assert brought(as_alice, make(), name).media_type.startswith("image/")


def test_a_turned_photo_stands_upright_and_its_place_is_gone(as_alice):
    upload = brought(as_alice, a_photo_with_a_place(), "photo.jpg")
    kept = bytes_of(as_alice, upload)
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (600, 900) and not shown.getexif()
        assert shown.getpixel((590, 10))[0] > 180


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (lambda: b"only words", "holiday.png", "holiday.png is no picture that can be read"),
        (lambda: b"\x89PNG" + bytes(31_000_000), "huge.png", "huge.png is larger than 30 MB"),
        (a_bomb, "bomb.png", "bomb.png has more than 40 million pixels"),
        (lambda: a_heic()[:300], "half.heic", "half.heic is cut short or damaged"),
        (lambda: b"\0\0\0\x18ftypheic" + bytes(31_000_000), "huge.heic", "huge.heic is larger than 30 MB"),
        (lambda: a_film(1), "short.mp4", "short.mp4 runs 1.0 seconds; 2 to 15 are taken"),
        (lambda: a_film(16), "long.mp4", "long.mp4 runs 16.0 seconds; 2 to 15 are taken"),
        (lambda: a_film(3, (256, 256)), "small.mp4", "256 × 256 pixels; each side needs 300 to 6000"),
        (lambda: a_film(3, (1280, 320)), "wide.mp4", "wide.mp4 is too long or too tall"),
        (lambda: a_film()[:-20], "cut.mp4", "cut.mp4 ends too early: a part of the film is missing"),
        (lambda: TEXTS["webm"], "other.webm", "other.webm is no film that can be read (MP4 or MOV)"),
        (lambda: b"\0\0\0\x08wide" + bytes(99), "live.mov", "live.mov ends too early"),
        (lambda: a_film_of("cinepak"), "old.mov", "old.mov is a film in CINEPAK; H.264, H.265"),
        (lambda: a_film() + bytes(51_000_000), "huge.mp4", "huge.mp4 is larger than 50 MB"),
    ],
    ids=["text", "31 MB", "bomb", "half a heic", "huge heic", "short", "long", "small", "wide", "cut", "webm", "live", "cinepak", "51 MB"],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_limit_and_leaves_nothing(as_alice, make, name, words):
    assert words in refused(as_alice, make(), name)


def test_a20_a_page_behind_a_film_does_not_come_along(as_alice):
    upload = brought(as_alice, a_film() + TEXTS["html"], "polyglot.mp4")
    assert TEXTS["html"] not in Store(settings.MEDIA).path(upload.file).read_bytes()


@pytest.mark.parametrize("name", TEXTS)
def test_a20_a_playlist_or_a_page_named_mp4_is_no_video(as_alice, name):
    assert refused(as_alice, TEXTS[name], "evil.mp4")


def test_a_film_is_kept_once_with_its_length_and_a_poster(as_alice, as_bob, team):
    upload = brought(as_alice, a_film(), "boat.mp4")
    assert (upload.media, upload.media_type, upload.width, upload.height) == ("video", "video/mp4", 640, 360)
    assert upload.seconds == pytest.approx(3, abs=0.1)
    assert upload.bytes == Store(settings.MEDIA).path(upload.file).stat().st_size
    assert brought(as_bob, a_film(), "again.mp4").pk == upload.pk
    part = as_bob.get(reverse("upload_file", args=["northlight", upload.pk]), headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"ftyp")
    with Image.open(io.BytesIO(bytes_of(as_bob, upload, "upload_poster"))) as poster:
        assert (poster.format, poster.size) == ("JPEG", (640, 360))
    assert not list((settings.MEDIA / "parts").glob("*"))


def test_of_a_trimmed_film_what_was_left_is_kept_and_that_is_said(as_alice, tmp_path):
    path = trimmed(numbered(tmp_path / "a.mp4", frames=120, size=(320, 320)), (2.4, 1.2))
    upload = brought(as_alice, path.read_bytes(), "trimmed.mp4")
    assert (upload.seconds, upload.notes) == (2.4, ["cut"])
    library = as_alice.get(reverse("picture_page", args=["northlight", upload.pk])).content.decode()
    assert "Only what was left of it when it was trimmed." in library


def test_the_posters_door(as_alice, team, alice, charlie):
    upload = brought(as_alice, a_film(), "boat.mp4")
    door.check("upload_poster", ["northlight", upload.pk], stranger=charlie, post=False)
    still = an_upload(team, alice)
    assert as_alice.get(reverse("upload_poster", args=["northlight", still.pk])).status_code == 404


def form(model: str, **more) -> dict:
    return {"model": model, "was": model, "prompt": "A harbour at night", "client_token": "t"} | more


def test_a_film_is_told_to_the_vendor_as_one_and_served_in_parts(as_alice, team):
    a_key(team, vendor="seedance2ai")
    film, still = brought(as_alice, a_film(), "boat.mp4"), brought(as_alice, a_heic(), "a.heic")
    sent = form(MEDIA) | {"picture.reference": [still.pk, film.pk]}
    assert as_alice.post(PRESS, sent).status_code == 303
    places = list(Job.objects.get().pictures.order_by("position"))
    assert [place.upload for place in places] == [still, film]
    token, link_hash = vault.mint()
    JobPicture.objects.filter(pk=places[1].pk).update(link_hash=link_hash)
    answer = Client().get(f"/p/{token}.mp4", headers={"Range": "bytes=0-"})
    assert (answer.status_code, answer["Content-Type"]) == (206, "video/mp4")
    assert answer["Content-Range"] == f"bytes 0-{film.bytes - 1}/{film.bytes}"
    assert b"".join(answer.streaming_content)[4:8] == b"ftyp"


def test_a_model_that_takes_pictures_only_says_so_and_sends_nothing(as_alice, team):
    a_key(team)
    film = brought(as_alice, a_film(), "boat.mp4")
    answer = as_alice.post(PRESS, form(STILLS) | {"picture.start": film.pk})
    assert answer.status_code == 422 and not Job.objects.exists()
    page = answer.content.decode()
    assert (
        "takes no video here: boat.mp4 waits for a model that does." in page and "A harbour at night" in page
    )


def test_a_film_dropped_onto_the_start_goes_where_videos_are_taken(as_alice, team):
    a_key(team, vendor="seedance2ai")
    film = brought(as_alice, a_film(), "boat.mp4")
    answer = as_alice.get(
        reverse("create_form", args=["northlight"]), form(MEDIA) | {"picture.start": film.pk, "shot": "start-end"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    page = answer.content.decode()
    assert f'name="picture.reference" value="{film.pk}"' in page
    assert (
        "video/mp4" in page
        and "0:03" in page
        and reverse("upload_poster", args=["northlight", film.pk]) in page
    )


def test_films_are_together_no_longer_than_the_model_takes(as_alice, team):
    a_key(team, vendor="seedance2ai")
    films = [brought(as_alice, a_film(seconds), f"{seconds}.mp4").pk for seconds in (8, 9)]
    answer = as_alice.post(PRESS, form(MEDIA) | {"picture.reference": films})
    assert answer.status_code == 422 and not Job.objects.exists()
    assert "The videos run 17.0 seconds together; 15 is the most." in answer.content.decode()


@pytest.mark.long
def test_what_was_changed_about_a_picture_is_said_in_its_slot(as_alice, team):
    a_key(team)
    gif = brought(as_alice, a_gif(), "spinner.gif")
    tall = brought(as_alice, a_heic((6400, 3000)), "wide.heic")
    assert (gif.notes, tall.notes, tall.width) == (["first_frame"], ["reduced"], 6000)
    for upload, words in ((gif, "Only its first frame."), (tall, "Made smaller")):
        as_alice.post(DRAFT, form(STILLS) | {"picture.start": upload.pk, "client_token": f"t{upload.pk}"})
        page = as_alice.get("/t/northlight/").content.decode()
        assert f"{upload.name}: {words}" in page
    assert {draft.content["prompt"] for draft in Draft.objects.all()} == {"A harbour at night"}


def test_without_javascript_a_film_comes_with_the_form(as_alice, team):
    a_key(team, vendor="seedance2ai")
    sent = form(MEDIA) | {"shot": "reference", "file.reference": a_file(name="boat.mp4", data=a_film())}
    assert as_alice.post(PRESS, sent).status_code == 303
    assert Job.objects.get().pictures.get().upload.media == "video"
