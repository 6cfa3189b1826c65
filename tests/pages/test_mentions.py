"""Pictures in the words, through the front door: what the strip says, and what is refused."""

import re

import pytest

from tests.builders import a_job, a_key
from tests.pages.pictures import an_upload
from videos.models import Job, JobPicture

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DRAFT, PRESS, GALLERY = "/t/northlight/draft/", "/t/northlight/generations/", "/t/northlight/"
S2A, DEF = "seedance2ai/seedance", "defapi/seedance-2.0"


@pytest.fixture(autouse=True)
def keys(team, settings):
    settings.PUBLIC_URL = "https://studio.example"
    return [a_key(team, vendor=vendor, secret=f"rehearsal-{vendor}") for vendor in ("seedance2ai", "defapi")]


def form(model: str, prompt: str, **more) -> dict:
    return {"model": model, "was": model, "prompt": prompt, "client_token": "t1"} | more


def drawn(client, sent: dict) -> str:
    client.post(DRAFT, sent, headers=HTMX)
    return client.get(GALLERY).content.decode()


def told(html: str) -> list[str]:
    """What stands beside each picture of the strip as sent."""
    strip = re.search(r'class="mentions__strip".*?</ul>', html, re.DOTALL)[0]
    return re.findall(r"sent as “([^”]*)”", strip)


def test_what_the_vendor_reads_stands_beside_the_picture(as_alice, alice, team):
    """Behaviour 6, in plain view."""
    pair = {"picture.start": an_upload(team, alice, 1).pk, "picture.end": an_upload(team, alice, 2).pk}
    assert told(drawn(as_alice, form(S2A, "@image1", **pair))) == ["the start frame", "the end frame"]
    cat = {"picture.reference": [an_upload(team, alice, 3).pk]}
    assert told(drawn(as_alice, form(S2A, "@image1", **cat))) == ["image 1"]
    assert told(drawn(as_alice, form(DEF, "@image1", **cat))) == []


def test_a_mention_that_points_nowhere_is_seen_before_the_press(as_alice, alice, team):
    cat = {"picture.reference": [an_upload(team, alice, 1).pk]}
    html = drawn(as_alice, form(S2A, "@image1 meets @image3", **cat))
    assert "<b>@image3</b> names no picture here." in html
    assert 'data-mention="@image1" data-there' in html


@pytest.mark.parametrize("model", [S2A, DEF])
def test_and_blocks_it_with_its_reason(as_alice, alice, team, model):
    """Behaviour 6: before any request, and nothing typed is lost."""
    pair = {"picture.reference": [an_upload(team, alice, n).pk for n in (1, 2)]}
    answer = as_alice.post(PRESS, form(model, "@image1 meets @image3", **pair), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422 and not Job.objects.exists()
    assert "@image3 names a picture that is not attached." in html
    assert ">@image1 meets @image3</textarea>" in html
    answer = as_alice.post(PRESS, form(model, "@image0 walks", **pair), headers=HTMX)
    assert "@image0 stands for a picture that was taken out." in answer.content.decode()


def test_what_was_typed_is_what_is_kept(as_alice, alice, team):
    """The job's words stay as they were written, so that reuse finds the mentions again."""
    pair = {"picture.reference": [an_upload(team, alice, n).pk for n in (1, 2)]}
    assert as_alice.post(PRESS, form(S2A, "@image1 meets @image2", **pair), headers=HTMX).status_code == 200
    assert Job.objects.get().prompt.text == "@image1 meets @image2"


def test_a_model_without_pictures_has_no_strip(as_alice, team):
    model = "acedata/doubao-seedance-1-0-lite-t2v-250428"
    assert "mentions__lost" not in drawn(as_alice, form(model, "@image1 walks"))


def test_reuse_counts_as_the_press_did(as_alice, team, alice):
    """Rows of pictures are read by role, the end before the start: their words are not."""
    job = a_job(team, alice, "from @image1 to @image2", model=S2A)
    for n, role in enumerate(("start", "end"), 1):
        JobPicture.objects.create(job=job, upload=an_upload(team, alice, n), role=role, link_hash=role)
    html = as_alice.get(GALLERY, {"from": job.public_id.hex}).content.decode()
    assert ">from @image1 to @image2</textarea>" in html
