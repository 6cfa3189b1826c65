"""Sending: F2 to F12 of the faults, over real sockets. The question is always who paid how often."""

import json
import re

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, age, attempts, drive, due, fresh, press, story
from tests.network import faults
from tests.ports import free_port
from videos.jobs import money, verbs
from videos.jobs.freeze import thaw
from videos.jobs.running import drive as driving
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.models import KeyState
from videos.models.clock import later
from videos.network import exchange
from videos.states import Attempt, Money
from videos.vendors.contract import Accepted, Kind, Refused, Reply

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


def dies_after_claim(job):
    """A worker that committed the intent, and was then killed."""
    assert submit.claim(due(job), By(worker="gone"))
    return age(fresh(job), 100)


@pytest.mark.both_databases
def test_an_answer_with_a_task_id_is_a_running_job_and_one_charge(member, key, vendor):
    job = drive(press(member))
    assert (job.state, job.vendor_task_id, job.money) == ("running", "task-1", Money.HELD)
    assert attempts(job) == [("charged", "accepted")]
    assert (job.lease_owner, job.lease_until) == ("", None)
    assert job.next_at is not None
    assert len(vendor.sent) == 1
    assert story(job) == ["created", "claim", "accepted"]


def test_what_leaves_is_what_was_frozen(member, key, vendor):
    job = press(member, "Ein Leuchtturm, 灯塔")
    frozen = thaw(job)
    drive(job)
    assert vendor.sent[0].body == frozen.body
    assert json.loads(frozen.body)["prompt"] == "Ein Leuchtturm, 灯塔"
    assert vendor.sent[0].headers["authorization"] == "Bearer rehearsal-plain"


@pytest.mark.parametrize("how", LOST)
def test_f5_f7_f9_a_lost_answer_is_unknown_and_never_sent_again(member, key, vendor, how):
    vendor.submits = [vendor.charging(LOST[how])]
    job = drive(press(member))
    assert (job.state, job.money, job.kind) == ("unknown", Money.POSSIBLY, "no_answer")
    assert [state for state, _why in attempts(job)] == ["unknown"]
    for _again in range(3):
        driving.drive(due(job).pk)
    assert len(vendor.charges) == len(vendor.sent) == 1
    assert fresh(job).state == "unknown"


@pytest.mark.parametrize("how", LOST)
def test_f5_f7_with_a_key_of_ours_the_same_bytes_go_again_and_pay_once(member, safe_key, vendor, how):
    vendor.submits = [vendor.charging(LOST[how]), vendor.charging(says.accepted())]
    job = drive(press(member, model=SAFE_MODEL))
    assert job.state == "submitting"
    assert attempts(job) == [("open", "")]
    job = drive(job)
    assert (job.state, job.vendor_task_id) == ("running", "task-1")
    first, second = vendor.sent
    assert (first.body, first.headers["idempotency-key"]) == (second.body, second.headers["idempotency-key"])
    assert vendor.charges == [job.idem_key]
    assert attempts(job) == [("charged", "accepted")]


def test_f6_a_silent_vendor_is_unknown_when_the_deadline_passes(member, key, vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"submit_deadline": 0.3}
    vendor.submits = [vendor.charging(faults.silent(2))]
    job = drive(press(member))
    assert (job.state, attempts(job)) == ("unknown", [("unknown", "timeout")])


