"""Pictures people bring: at once, or with the form where there is no JavaScript."""

import pytest
from django.urls import reverse

from tests.builders import a_key
from tests.pages import door
from tests.pages.pictures import a_file, an_upload, png
from tests.people import signed_in
from videos.models import Job, Upload

pytestmark = pytest.mark.django_db
UPLOADS, PRESS = "/t/northlight/uploads/", "/t/northlight/generations/"
MODEL = "seedanceapi-org/seedance-2.0"


def test_the_doors(team, alice, charlie):
    door.check("uploads", ["northlight"], stranger=charlie, post=True)
    door.check("upload_file", ["northlight", an_upload(team, alice).pk], stranger=charlie, post=False)


def test_a_picture_becomes_the_teams_and_can_be_seen(as_alice, as_bob, team):
    answer = as_alice.post(UPLOADS, {"file": a_file()})
    upload = Upload.objects.get()
    assert answer.json() == {"id": upload.pk, "name": "harbour.png"}
    assert (upload.team, upload.width, upload.height) == (team, 640, 480)
    seen = as_bob.get(reverse("upload_file", args=["northlight", upload.pk]))
    assert seen.status_code == 200 and seen.headers["Content-Type"] == upload.media_type
    assert b"".join(seen.streaming_content)[:4] == b"\x89PNG"


def test_the_same_picture_twice_is_one_row(as_alice, as_bob):
    ids = {client.post(UPLOADS, {"file": a_file()}).json()["id"] for client in (as_alice, as_bob)}
    assert len(ids) == 1 and Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "No picture arrived."),
        (b"%PDF-1.7 not a picture", "is a file in the format PDF, which is not taken"),
        (b"words", "no picture that can be read"),
        (png(size=(100, 120)), "too small: its short side has 100 pixels and needs 150"),
        (png(size=(2000, 300)), "too long or too tall"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_limit(as_alice, data, words):
    """Behaviour 4."""
    sent = {"file": a_file(data=data)} if data else {}
    answer = as_alice.post(UPLOADS, sent)
    assert answer.status_code == 422 and words in answer.json()["error"]
    assert not Upload.objects.exists()


def test_a_viewer_brings_nothing(team, bob):
    team.memberships.filter(user=bob).update(role="viewer")
    assert signed_in(bob).post(UPLOADS, {"file": a_file()}).status_code == 403


def test_a_picture_that_comes_with_the_form_is_sent_with_the_job(as_alice, team):
    """Without JavaScript the file travels in the form itself."""
    a_key(team)
    sent = {"model": MODEL, "was": MODEL, "prompt": "A harbour", "client_token": "t", "file.start": a_file()}
    assert as_alice.post(PRESS, sent).status_code == 303
    place = Job.objects.get().pictures.get()
    assert (place.role, place.upload) == ("start", Upload.objects.get())


def test_a_broken_file_in_the_form_sends_nothing(as_alice, team):
    a_key(team)
    sent = {"model": MODEL, "was": MODEL, "prompt": "A harbour", "client_token": "t"}
    answer = as_alice.post(PRESS, sent | {"file.start": a_file(data=b"nonsense")})
    assert answer.status_code == 422 and "no picture that can be read" in answer.content.decode()
    assert not Job.objects.exists()
