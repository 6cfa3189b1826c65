"""Files and posters, to those who may see them: with ranges, and under a human name."""

import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from tests.builders import a_job, an_output
from tests.pages import door
from tests.pages.pictures import a_film_upload, an_upload, png
from videos.media.store import Store
from videos.models import Upload
from videos.states import State

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    """Files are taken away here, which other tests may share."""
    settings.MEDIA = tmp_path / "media"


@pytest.fixture
def film(team, alice):
    store = Store(settings.MEDIA)
    job = a_job(team, alice, 'A lighthouse: "dusk" / night\nand fog')
    an_output(job, file=store.put(FILM, ".mp4"), poster=store.put(png(), ".png"))
    return job


def at(name: str, job, n: int = 0) -> str:
    return reverse(name, args=["northlight", job.public_id, n])


@pytest.mark.parametrize("name", ["clip_file", "clip_poster", "clip_download"])
def test_the_doors(team, film, charlie, name):
    door.check(name, ["northlight", film.public_id, 0], stranger=charlie, post=False)


def test_a_player_can_seek(as_bob, film):
    """Behaviour 22."""
    part = as_bob.get(at("clip_file", film), headers={"Range": "bytes=0-1"})
    assert part.status_code == 206 and part.headers["Content-Range"] == f"bytes 0-1/{len(FILM)}"
    assert part.headers["Accept-Ranges"] == "bytes" and b"".join(part.streaming_content) == FILM[:2]
    beyond = as_bob.get(at("clip_file", film), headers={"Range": f"bytes={len(FILM)}-"})
    assert beyond.status_code == 416


