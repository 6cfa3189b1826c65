"""A callback is a wake-up, not a truth (A41): it is kept, the job is asked about, nothing is decided here."""

import gzip
import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import a_job
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, due, fresh, look, looked, press, story
from tests.network import faults
from videos import vault
from videos.hooks import deliveries, views
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.models import CallbackDelivery, Job
from videos.models.clock import later, now
from videos.states import State

pytestmark = pytest.mark.django_db
VENDOR = "seedanceapi-org"
DONE = {
    "code": 200,
    "data": {"task_id": "task-1", "status": "SUCCESS", "response": ["https://evil.example/a.mp4"]},
}


def address(job, vendor=VENDOR):
    """A callback address of ``job``; only its hash is stored, so a new one is minted."""
    token, token_hash = vault.mint()
    Job.objects.filter(pk=job.pk).update(callback_hash=token_hash)
    return reverse("callback", args=[vendor, token])


def post(url, body, content_type="application/json", **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(url, data, content_type=content_type, headers=headers)


def running(member, vendor):
    job = drive(press(member))
    assert job.state == "running"
    Job.objects.filter(pk=job.pk).update(next_at=later(600))
    return fresh(job)


def test_one_without_a_length_wakes_the_job_too(member, key, vendor):
    """As some HTTP clients send whatever they stream."""
    job = running(member, vendor)
    assert post(address(job), DONE, **{"Transfer-Encoding": "chunked"}).status_code == 200
    assert fresh(job).next_at <= now()


@pytest.mark.both_databases
def test_it_wakes_the_job_and_decides_nothing(member, key, vendor):
    job = running(member, vendor)
    answer = post(address(job), DONE)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    after = fresh(job)
    assert (after.state, after.version, after.outputs.count()) == ("running", job.version, 0)
    assert after.next_at <= now()
    delivery = CallbackDelivery.objects.get()
    assert [json.loads(body) for body in deliveries.bodies(job)] == [DONE]
    assert b"evil.example" not in bytes(delivery.body_sealed)
    assert story(job)[-1] == "called_back"


def test_f33_ten_times_the_same_is_one_delivery_and_one_line(member, key, vendor):
    job = running(member, vendor)
    url = address(job)
    assert [post(url, DONE).status_code for _again in range(10)] == [200] * 10
    assert CallbackDelivery.objects.count() == 1
    assert story(job).count("called_back") == 1


def test_what_is_too_much_to_keep_wakes_the_job_all_the_same(member, key, vendor, monkeypatch):
    monkeypatch.setattr(deliveries, "KEPT", 2)
    job = running(member, vendor)
    url = address(job)
    for n in range(4):
        Job.objects.filter(pk=job.pk).update(next_at=later(600))
        assert post(url, DONE | {"n": n}).status_code == 200
        assert fresh(job).next_at <= now()
    assert [json.loads(body)["n"] for body in deliveries.bodies(job)] == [1, 0]
    assert story(job).count("called_back") == 2


def test_a_body_moved_to_another_job_opens_as_nothing(member, key, vendor):
    job = running(member, vendor)
    post(address(job), DONE)
    CallbackDelivery.objects.update(job=press(member, "Another"))
    with pytest.raises(vault.KeyUnreadable):
        deliveries.opened(CallbackDelivery.objects.get())


def test_a41_a_claimed_success_is_believed_only_when_the_vendor_says_so(member, key, vendor):
    job = running(member, vendor)
    post(address(job), DONE)
    assert look() == 1
    assert (fresh(job).state, fresh(job).outputs.count()) == ("running", 0)


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..", "ü"])
def test_a41_a_guessed_token_is_nowhere(member, key, vendor, token):
    job = running(member, vendor)
    assert post(f"/hooks/{VENDOR}/{token}/", DONE).status_code == 404
    assert not CallbackDelivery.objects.exists()
    assert fresh(job).next_at == job.next_at


def test_a_token_belongs_to_one_vendor(member, key, vendor):
    job = running(member, vendor)
    assert post(address(job, vendor="defapi"), DONE).status_code == 404
    assert post(address(job, vendor="nobody"), DONE).status_code == 404


@pytest.mark.parametrize(
    ("body", "content_type", "headers", "status"),
    [
        (b"x" * 10_000_000, "application/json", {}, 413),
        (b"[" + b" " * views.BODY + b"]", "application/json", {}, 413),
        (b"<task/>", "application/xml", {}, 415),
        (b"task_id=1", "application/x-www-form-urlencoded", {}, 415),
        (b"{}", "text/plain", {}, 415),
        (gzip.compress(b"{}", mtime=0), "application/json", {"Content-Encoding": "gzip"}, 415),
    ],
)
def test_a41_what_is_too_big_or_no_json_is_not_kept(member, key, vendor, body, content_type, headers, status):
    job = running(member, vendor)
    assert post(address(job), body, content_type, **headers).status_code == status
    assert not CallbackDelivery.objects.exists()
    assert fresh(job).next_at == job.next_at


@pytest.mark.parametrize("length", ["abc", "-1", ""])
def test_a_length_that_is_no_number_breaks_nothing(member, key, vendor, length):
    url = address(running(member, vendor))
    answer = Client().post(url, b"{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code in (200, 413)


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options"])
def test_only_a_post_is_a_callback(member, key, vendor, method):
    assert getattr(Client(), method)(address(running(member, vendor))).status_code == 405


def test_a41_too_many_are_told_to_wait(member, key, vendor, monkeypatch):
    monkeypatch.setattr(views, "PER_MINUTE", 3)
    url = address(running(member, vendor))
    codes = [post(url, {"n": n}).status_code for n in range(6)]
    assert codes.count(200) >= 3
    assert codes[-1] == 429
    assert post(url, {"n": 9})["Retry-After"] == "60"


@pytest.mark.parametrize(
    "body", [b"{}", b"null", b"[1, 2]", b'{"data": 7}', b"\xff\xfe", b"{" * 5000, b'{"a": NaN}']
)
def test_a_shape_nobody_documented_still_wakes_whoever_waits(member, key, vendor, body):
    """Two vendors' callbacks are not verified: the token says which job has news."""
    job = running(member, vendor)
    assert post(address(job), body).status_code == 200
    assert fresh(job).next_at <= now()
    assert fresh(job).hint_task_id == ""


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.SUBMITTING, State.DOWNLOADING, State.SUCCEEDED, State.FAILED]
)
def test_who_waits_for_no_answer_is_not_woken(member, key, state):
    at = later(600)
    job = a_job(member.team, member.user, key=key, state=state, next_at=at, lease_owner="w", lease_until=at)
    assert post(address(job), DONE).status_code == 200
    assert (fresh(job).state, fresh(job).next_at, fresh(job).lease_owner) == (state, at, "w")


