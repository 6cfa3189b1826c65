"""A frame, a still or a picture of the library joins what is being typed: the same slot,
thumbnail and name as if it had been dropped there, and not a word lost."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from tests.builders import a_job, a_key, an_output
from tests.media.test_rework import moving
from tests.pages import door
from tests.pages.pictures import a_film_upload, an_upload, png
from videos.media.store import Store
from videos.models import Draft, Upload

pytestmark = pytest.mark.django_db
STILLS, MEDIA, WORDS = "seedanceapi-org/seedance-2.0", "seedance2ai/seedance", "seedanceapi-org/none"
GALLERY, JOIN, DRAFT = "/t/northlight/", "/t/northlight/draft/pictures/", "/t/northlight/draft/"
TYPED = "A harbour, half typed"


@pytest.fixture
def clip(team, alice, tmp_path):
    """Two seconds in which frame n is grey, a little lighter with each."""
    job = a_job(team, alice, "A boat  leaves\nthe harbour")
    film = Store(settings.MEDIA).put(moving(tmp_path / "a.mp4").read_bytes(), ".mp4")
    an_output(job, file=film, seconds=2.0, width=320, height=320)
    return job


def type_in(client, model=STILLS, **more):
    form = {"model": model, "was": model, "prompt": TYPED, "option.seconds": "8", "client_token": "t"}
    assert client.post(DRAFT, form | more).status_code == 302


def frame(client, job, **more):
    return client.post(
        reverse("clip_frame", args=["northlight", job.public_id]), {"n": "0"} | more, follow=True
    )


def slots(html: str) -> list[tuple[str, str]]:
    """(role, name) of every filled slot, and the words are as they were typed."""
    assert f">{TYPED}</textarea>" in html
    found = html.split('<figure class="slot"')[1:]
    return [(one.partition('data-role="')[2].partition('"')[0], one.partition('alt="')[2].partition('"')[0]) for one in found]  # fmt: skip


def grey(upload: Upload) -> int:
    with Image.open(io.BytesIO(Store(settings.MEDIA).path(upload.file).read_bytes())) as picture:
        return picture.convert("L").getpixel((20, 20))


def test_the_doors(team, clip, charlie):
    door.check("clip_frame", ["northlight", clip.public_id], stranger=charlie, post=True)


def test_a_whole_clip_joins_where_videos_are_taken(as_bob, team, clip):
    a_key(team, vendor="seedance2ai")
    type_in(as_bob, MEDIA, shot="reference")
    html = frame(as_bob, clip, whole="1").content.decode()
    assert slots(html) == [("reference", "A boat leaves the harbour")]
    film = Upload.objects.get()
    assert (film.media_type, round(film.seconds), film.width, bool(film.poster)) == (
        "video/mp4",
        2,
        320,
        True,
    )
    frame(as_bob, clip, whole="1")
    assert Upload.objects.count() == 1


def test_a_whole_clip_waits_where_no_video_is_taken(as_bob, team, clip):
    a_key(team)
    type_in(as_bob)
    html = frame(as_bob, clip, whole="1").content.decode()
    assert slots(html) == [] and "takes no videos" in html
    assert Upload.objects.get().media_type == "video/mp4"


def test_a_clip_past_the_limits_is_refused_with_them(as_bob, team, alice, tmp_path):
    a_key(team, vendor="seedance2ai")
    short = a_job(team, alice, "A blink")
    film = Store(settings.MEDIA).put(moving(tmp_path / "b.mp4", frames=12).read_bytes(), ".mp4")
    an_output(short, file=film, seconds=0.5, width=320, height=320)
    type_in(as_bob, MEDIA, shot="reference")
    html = frame(as_bob, short, whole="1").content.decode()
    assert "This clip runs 0.5 seconds; 2 to 15 are taken." in html and not Upload.objects.exists()


@pytest.mark.parametrize(("at", "n"), [("", 0), ("0.5", 12), ("1,25", 30), ("99", 47), ("nonsense", 0), ("nan", 0), ("-3", 0), ("9" * 400, 0)])  # fmt: skip
def test_this_frame_at_the_time_of_the_player(as_bob, team, clip, at, n):
    a_key(team)
    type_in(as_bob)
    answer = frame(as_bob, clip, at=at)
    assert answer.redirect_chain == [(GALLERY, 302)]
    ((role, name),) = slots(answer.content.decode())
    upload = Upload.objects.get()
    assert (role, name) == ("start", upload.name) and name.startswith("A boat leaves the harbour")
    assert abs(grey(upload) - (40 + 4 * n)) <= 3
    assert Draft.objects.get().content["options"]["seconds"] == 8
    assert f"{name} is in the form now, as Start." in answer.content.decode()


def test_a_still_or_a_last_frame_the_same_way(as_bob, team, clip):
    a_key(team)
    type_in(as_bob)
    an_output(
        clip, 1, kind="last_frame", file=Store(settings.MEDIA).put(png(2), ".png"), media_type="image/png"
    )
    assert slots(frame(as_bob, clip, n="1").content.decode()) == [("start", Upload.objects.get().name)]


@pytest.mark.parametrize("n", ["1", "x", "-1", "9" * 30, ""])
def test_an_output_that_is_not_there(as_bob, clip, n):
    assert (
        as_bob.post(reverse("clip_frame", args=["northlight", clip.public_id]), {"n": n}).status_code == 404
    )


def test_a20_a_film_that_is_a_playlist_gives_no_frame(as_bob, team, alice):
    job = a_job(team, alice)
    an_output(job, file=Store(settings.MEDIA).put(b"ffconcat version 1.0\nfile other.mp4\n", ".mp4"))
    assert b"shows no picture at that moment" in frame(as_bob, job, at="0").content
    assert not Upload.objects.exists()


def test_where_a_model_takes_references_it_becomes_one_of_them(as_bob, team, alice, clip):
    a_key(team, vendor="seedance2ai")
    still = an_upload(team, alice)
    type_in(as_bob, MEDIA, shot="reference", **{"picture.reference": still.pk})
    assert [role for role, _name in slots(frame(as_bob, clip).content.decode())] == ["reference", "reference"]


def test_the_first_free_place_then_the_next_then_words(as_bob, team, alice):
    a_key(team, vendor="seedance2ai")
    type_in(as_bob, MEDIA)
    uploads = [an_upload(team, alice, n) for n in range(3)]
    for upload, roles in zip(uploads, (["start"], ["start", "end"], ["start", "end"]), strict=True):
        html = as_bob.post(JOIN, {"upload": upload.pk}, follow=True).content.decode()
        assert [role for role, _name in slots(html)] == roles
    assert f"There is no room for {uploads[2].name}: take a picture out of the form first." in html


def test_a_video_opens_the_shot_that_takes_it_or_is_told_why_not(as_bob, team, alice):
    a_key(team, vendor="seedance2ai")
    a_key(team)
    film = a_film_upload(team, alice)
    type_in(as_bob, MEDIA)
    html = as_bob.post(JOIN, {"upload": film.pk}, follow=True).content.decode()
    assert slots(html) == [("reference", "boat.mp4")]
    type_in(as_bob, STILLS)
    html = as_bob.post(JOIN, {"upload": film.pk}, follow=True).content.decode()
    assert slots(html) == [] and "takes no videos. boat.mp4 waits among the pictures" in html


@pytest.mark.parametrize("upload", ["", "x", "0", "9" * 30])
def test_no_such_picture(as_bob, upload):
    assert as_bob.post(JOIN, {"upload": upload}).status_code == 404


def test_from_inside_the_form_to_the_library_and_back_with_every_word(as_bob, team, alice):
    """Behaviour 4, without JavaScript: the button keeps what is typed and opens the list."""
    a_key(team)
    upload = an_upload(team, alice)
    form = {"model": STILLS, "was": STILLS, "prompt": TYPED, "client_token": "t", "do": "pick"}
    library = as_bob.post(DRAFT, form, follow=True)
    assert library.redirect_chain == [("/t/northlight/pictures/", 302)]
    assert f'name="upload" value="{upload.pk}"' in library.content.decode()
    back = as_bob.post(JOIN, {"upload": upload.pk}, follow=True).content.decode()
    assert slots(back) == [("start", upload.name)]
    away = as_bob.post(DRAFT, form, headers={"HX-Request": "true"})
    assert away.headers["HX-Redirect"] == "/t/northlight/pictures/"


def test_the_last_frame_of_any_film_starts_the_next_shot(as_bob, team, clip):
    """Also where the vendor sent none: it is grabbed here."""
    a_key(team)
    answer = as_bob.post(reverse("clip_continue", args=["northlight", clip.public_id]))
    upload = Upload.objects.get()
    assert answer.url == f"/t/northlight/reuse/{clip.public_id}/?as=continue&picture={upload.pk}"
    assert abs(grey(upload) - (40 + 4 * 47)) <= 3
