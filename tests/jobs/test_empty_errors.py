"""A paid request whose answer names the task beside an error that is none."""

import pytest

from tests.builders import a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, fresh, looked, press, story
from videos.hooks import views as hooks
from videos.jobs import verbs
from videos.jobs.sending import gate
from videos.usage.support_report import support_report

pytestmark = pytest.mark.django_db


def lines(job):
    return dict(line.split(": ", 1) for line in support_report(fresh(job)).splitlines())


def test_the_task_is_taken_and_a_look_decides(member, key, vendor):
    vendor.submits = [vendor.charging(says.beside({"error": {"code": "", "message": ""}}))]
    vendor.looks = [says.failed()]
    job = drive(press(member))
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "accepted")])
    assert lines(job)["Where the task id comes from"] == (
        'the answer to the request, beside an error that was empty: {"error": {"code": "", "message": ""}}'
    )
    assert looked(job).state == "failed"
    assert len(vendor.sent) == len(vendor.charges) == 1


def test_what_the_same_answer_says_about_the_task_is_asked_about_first(member, key, vendor):
    """A film named beside an odd error is looked at once more, which is free."""
    vendor.submits = [
        says.beside({"code": "success"}, status="SUCCESS", response=["https://c.example/1.mp4"])
    ]
    job = drive(press(member))
    assert (job.state, story(job)[-1]) == ("running", "accepted")


def test_with_idempotency_it_is_not_asked_for_again(member, safe_key, vendor):
    vendor.submits = [vendor.charging(says.beside({"error_code": "0"}))]
    job = drive(press(member, model="seedance2ai/seedance"))
    assert (job.state, len(vendor.sent)) == ("running", 1)


def test_five_such_answers_do_not_close_the_vendor(member, team, vendor):
    for n in range(gate.UNCLEAR_MOST):
        a_key(team, secret=f"rehearsal-{n}", label=f"key {n}")
        vendor.submits = [says.beside({"error": {"code": "0", "message": "ok"}}, f"task-{n}")]
        vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
        job = drive(press(member, f"Film {n}"))
        assert job.state == "running"
        looked(job)
    vendor.submits = [says.accepted("task-last")]
    assert drive(press(member, "One more")).state == "running"


def test_a_real_error_beside_a_task_id_stays_unknown_until_the_vendor_confirms_it(member, key, vendor):
    vendor.submits = [says.beside({"error": {"code": "upstream", "message": "The model broke"}})]
    vendor.looks = [says.unknown_task(), says.working()]
    job = drive(press(member))
    assert (job.state, job.kind, job.hint_task_id) == ("unknown", "no_answer", "task-1")
    came = "an answer to the request that also named an error"
    assert (lines(job)["Task id, not confirmed"], lines(job)["Where the task id comes from"]) == (
        "task-1",
        came,
    )
    assert looked(job).state == "unknown"
    job = looked(job)
    assert (job.state, lines(job)["Where the task id comes from"]) == (
        "running", f"{came}, and confirmed by the vendor",
    )  # fmt: skip


def test_an_id_that_was_called_back_says_so(member, key, vendor):
    vendor.submits = [says.beside({"error": "boom"}, "task-other")]
    job = drive(press(member))
    hooks.keep(job, b'{"data": {"task_id": "task-1", "status": "IN_PROGRESS"}}')
    assert lines(job)["Where the task id comes from"] == "a callback"
    job = looked(job)
    assert lines(job)["Where the task id comes from"] == "a callback, and confirmed by the vendor"


def test_an_id_that_a_person_typed_says_so(member, key, vendor):
    vendor.submits = [says.says({"error": "boom"})]
    job = drive(press(member))
    verbs.adopt(member, job, "task-1")
    assert lines(job)["Where the task id comes from"] == "typed in by a person, and confirmed by the vendor"