@pytest.mark.both_databases
def test_f33_one_that_comes_before_the_answer_is_a_hint_that_settles_a_lost_one(member, key, vendor):
    """The vendor calls back while the submit is still open, then its answer is lost."""
    job = press(member)
    claimed = due(job)
    assert submit.claim(claimed, By(worker="me"))
    assert post(address(job), DONE).status_code == 200
    assert (fresh(job).state, fresh(job).hint_task_id) == ("submitting", "task-1")
    submit.apply_outcome(claimed, submit.exchange.Lost("cut"), By(worker="me"))
    assert (fresh(job).state, fresh(job).next_at is not None) == ("unknown", True)
    job = looked(job)
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "confirmed")])


def test_f33_one_that_comes_after_the_lost_answer_settles_it_too(member, key, vendor):
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member))
    assert (job.state, job.next_at) == ("unknown", None)
    post(address(job), DONE)
    assert fresh(job).next_at <= now()
    assert looked(job).state == "running"


def test_a41_the_right_token_with_another_task_is_ignored_after_the_look(member, key, vendor):
    vendor.submits, vendor.looks = [faults.raw(b"")], [says.unknown_task()]
    job = drive(press(member))
    post(address(job), DONE | {"data": {"task_id": "somebody-elses", "status": "SUCCESS"}})
    job = looked(job)
    assert (job.state, job.vendor_task_id) == ("unknown", None)
    vendor.looks = [says.working()]
    post(address(job), DONE)
    assert looked(job).vendor_task_id == "task-1"


def test_a_known_task_id_is_never_replaced(member, key, vendor):
    job = running(member, vendor)
    post(address(job), DONE | {"data": {"task_id": "another", "status": "SUCCESS"}})
    assert (fresh(job).vendor_task_id, fresh(job).hint_task_id) == ("task-1", "")


def test_a_callback_after_the_end_changes_nothing(member, key):
    job = a_job(member.team, member.user, key=key, state=State.SUCCEEDED, vendor_task_id="task-1")
    assert post(address(job), DONE).status_code == 200
    assert (fresh(job).state, fresh(job).next_at, fresh(job).version) == ("succeeded", None, 0)


def test_the_token_itself_is_not_stored(member, key):
    job = press(member)
    token = address(job).split("/")[3]
    stored = json.dumps([str(value) for value in Job.objects.values_list().get()])
    assert token not in stored
    assert vault.token_hash(token) in stored
