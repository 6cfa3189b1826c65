"""Asking again under the same key, and workers that died or slept: who paid, and how often."""

import hashlib
import json

import pytest

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, age, attempts, drive, due, fresh, looked, press, story
from tests.network import faults
from tests.ports import free_port
from videos.jobs import verbs
from videos.jobs.freeze import thaw
from videos.jobs.running import drive as driving
from videos.jobs.sending import submit
from videos.jobs.transitions import By, move
from videos.models import KeyState
from videos.models.clock import now
from videos.states import Event, Money
from videos.vendors.contract import Reply

pytestmark = pytest.mark.django_db

HTML = b"<html><h1>502 Bad Gateway</h1></html>"
LOST = {
    "a dropped connection": faults.raw(b""),
    "a reset": faults.resets(),
    "half a header": faults.raw(b"HTTP/1.1 200"),
    "500": says.says({"code": 500, "message": "oops"}, status=500),
    "502": says.says(HTML, status=502, content_type="text/html"),
    "503": says.says({"message": "busy"}, status=503),
    "504": says.says(b"", status=504),
    "a page": says.says(HTML, content_type="text/html"),
    "nothing": says.says(b""),
    "half a tree": says.says(b'{"code": 200, "data": {"task_'),
    "no id": says.says({"code": 200, "message": "success", "data": {}}),
    "a body cut short": faults.raw(faults.head(content_length=400) + b'{"code": 200'),
    "a packed body": says.says({"code": 200}, content_encoding="gzip"),
}
FORMS_OF_BROKE = {
    "402": says.says({"code": 402, "message": "Insufficient credits"}, status=402),
    "402 in a 200": says.says({"code": 402, "message": "Insufficient credits"}),
    "a word in a 400": says.says({"code": 400, "error": "INSUFFICIENT_CREDITS"}, status=400),
    "an error object": says.says({"error": {"code": "INSUFFICIENT_CREDITS", "message": "no"}}, status=402),
    "a word alone": says.says({"error_code": "INSUFFICIENT_CREDITS", "message": "no"}, status=402),
}
BUSY = says.says({"code": 429, "message": "slow down"}, status=429, retry_after=7)


REFUSALS_THAT_PROVE_NOTHING = {
    "the key": says.says({"error": {"code": "unauthorized", "message": "no"}}, status=401),
    "the purse": says.says({"error": {"code": "insufficient_credits", "message": "no"}}, status=402),
    "the pace": says.says({"error": {"code": "rate_limited", "message": "no"}}, status=429, retry_after=2),
    "the address": says.says({"error": {"code": "not_found", "message": "no"}}, status=404),
    "the service": says.says({"error": {"code": "service_busy", "message": "no"}}, status=503),
}


def dies_after_claim(job):
    """A worker that committed the intent, and was then killed."""
    assert submit.claim(due(job), By(worker="gone"))
    return age(fresh(job), 100)


def says_reply(status, body, headers=None):
    return Reply(status, json.dumps(body).encode(), headers or {})


@pytest.mark.both_databases
def test_f2_a_worker_dead_after_its_claim_leaves_an_unknown_job(member, key, vendor):
    job = dies_after_claim(press(member))
    assert (job.state, attempts(job)) == ("submitting", [("open", "")])
    job = drive(job)
    assert (job.state, job.money) == ("unknown", Money.POSSIBLY)
    assert attempts(job) == [("unknown", "worker_gone")]
    assert vendor.sent == []
    assert job.next_at is None


def test_f2_f4_with_a_key_of_ours_a_dead_workers_request_is_repeated(member, safe_key, sandbox):
    """The sandbox keeps the ledger: the first request was paid, its answer died with the worker."""
    job = press(member, model=SAFE_MODEL)
    assert submit.claim(due(job), By(worker="gone"))
    way = submit.route_of(job)
    call, token = thaw(job), "rehearsal-safe"
    lost = submit.send(call, way, token, submit.time.monotonic() + 10)
    job = drive(age(fresh(job), 100))
    assert job.state == "running"
    assert job.vendor_task_id == lost.task_id
    paid = [entry for entry in sandbox.ledger("rehearsal-safe") if entry["task"] == lost.task_id]
    assert len(paid) == 1
    assert story(job) == ["created", "claim", "replay", "accepted"]


