"""The picture of one job, for the vendor that makes it: an address that dies with the job."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.jobs.engine import a_picture, fresh, press
from videos import vault
from videos.media.store import Store
from videos.models import Job, JobPicture
from videos.states import ENDED, UNFINISHED

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(member, key):
    return press(member, pictures=(("start", a_picture(member)),))


@pytest.fixture
def link(job):
    """Only the hash of an address is stored: a new one is minted."""
    token, link_hash = vault.mint()
    JobPicture.objects.filter(job=job).update(link_hash=link_hash)
    return reverse("picture", args=[token, "png"])


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def stored(job):
    return Store(settings.MEDIA).path(job.pictures.get().upload.file).read_bytes()


def test_whoever_knows_the_address_gets_the_bytes_and_no_more(job, link):
    answer = Client().get(link)
    assert answer.status_code == 200
    assert body(answer) == stored(job)
    assert answer["Content-Type"] in ("image/png", "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert job.pictures.get().fetched_at is not None


def test_a_part_of_it_is_served_as_a_part(job, link):
    answer = Client().get(link, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, body(answer)) == (206, stored(job)[:10])
    assert Client().get(link, headers={"Range": "bytes=999999999-"}).status_code == 416
    head = Client().head(link)
    assert (head.status_code, int(head["Content-Length"])) == (200, len(stored(job)))


@pytest.mark.parametrize("state", sorted(ENDED))
def test_it_dies_with_the_job(job, link, state):
    Job.objects.filter(pk=job.pk).update(state=state)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("state", sorted(UNFINISHED))
def test_while_the_job_lives_the_vendor_may_come_again(job, link, state):
    Job.objects.filter(pk=job.pk).update(state=state)
    first = fresh(job).pictures.get().fetched_at
    assert [Client().get(link).status_code for _again in range(2)] == [200, 200]
    assert first is None


@pytest.mark.parametrize("token", ["x", "a" * 43, "..", "%2e%2e"])
def test_a_guessed_address_is_nowhere(job, link, token):
    assert Client().get(f"/p/{token}.png").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_can_only_be_read(link, method):
    assert getattr(Client(), method)(link).status_code == 405


def test_a_missing_file_is_404_and_no_fault_of_ours(settings, tmp_path, job, link):
    settings.MEDIA = tmp_path  # where nothing is
    assert Client().get(link).status_code == 404