@pytest.mark.both_databases
def test_f6_a_refused_connection_costs_nothing_and_comes_back(member, key, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{free_port()}"
    job = drive(press(member))
    assert (job.state, job.money, job.waiting_for, job.tries) == ("queued", Money.NONE, "vendor", 1)
    assert attempts(job) == [("not_charged", "transient")]
    assert job.next_at > later(0)
    for _again in range(7):
        job = drive(job)
    assert (job.state, job.kind, job.money) == ("failed", "unreachable", Money.NONE)
    assert {state for state, _why in attempts(job)} == {"not_charged"}
    assert len(attempts(job)) == 8


@pytest.mark.parametrize("how", FORMS_OF_BROKE)
def test_f10_too_few_credits_in_every_form(member, key, vendor, how):
    vendor.submits = [FORMS_OF_BROKE[how]]
    job = drive(press(member))
    assert (job.state, job.kind, job.money) == ("failed", "insufficient_credits", Money.NOT_CHARGED)
    assert attempts(job) == [("not_charged", "insufficient_credits")]
    assert key.__class__.objects.get(pk=key.pk).state == KeyState.ACTIVE


def test_f11_a_refused_key_is_marked_and_its_queue_waits(member, key, vendor):
    vendor.submits = [says.says({"code": 401, "message": "Invalid API key"}, status=401)]
    first, second = press(member), press(member, "Another")
    assert (drive(first).state, fresh(first).kind) == ("failed", "auth")
    key.refresh_from_db()
    assert (key.state, key.said) == (KeyState.BROKEN, "Invalid API key")
    second = drive(second)
    assert (second.state, second.waiting_for) == ("queued", "key")
    assert len(vendor.sent) == 1


def test_f8_a_429_keeps_the_whole_key_away(member, key, vendor):
    vendor.submits = [BUSY, says.accepted()]
    first, second = drive(press(member)), drive(press(member, "Another"))
    assert (first.state, first.waiting_for, attempts(first)) == (
        "queued", "rate", [("not_charged", "rate_limited")],
    )  # fmt: skip
    assert (second.state, second.waiting_for, attempts(second)) == ("queued", "rate", [])
    key.refresh_from_db()
    assert later(6) < key.quiet_until < later(7.1)
    assert second.next_at == key.quiet_until
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("headers", [{}, {"retry_after": "0"}], ids=["no header", "nought"])
def test_f8_without_a_time_the_pause_grows(member, key, vendor, headers):
    vendor.submits = [says.says({"code": 429, "message": "slow down"}, status=429, **headers)]
    job, pauses = press(member), []
    for _again in range(4):
        type(key).objects.update(quiet_until=None)
        before = later(0)
        job = drive(job)
        key.refresh_from_db()
        pauses.append((key.quiet_until - before).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[3] > 4 * pauses[0]
    assert (job.state, job.tries) == ("queued", 0), "a 429 is no reason to give up"


def test_a_429_never_shortens_what_another_asked_for(member, key, vendor):
    vendor.submits = [BUSY]
    until = later(60)
    job = press(member)
    assert submit.claim(due(job), By(worker="me"))
    type(key).objects.update(quiet_until=until)
    submit.apply_outcome(fresh(job), submit.registry.vendor(job.vendor).read_submit(
        says_reply(429, {"code": 429, "message": "slow down"}, {"retry-after": "2"})
    ), By(worker="me"))  # fmt: skip
    key.refresh_from_db()
    assert key.quiet_until == until


def says_reply(status, body, headers=None):
    return Reply(status, json.dumps(body).encode(), headers or {})


REFUSALS_THAT_PROVE_NOTHING = {
    "the key": says.says({"error": {"code": "unauthorized", "message": "no"}}, status=401),
    "the purse": says.says({"error": {"code": "insufficient_credits", "message": "no"}}, status=402),
    "the pace": says.says({"error": {"code": "rate_limited", "message": "no"}}, status=429, retry_after=2),
    "the address": says.says({"error": {"code": "not_found", "message": "no"}}, status=404),
    "the service": says.says({"error": {"code": "service_busy", "message": "no"}}, status=503),
}


def test_a_broken_answer_with_a_task_id_leaves_something_to_ask_about(member, key, vendor):
    broken = {"code": 500, "message": "oops", "data": {"task_id": "task-1"}}
    vendor.submits = [vendor.charging(says.says(broken, status=500))]
    job = drive(press(member))
    assert (job.state, job.hint_task_id) == ("unknown", "task-1")
    assert job.next_at is not None, "the sweep asks about it"


def test_an_answer_that_finds_a_person_in_between_is_kept(member, key, vendor):
    """Somebody presses Stop while the request is on its way: the answer still has a home."""
    job = press(member)
    claimed = due(job)
    assert submit.claim(claimed, By(worker="me"))
    verbs.stop(member, fresh(job))
    submit.apply_until_written(claimed, submit.registry.vendor(job.vendor).read_submit(
        says_reply(200, {"code": 200, "data": {"task_id": "task-1"}})
    ), By(worker="me"))  # fmt: skip
    job = fresh(job)
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "accepted")])
    assert job.stopped_at


def test_stopped_while_it_was_sent_and_back_unsent_is_taken_back(member, key, vendor, settings):
    job = press(member)
    claimed = due(job)
    assert submit.claim(claimed, By(worker="me"))
    verbs.stop(member, fresh(job))
    submit.apply_outcome(claimed, submit.exchange.NotSent("connect"), By(worker="me"))
    job = drive(job)
    assert (job.state, job.money, vendor.sent) == ("canceled", Money.NONE, [])


def test_two_answers_with_one_task_id_are_not_both_believed(member, key, vendor):
    first, second = drive(press(member)), drive(press(member, "Another"))
    assert first.state == "running"
    assert (second.state, attempts(second)) == ("unknown", [("unknown", "task_id_taken")])


def test_money_that_was_written_off_stays_visible(member, key, vendor, settings):
    vendor.submits = [vendor.charging(faults.raw(b""))]
    job = drive(press(member))
    verbs.decide(member, job, "try_again")
    settings.SANDBOX_URL = f"http://127.0.0.1:{free_port()}"
    job = drive(job)
    assert (job.state, job.money) == ("queued", Money.WRITTEN_OFF)
    verbs.stop(member, job)
    assert (fresh(job).state, fresh(job).money) == ("canceled", Money.WRITTEN_OFF)
    assert money.standing_attempt(job) is None
    assert attempts(job) == [("written_off", "try_again"), ("not_charged", "transient")]
    assert Attempt.WRITTEN_OFF == "written_off"


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_database_that_is_away_for_a_moment_loses_no_answer(transactional_db, member, key, vendor):
    """F20, F21: the write is tried again under the same lease."""
    job, broken = press(member), []

    def fails_once(execute, sql, params, many, context):
        if "accepted_at" in sql and sql.startswith("UPDATE") and not broken:
            broken.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fails_once):
        job = drive(job)
    assert broken
    assert (job.state, job.vendor_task_id, len(vendor.sent)) == ("running", "task-1", 1)
    assert story(job) == ["created", "claim", "accepted"]


ANSWERS = {
    "accepted": (Accepted("task-1", {"task_id": "task-1"}), ["job", "spendattempt"]),
    "refused": (Refused(Kind.BAD_PROMPT), ["job", "spendattempt"]),
    "refused key": (Refused(Kind.AUTH), ["vendorkey", "job", "spendattempt"]),
    "not sent": (exchange.NotSent("refused"), ["job", "spendattempt"]),
    "lost": (exchange.Lost("dropped"), ["job", "spendattempt", "job"]),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ANSWERS)
def test_rows_are_taken_in_one_order_whatever_the_answer(member, key, vendor, name):
    """Key, job, attempt: two workers in two orders are a deadlock on PostgreSQL, where one of them
    loses what it writes."""
    outcome, order = ANSWERS[name]
    job = due(press(member))
    assert submit.claim(job, By(worker="w"))
    with CaptureQueriesContext(connection) as seen:
        submit.apply_outcome(job, outcome, By(worker="w"))
    assert re.findall(r'UPDATE "videos_(\w+)"', " ".join(one["sql"] for one in seen)) == order