def test_f19_a_job_that_kills_its_workers_stops_being_repeated(member, safe_key, vendor):
    job = press(member, model=SAFE_MODEL)
    dies_after_claim(job)
    for _death in range(2):
        gone = By(worker="gone")
        move(fresh(job), Event.REPLAY, gone, lease_owner="gone", claims=fresh(job).claims + 1)
    job = drive(job)
    assert (job.state, attempts(job)) == ("unknown", [("unknown", "worker_gone")])
    assert vendor.sent == []


def test_a_request_too_old_to_repeat_is_unknown(member, safe_key, vendor, settings):
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member, model=SAFE_MODEL))
    job = drive(age(job, settings.DURATIONS["replay_for"] + 1))
    assert (job.state, attempts(job)) == ("unknown", [("unknown", "worker_gone")])
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("code", ["idempotency_conflict", "anything"])
def test_f12_a_conflict_is_waited_out_with_the_same_bytes(member, safe_key, vendor, code):
    conflict = says.says({"error": {"code": code, "message": "still running"}}, status=409)
    vendor.submits = [vendor.charging(faults.raw(b"")), conflict, vendor.charging(says.accepted())]
    job = drive(press(member, model=SAFE_MODEL))
    job = drive(job)
    assert (job.state, attempts(job)) == ("submitting", [("open", "")])
    job = drive(job)
    assert job.state == "running"
    assert {hashlib.sha256(heard.body).hexdigest() for heard in vendor.sent} == {job.body_sha256}
    assert [attempt.body_sha256 for attempt in job.attempts.all()] == [job.body_sha256]
    assert (len(vendor.sent), len(vendor.charges)) == (3, 1)


@pytest.mark.both_databases
def test_f12_a_conflict_that_outlasts_any_first_request_is_unknown_and_told_once(
    member, safe_key, vendor, settings, caplog
):
    conflict = says.says({"error": {"code": "idempotency_conflict", "message": "another body"}}, status=409)
    vendor.submits = [vendor.charging(faults.raw(b"")), conflict]
    job = drive(drive(press(member, model=SAFE_MODEL)))
    assert (job.state, "conflict" in story(job)) == ("submitting", False), "it may still be at work"
    job = drive(age(job, settings.DURATIONS["video_deadline"] + 1))
    assert (job.state, job.money, attempts(job)) == ("unknown", Money.POSSIBLY, [("unknown", "conflict")])
    assert story(job)[-2:] == ["no_answer", "conflict"]
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(told) == 1 and str(job) in told[0] and job.body_sha256 in told[0]
    for _again in range(2):
        driving.drive(due(job).pk)
    assert {hashlib.sha256(heard.body).hexdigest() for heard in vendor.sent} == {job.body_sha256}
    assert (len(vendor.sent), len(vendor.charges)) == (3, 1)


@pytest.mark.both_databases
def test_f12_a_conflict_of_a_vendor_without_keys_says_nothing_about_our_bytes(member, key, vendor, caplog):
    vendor.submits = [vendor.charging(says.says({"code": 409, "message": "conflict"}, status=409))]
    job = drive(press(member))
    assert (job.state, attempts(job), story(job)[-1]) == ("unknown", [("unknown", "conflict")], "no_answer")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("how", REFUSALS_THAT_PROVE_NOTHING)
def test_a_refused_repetition_says_nothing_about_the_first_try(member, safe_key, vendor, how):
    """The first request was paid; that a second one is refused changes nothing about it."""
    vendor.submits = [vendor.charging(faults.raw(b"")), REFUSALS_THAT_PROVE_NOTHING[how]]
    job = drive(press(member, model=SAFE_MODEL))
    job = drive(job)
    assert job.state == "submitting"
    assert attempts(job) == [("open", "")]
    assert job.money == Money.HELD


def test_an_unreachable_repetition_says_nothing_either(member, safe_key, vendor, settings):
    vendor.submits = [vendor.charging(faults.raw(b""))]
    job = drive(press(member, model=SAFE_MODEL))
    settings.SANDBOX_URL = f"http://127.0.0.1:{free_port()}"
    job = drive(job)
    assert (job.state, attempts(job), job.money) == ("submitting", [("open", "")], Money.HELD)


