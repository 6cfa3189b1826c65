"""Files and posters, to those who may see them: with ranges, and under a human name."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.builders import a_job, an_output
from tests.pages import door
from tests.pages.pictures import png
from videos.jobs.states import State
from videos.media.store import Store
from videos.models import Upload

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 40


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
    assert "private" in answer.headers["Cache-Control"] and "immutable" in answer.headers["Cache-Control"]
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
