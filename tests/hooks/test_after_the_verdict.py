"""F31: the vendor said "failed", and then somebody has news. A film counts, whatever was said before it."""

from datetime import UTC, datetime

import pytest

from tests.hooks.test_callback import DONE, address, post, running
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, fresh, look, looked, story
from tests.media.films import film
from tests.network import faults
from videos.jobs import verbs
from videos.jobs.watching import observe
from videos.models import Job, VendorKey
from videos.models.clock import now
from videos.states import Money
from videos.usage.proof import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(member, key, vendor):
    """The vendor said so, and has the film after all."""
    vendor.looks = [says.failed(), says.made(f"{vendor.url}/film.mp4")]
    job = looked(running(member, vendor))
    assert (job.state, job.money, job.next_at) == ("failed", Money.POSSIBLY, None)
    return job


@pytest.mark.both_databases
def test_f31_a_success_that_is_called_back_after_the_verdict_brings_the_film(failed, vendor, tmp_path):
    film(tmp_path / "film.mp4", frames=24)
    vendor.files["/film.mp4"] = faults.answers(
        body=(tmp_path / "film.mp4").read_bytes(), content_type="video/mp4", etag='"one"'
    )
    assert post(address(failed), DONE).status_code == 200
    assert fresh(failed).version == failed.version, "it is asked about, and nothing is decided here"
    job = looked(failed)
    assert (job.state, job.money, job.kind, job.ended_at) == ("downloading", Money.CHARGED, "", None)
    job = drive(job)
    assert (job.state, job.came_late_at is not None) == ("succeeded", True)
    assert story(job)[-4:] == ["verdict", "called_back", "made", "stored"]
    assert attempts(job) == [("charged", "accepted")] and prove().holds


def test_f31_a_person_may_ask_for_it_too(failed, member):
    verbs.look_again(member, failed)
    assert looked(failed).state == "downloading"


@pytest.mark.parametrize("again", [says.failed("boom again"), says.unknown_task()])
def test_f31_what_is_no_film_leaves_the_verdict_as_it_was(failed, vendor, again):
    vendor.looks = [again]
    post(address(failed), DONE)
    job = looked(failed)
    seen = ("state", "version", "money", "kind", "code", "said", "ended_at", "missing_since")
    assert [getattr(job, name) for name in seen] == [getattr(failed, name) for name in seen]
    assert (job.next_at, look()) == (None, 0)


@pytest.mark.parametrize("says_nothing", [faults.raw(b""), says.working(), says.made()])
def test_f31_where_nothing_is_said_it_is_asked_a_few_times_and_not_for_ever(failed, vendor, says_nothing):
    vendor.looks = [says_nothing]
    post(address(failed), DONE)
    for _n in range(observe.LOOKS_AFTER_FAILURE):
        assert looked(failed).next_at > now()
    assert (looked(failed).next_at, fresh(failed).errors) == (None, 0)
    assert fresh(failed).version == failed.version


def test_f31_silence_before_the_verdict_counts_for_nothing_after_it(member, key, vendor):
    vendor.looks = [faults.raw(b"")] * 12 + [says.failed(), faults.raw(b"")]
    job = running(member, vendor)
    while job.state == "running":
        before, job = job.errors, looked(job)
    assert (job.state, job.errors, before >= observe.LOOKS_AFTER_FAILURE) == ("failed", 0, True)
    post(address(job), DONE)
    assert looked(job).next_at > now()


def test_f31_the_news_wait_for_a_key_that_works(failed, vendor, member):
    vendor.looks = [faults.answers(401, b'{"code": 401, "message": "invalid key"}')]
    post(address(failed), DONE)
    job = looked(failed)
    assert (job.state, job.key.state, job.next_at > now()) == ("failed", "broken", True)
    assert looked(failed).waiting_for == "key", "nothing is asked with it"
    assert len(vendor.looked) == 2
    VendorKey.objects.filter(pk=job.key_id).update(state="active")
    vendor.looks = [says.failed("boom again")]
    job = looked(failed)
    assert (job.state, job.waiting_for, job.next_at) == ("failed", "", None)


def test_f31_nothing_was_charged_for_a_failure_says_nothing_of_the_film(failed, vendor):
    Job.objects.filter(pk=failed.pk).update(charge=0, money=Money.NOT_CHARGED)
    post(address(failed), DONE)
    job = looked(failed)
    assert (job.money, job.charge) == (Money.CHARGED, None), "the estimate stands"
    assert prove().holds


@pytest.mark.parametrize("gone", [{"purged_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"vendor_task_id": None}])
def test_f31_where_nobody_could_ask_or_keep_it_nothing_wakes(failed, member, gone):
    Job.objects.filter(pk=failed.pk).update(**gone)
    post(address(failed), DONE)
    assert fresh(failed).next_at is None


def test_f31_without_its_key_nobody_asks(failed, member):
    VendorKey.objects.filter(pk=failed.key_id).update(sealed=b"")
    post(address(failed), DONE)
    assert fresh(failed).next_at is None
    with pytest.raises(verbs.CannotBe):
        verbs.look_again(member, fresh(failed))
    Job.objects.filter(pk=failed.pk).update(next_at=now())  # it was taken away a moment later
    assert look() == 0