def test_a_repetition_waits_for_a_refused_key_to_be_well_again(member, safe_key, vendor):
    refuses = REFUSALS_THAT_PROVE_NOTHING["the key"]
    vendor.submits = [vendor.charging(faults.raw(b"")), refuses, vendor.charging(says.accepted())]
    job = drive(press(member, model=SAFE_MODEL))
    job = drive(job)
    job = drive(job)
    assert (job.state, job.waiting_for, len(vendor.sent)) == ("submitting", "key", 2)
    type(safe_key).objects.update(state=KeyState.ACTIVE)
    job = drive(job)
    assert (job.state, job.waiting_for, len(vendor.charges)) == ("running", "", 1)


REFUSALS_OF_THE_REQUEST = {
    "its options": says.says({"error": {"code": "invalid_request", "message": "bad seconds"}}, status=400),
    "its words": says.says({"error": {"code": "content_policy_violation", "message": "no"}}, status=400),
}


@pytest.mark.parametrize("how", REFUSALS_OF_THE_REQUEST)
def test_a_repetition_refused_for_good_is_for_a_person_to_settle(member, safe_key, vendor, how):
    """Asking again would bring the same, and the first request was paid."""
    vendor.submits = [vendor.charging(faults.raw(b"")), REFUSALS_OF_THE_REQUEST[how]]
    job = drive(drive(press(member, model=SAFE_MODEL)))
    assert (job.state, job.money, job.next_at) == ("unknown", Money.POSSIBLY, None)
    assert job.said in ("bad seconds", "no")
    assert [state for state, _why in attempts(job)] == ["unknown"]


@pytest.mark.both_databases
def test_f18_a_worker_that_slept_past_its_lease_writes_nothing(member, key, vendor):
    asleep = due(press(member))
    me = By(worker="asleep")
    assert submit.claim(asleep, me)
    job = drive(age(fresh(asleep), 600))
    assert job.state == "unknown"
    before = story(job)
    with pytest.raises(submit.Overtaken):
        submit.apply_until_written(asleep, submit.registry.vendor(job.vendor).read_submit(
            says_reply(200, {"code": 200, "data": {"task_id": "late"}})
        ), me)  # fmt: skip
    assert (fresh(job).state, fresh(job).vendor_task_id, story(job)) == ("unknown", None, before)
    assert attempts(job) == [("unknown", "worker_gone")]


@pytest.mark.both_databases
def test_f18_what_a_late_answer_names_is_asked_about_and_settles_it(member, key, vendor):
    asleep = due(press(member))
    me = By(worker="asleep")
    assert submit.claim(asleep, me)
    job = drive(age(fresh(asleep), 600))
    late = submit.registry.vendor(job.vendor).read_submit(
        says_reply(200, {"code": 200, "data": {"task_id": "task-1"}})
    )
    with pytest.raises(submit.Overtaken):
        submit.apply_until_written(asleep, late, me)
    assert (fresh(job).hint_task_id, fresh(job).next_at <= now()) == ("task-1", True)
    job = looked(job)
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "confirmed")])
    with pytest.raises(submit.Overtaken):
        submit.apply_until_written(asleep, late, me)
    assert fresh(job).hint_task_id == "", "where the task is known, nothing is hinted at"


def test_f18_a_late_answer_to_a_request_that_was_written_off_says_nothing_of_the_next(member, key, vendor):
    asleep = due(press(member))
    me = By(worker="asleep")
    assert submit.claim(asleep, me)
    verbs.decide(member, drive(age(fresh(asleep), 600)), "try_again")
    vendor.submits = [faults.raw(b"")]
    job = drive(asleep)
    assert job.state == "unknown"
    late = submit.registry.vendor(job.vendor).read_submit(
        says_reply(200, {"code": 200, "data": {"task_id": "task-1"}})
    )
    with pytest.raises(submit.Overtaken):
        submit.apply_until_written(asleep, late, me)
    assert (fresh(job).hint_task_id, fresh(job).next_at) == ("", None)


def test_f18_a_worker_that_slept_between_claim_and_send_sends_nothing(member, key, vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"submit_deadline": 0}
    job = drive(press(member))
    assert (job.state, attempts(job)) == ("queued", [("not_charged", "transient")])
    assert vendor.sent == []