def test_it_is_kept_by_its_browser_and_by_nobody_between(as_bob, film):
    answer = as_bob.get(at("clip_file", film))
    assert (
        answer.headers["Content-Type"] == "video/mp4"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = as_bob.get(at("clip_file", film), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_poster_is_a_picture(as_bob, film):
    assert as_bob.get(at("clip_poster", film)).headers["Content-Type"] == "image/png"


def test_a_download_has_a_name_that_a_person_can_file(as_bob, film):
    name = as_bob.get(at("clip_download", film)).headers["Content-Disposition"]
    assert name.startswith("attachment") and "A lighthouse" in name and "Seedance 2.0" in name
    assert f"{film.created_at:%Y-%m-%d}.mp4" in name and "\n" not in name


@pytest.mark.parametrize("n", [1, 99999])
def test_an_output_that_is_none(as_bob, film, n):
    assert as_bob.get(at("clip_file", film, n)).status_code == 404


def test_what_is_not_stored_yet_is_not_found(as_bob, team, alice):
    job = a_job(team, alice, state=State.DOWNLOADING)
    an_output(job, state="waiting", file="", poster="")
    assert (
        as_bob.get(at("clip_file", job)).status_code == as_bob.get(at("clip_poster", job)).status_code == 404
    )


def test_a_file_that_is_gone_from_the_disk_is_not_found(as_bob, film):
    output = film.outputs.get()
    Store(settings.MEDIA).path(output.file).unlink()
    assert as_bob.get(at("clip_file", film)).status_code == 404


def test_the_last_frame_becomes_the_start_of_the_next_shot(as_bob, film):
    an_output(
        film, 1, kind="last_frame", file=Store(settings.MEDIA).put(png(2), ".png"), media_type="image/png"
    )
    away = as_bob.post(reverse("clip_continue", args=["northlight", film.public_id]))
    upload = Upload.objects.get()
    assert away.status_code == 302
    page = as_bob.get(away.url, follow=True).content.decode()
    assert f'name="picture.start" value="{upload.pk}"' in page
    assert 'name="relation" value="continue"' in page and "A lighthouse" in page


def test_a_film_without_a_last_frame_that_cannot_be_read_says_so_and_starts_nothing(as_bob, film):
    away = as_bob.post(reverse("clip_continue", args=["northlight", film.public_id]), follow=True)
    assert away.redirect_chain == [(reverse("clip", args=["northlight", film.public_id]), 302)]
    assert "The last frame" in away.content.decode()
    assert not Upload.objects.exists()


# --- what a row names and the store does not have ----------------------------------


def spoiled(path, how):
    if how == "gone":
        path.unlink()
    elif how == "short":
        path.write_bytes(path.read_bytes()[:-1])
    else:  # cannot be opened, whoever runs the test
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("how", ["gone", "short", "unreadable"])
@pytest.mark.parametrize("name", ["clip_file", "clip_download"])
def test_a_missing_film_is_404_with_words(as_bob, film, name, how):
    spoiled(Store(settings.MEDIA).path(film.outputs.get().file), how)
    answer = as_bob.get(at(name, film))
    assert answer.status_code == 404 and "missing from the studio" in answer.content.decode()


def test_so_is_a_missing_poster_and_an_upload(as_bob, film, team, alice):
    Store(settings.MEDIA).path(film.outputs.get().poster).unlink()
    upload = an_upload(team, alice)
    Store(settings.MEDIA).path(upload.file).unlink()
    film_of_theirs = a_film_upload(team, alice)
    Store(settings.MEDIA).path(film_of_theirs.poster).unlink()
    for address in (
        at("clip_poster", film),
        reverse("upload_file", args=["northlight", upload.pk]),
        reverse("upload_poster", args=["northlight", film_of_theirs.pk]),
    ):
        answer = as_bob.get(address)
        assert answer.status_code == 404 and "missing from the studio" in answer.content.decode()


def test_the_page_and_the_card_of_a_missing_film_say_so_and_offer_to_fetch_it(as_bob, film):
    gallery = reverse("gallery", args=["northlight"])
    assert at("clip_file", film) in as_bob.get(gallery).content.decode()
    Store(settings.MEDIA).path(film.outputs.get().file).unlink()
    for page in (at_page(film), gallery):
        shown = as_bob.get(page).content.decode()
        assert "Its file is missing from this studio" in shown and "Fetch it again" in shown
        assert at("clip_file", film) not in shown and at("clip_download", film) not in shown
    assert 'data-state="failed"' in shown, "the wall draws it in the colours of what came to nothing"
    as_bob.post(reverse("clip_look", args=["northlight", film.public_id]))
    film.refresh_from_db()
    assert film.state == State.DOWNLOADING


def test_a_stack_of_missing_takes_says_so(as_bob, team, alice):
    group = uuid.uuid4()
    takes = [a_job(team, alice, take_group=group) for _n in range(2)]
    for take in takes:
        an_output(take)
    Store(settings.MEDIA).path(takes[1].outputs.get().file).unlink()
    gallery = reverse("gallery", args=["northlight"])
    assert at("clip_file", takes[0]) in as_bob.get(gallery).content.decode()
    assert "Its file is missing" in as_bob.get(reverse("stack", args=["northlight", group])).content.decode()
    Store(settings.MEDIA).path(takes[0].outputs.get().file).unlink()
    assert "Its file is missing" in as_bob.get(gallery).content.decode()


def test_a_film_whose_last_frame_is_missing_goes_on_from_the_film(as_bob, film):
    frame = an_output(film, 1, kind="last_frame", file=Store(settings.MEDIA).put(png(2), ".png"))
    Store(settings.MEDIA).path(frame.file).unlink()
    away = as_bob.post(reverse("clip_continue", args=["northlight", film.public_id]), follow=True)
    assert (
        "shows no picture at that moment" in away.content.decode()
    )  # the film was asked: it is no film here


def test_the_library_says_which_picture_is_missing_and_sends_nothing_with_it(as_bob, team, alice):
    upload = an_upload(team, alice)
    Store(settings.MEDIA).path(upload.file).unlink()
    for page in (
        reverse("pictures", args=["northlight"]),
        reverse("picture_page", args=["northlight", upload.pk]),
    ):
        shown = as_bob.get(page).content.decode()
        assert "Its file is missing from this studio" in shown
        assert reverse("draft_picture", args=["northlight"]) not in shown


def at_page(job) -> str:
    return reverse("clip", args=["northlight", job.public_id])


def test_a_still_that_few_browsers_show_is_shown_as_its_poster_and_downloaded_as_it_came(as_bob, team, alice):
    """HEIC: Safari alone shows it."""
    store, job = Store(settings.MEDIA), a_job(team, alice, "A still")
    name = store.put(b"as it came", ".heic")
    an_output(
        job, kind="still", file=name, poster=store.put(png(), ".jpg"), media_type="image/heic", bytes=10
    )
    shown = as_bob.get(at("clip_file", job))
    assert shown.headers["Content-Type"] == "image/jpeg" and b"".join(shown.streaming_content) == png()
    kept = as_bob.get(at("clip_download", job))
    assert kept.headers["Content-Type"] == "image/heic" and b"".join(kept.streaming_content) == b"as it came"


def test_a_film_that_is_fetched_again_from_the_wall_is_watched_from_then_on(as_bob, film):
    Store(settings.MEDIA).path(film.outputs.get().file).unlink()
    answer = as_bob.post(
        reverse("clip_look", args=["northlight", film.public_id]),
        {"watch": ""},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert f'id="job-{film.public_id.hex}" data-state="storing"' in answer
    assert 'id="poll"' in answer and f'value="{film.public_id.hex}.' in answer and "every 3s" in answer
