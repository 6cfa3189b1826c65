"""F32: a vendor whose results come by callback and that cannot be asked. Looks still come first."""

import json

import pytest

from tests.builders import a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, fresh, looked, story
from tests.network import faults
from videos.hooks import deliveries
from videos.jobs import money
from videos.jobs.watching import callback_fallback
from videos.models import Job
from videos.models.clock import later, now
from videos.states import Attempt, Money, State

pytestmark = pytest.mark.django_db
MODEL = "acedata/doubao-seedance-1-0-pro-250528"
DOWN = {
    "a page": faults.answers(502, b"<html>Bad Gateway</html>"),
    "a cut line": faults.raw(b""),
    "not known": says.says({"error": {"code": "not_found", "message": "no such task"}}, status=404),
}
MAKING = says.says({"id": "task-1", "response": {"task_id": "task-1", "data": {"status": "running"}}})


def film(vendor, task="task-1"):
    data = {"task_id": "cgt-1", "status": "succeeded", "video_url": f"{vendor.url}/film.mp4"}
    return {"success": True, "task_id": task, "data": data}


FAILED = {"success": False, "task_id": "task-1", "error": {"code": "api_error", "message": "boom"}}


def told_job(member, vendor, *bodies, slug="acedata", model=MODEL, state=State.RUNNING, **fields):
    """One whose vendor called back with ``bodies``; what it answers to looks comes from ``submits``,
    for here they are POSTs."""
    key = a_key(member.team, vendor=slug, secret=f"rehearsal-{slug}")
    fields = {"vendor_task_id": "task-1", "ticket": {"task_id": "task-1"}, "money": Money.HELD} | fields
    job = a_job(
        member.team, member.user, key=key, model=model, state=state, accepted_at=now(), deadline_at=later(600),
        **fields,
    )  # fmt: skip
    for body in bodies:
        deliveries.keep(job, json.dumps(body).encode(), now())
    return job


def looked_in_vain(job, times=callback_fallback.LOOKS_IN_VAIN - 1):
    for _time in range(times):
        job = looked(job)
    return job


@pytest.mark.both_databases
@pytest.mark.parametrize("down", DOWN)
def test_f32_where_the_vendor_cannot_be_asked_its_callback_finishes_the_job(member, vendor, down):
    vendor.submits = [DOWN[down]]
    job = looked_in_vain(told_job(member, vendor, film(vendor)))
    assert job.state == "running", "it is asked, more than once, before it is believed"
    job = looked(job)
    assert (job.state, job.money, job.upstream_id) == ("downloading", Money.CHARGED, "cgt-1")
    assert (job.outputs.count(), story(job)) == (1, ["made", "told"])


def test_f32_it_is_believed_before_the_job_is_lost(member, vendor, settings):
    vendor.submits = [DOWN["not known"]]
    job = told_job(member, vendor, film(vendor), state=State.LOST)
    assert looked(job).state == "downloading"
    assert (
        callback_fallback.LOOKS_IN_VAIN * settings.DURATIONS["look"] < settings.DURATIONS["not_found_grace"]
    )


def test_f32_an_answer_to_a_look_outranks_what_was_called_back(member, vendor):
    vendor.submits = [MAKING]
    job = looked_in_vain(told_job(member, vendor, film(vendor), errors=9), 2)
    assert (job.state, job.errors, job.outputs.count()) == ("running", 0, 0)


@pytest.mark.parametrize("claim", ["task-2", "cgt-1", ""])
def test_f32_a41_a_callback_that_names_another_task_is_not_taken(member, vendor, claim):
    vendor.submits = [DOWN["a page"]]
    job = looked_in_vain(told_job(member, vendor, film(vendor, claim)), callback_fallback.LOOKS_IN_VAIN + 2)
    assert (job.state, job.outputs.count()) == ("running", 0)


def test_f32_vendors_that_can_be_asked_by_their_document_are_never_believed(member, vendor):
    vendor.looks = [DOWN["a page"]]
    body = {
        "code": 200,
        "data": {"task_id": "task-1", "status": "SUCCESS", "response": [f"{vendor.url}/film.mp4"]},
    }
    slug, model = "seedanceapi-org", "seedanceapi-org/seedance-2.0"
    job = looked_in_vain(
        told_job(member, vendor, body, slug=slug, model=model), callback_fallback.LOOKS_IN_VAIN + 2
    )
    assert (job.state, job.outputs.count()) == ("running", 0)


@pytest.mark.parametrize(
    ("bodies", "state"),
    [("film failed", "downloading"), ("failed film", "downloading"), ("failed", "failed")],
)
def test_f32_f31_an_end_with_a_film_counts_whatever_else_was_called_back(member, vendor, bodies, state):
    vendor.submits = [DOWN["a page"]]
    said = [film(vendor) if word == "film" else FAILED for word in bodies.split()]
    assert looked(told_job(member, vendor, *said, errors=callback_fallback.LOOKS_IN_VAIN)).state == state


def test_f32_a_lost_answer_is_settled_by_it_too_and_paid_once(member, vendor):
    vendor.submits = [DOWN["a page"]]
    job = told_job(
        member, vendor, film(vendor), state=State.UNKNOWN, vendor_task_id=None, ticket={},
        hint_task_id="task-1", hint={"task_id": "task-1"}, errors=callback_fallback.LOOKS_IN_VAIN, sent_at=now(),
    )  # fmt: skip
    money.open_attempt(job)
    money.settle(job, Attempt.UNKNOWN, "cut")
    job = looked(job)
    assert (job.state, job.vendor_task_id, attempts(job)) == (
        "downloading",
        "task-1",
        [("charged", "confirmed")],
    )


def test_f32_its_address_passes_the_same_door_as_any_other(member, vendor):
    vendor.submits = [DOWN["a page"]]
    body = film(vendor)
    body["data"]["video_url"] = "http://10.0.0.9/film.mp4"
    job = looked(told_job(member, vendor, body, errors=callback_fallback.LOOKS_IN_VAIN))
    assert job.state == "downloading"
    job = drive(job)
    assert (job.state, job.kind) == ("download_failed", "download_blocked")


def test_f32_what_cannot_be_opened_is_not_taken_and_stops_nobody(member, vendor):
    vendor.submits = [DOWN["a page"]]
    job = told_job(member, vendor, film(vendor), errors=callback_fallback.LOOKS_IN_VAIN)
    job.callbacks.update(body_sealed=b"nonsense")
    assert looked(job).state == "running"
    assert (
        Job.objects.get(pk=job.pk).errors == callback_fallback.LOOKS_IN_VAIN + 1
        and fresh(job).next_at > now()
    )
