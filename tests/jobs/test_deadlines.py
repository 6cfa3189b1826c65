"""Late, lost, failed and unknown: what ends the watching, and what does not."""

import json

import pytest

from tests.builders import a_job
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import MODEL, age, attempts, drive, fresh, look, looked, press, sent, story
from tests.media.films import film
from tests.network import faults
from videos import access, words
from videos.jobs import verbs
from videos.jobs.watching import sweep
from videos.models import Event, Job
from videos.models.clock import later, now
from videos.states import Money, State
from videos.usage import proof

pytestmark = pytest.mark.django_db
NOTHING_SAID = {
    "a dropped connection": faults.raw(b""),
    "500": says.says({"code": 500, "message": "oops"}, status=500),
    "502": says.says(b"<html>", status=502),
    "a page": says.says(b"<html><h1>Maintenance</h1></html>"),
    "nothing": says.says(b""),
    "half a tree": says.says(b'{"code": 200, "da'),
    "another shape": says.says({"hello": "there"}),
    "success without an address": says.made(),
    "an address that is none": says.made("soon"),
    "429": says.says({"code": 429, "message": "slow down"}, status=429),
    "404 at first": says.unknown_task(),
    "a NUL in the words": says.says({"code": 500, "message": "a\u0000b"}, status=500),
}


def running(member, key, count, **fields):
    """Jobs that an account is working on, with nothing but their rows."""
    fields = {"next_at": now(), "accepted_at": now(), "deadline_at": later(600), "money": Money.HELD} | fields
    return [
        a_job(member.team, member.user, key=key, state=State.RUNNING, vendor_task_id=f"task-{n}",
              ticket={"task_id": f"task-{n}"}, **fields)
        for n in range(count)
    ]  # fmt: skip


def unknown_with_hint(member, vendor, task="task-7"):
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member))
    Job.objects.filter(pk=job.pk).update(hint_task_id=task, hint={"task_id": task})
    return fresh(job)


def test_f29_a_404_is_waited_out_before_it_is_believed(member, key, vendor, settings):
    vendor.looks = [says.unknown_task()]
    job = looked(sent(member, vendor))
    assert (job.state, job.missing_since is not None) == ("running", True)
    job = looked(age(job, settings.DURATIONS["not_found_grace"] - 5))
    assert job.state == "running"
    job = looked(age(job, 10))
    assert (job.state, job.kind, job.money) == ("lost", "lost", Money.POSSIBLY)
    assert job.next_at is None


def test_f29_a_gateways_404_is_waited_out_as_long_as_it_lasts(member, key, vendor, settings):
    vendor.looks = [faults.answers(404, b"<html><h1>404 Not Found</h1></html>", content_type="text/html")]
    job = looked(sent(member, vendor))
    job = looked(age(job, settings.DURATIONS["not_found_grace"] * 2))
    assert (job.state, job.missing_since) == ("running", None)
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    assert looked(job).state == "downloading"


def test_a_404_between_answers_starts_the_grace_anew(member, key, vendor, settings):
    vendor.looks = [says.unknown_task(), says.working(), says.unknown_task()]
    job = looked(sent(member, vendor))
    job = looked(age(job, settings.DURATIONS["not_found_grace"] + 5))
    assert (job.state, job.missing_since) == ("running", None)
    assert looked(job).state == "running"


def test_f30_past_our_deadline_it_is_late_and_asked_about_ever_more_slowly(member, key, vendor, settings):
    job = sent(member, vendor)
    job = looked(age(job, settings.DURATIONS["video_deadline"] + 5))
    assert job.state == "expired"
    hour, day = settings.DURATIONS["after_deadline"], settings.DURATIONS["after_a_day"]
    assert abs((job.next_at - later(hour)).total_seconds()) < 5
    job = looked(job)
    assert job.state == "expired"
    assert abs((job.next_at - later(hour)).total_seconds()) < 5
    job = looked(age(job, day))
    assert abs((job.next_at - later(day)).total_seconds()) < 5
    vendor.looks = [faults.raw(b"")]
    job = looked(job)
    assert abs((job.next_at - later(day)).total_seconds()) < 5, "an error makes it no more frequent"
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    job = looked(job)
    assert (job.state, job.money) == ("downloading", Money.CHARGED)
    assert story(job)[-2:] == ["overdue", "made"]


@pytest.mark.parametrize(("seconds_late", "told"), [(5, True), (-60, False)])
def test_f30_a_late_success_is_announced_to_whoever_pressed(
    member, key, vendor, settings, tmp_path, seconds_late, told
):
    film(tmp_path / "film.mp4", frames=12)
    vendor.files["/film.mp4"] = faults.answers(body=(tmp_path / "film.mp4").read_bytes())
    job = sent(member, vendor)
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    job = drive(looked(age(job, settings.DURATIONS["video_deadline"] + seconds_late)))
    assert job.state == "succeeded"
    assert list(access.late_for(member)) == ([job] if told else [])


def test_the_deadline_is_longer_where_the_vendor_was_told_longer(member, key, vendor, settings):
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(options={"expires_after": 86_400})
    from videos.jobs.watching import observe

    assert observe.deadline(fresh(job), now()) > later(86_000)


def test_when_the_vendors_memory_ends_it_is_lost_whatever_it_answers(member, key, vendor, settings):
    days = sweep.registry.vendor(key.vendor).memory_days
    for n, answer in enumerate((says.working(), faults.raw(b""))):
        vendor.submits, vendor.looks = [says.accepted(f"task-{n}")], [answer]
        job = looked(age(sent(member, vendor), days * 86_400 / settings.TIME_SCALE + 60))
        assert (job.state, job.next_at) == ("lost", None)
        Job.objects.all().update(next_at=None)


def test_f30_a_late_success_of_a_lost_job_is_taken(member, key, vendor):
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(state=State.LOST, next_at=None)
    verbs.look_again(member, fresh(job))
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    assert looked(job).state == "downloading"


def test_a_lost_job_that_failed_over_there_is_not_asked_about_for_ever(member, key, vendor):
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(state=State.LOST)
    vendor.looks = [says.failed()]
    job = looked(job)
    assert (job.state, job.next_at) == ("lost", None)


@pytest.mark.both_databases
@pytest.mark.parametrize("nothing", [[], [""], [None]], ids=["no list", "an empty one", "no word"])
def test_f37_done_and_no_file_ten_times_in_a_row_is_told_once(member, key, vendor, caplog, nothing):
    vendor.looks = [says.says({"code": 500}, status=500), says.made(*nothing)]
    job = looked(sent(member, vendor))
    told = []
    for _look in range(13):
        job = looked(job)
        told.append(story(job).count("no_file"))
        assert (job.state, job.kind, job.money) == ("running", "no_output", Money.HELD)
    assert told == [0] * 9 + [1] * 4, "what was said before it was something else, and does not count"
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1 and str(job) in errors[0]
    assert "gives no file" in words.card_text(job, now()).text
    vendor.looks = [says.working()]
    job = looked(job)
    assert (job.kind, job.errors, words.card_text(job, now()).text) == ("", 0, "")
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    assert looked(job).state == "downloading", "it was asked on"


def test_f37_past_our_deadline_it_still_says_so(member, key, vendor, settings):
    vendor.looks = [says.made()]
    job = sent(member, vendor)
    for _look in range(9):
        job = looked(job)
    job = looked(age(job, settings.DURATIONS["video_deadline"] + 1))
    assert (job.state, story(job)[-2:]) == ("expired", ["overdue", "no_file"])
    assert "gives no file" in words.card_text(job, now()).text


def test_f37_it_takes_nothing_from_what_is_lost(member, key, vendor):
    vendor.looks = [says.made()]
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(state=State.LOST, kind="lost")
    assert looked(job).kind == "lost"


@pytest.mark.parametrize(
    ("told", "money", "charge"),
    [
        ({}, Money.POSSIBLY, None),
        ({"credits_used": 28}, Money.CHARGED, 28),
        ({"credits_used": 28, "credits_refunded": 0}, Money.CHARGED, 28),
        ({"credits_used": 28, "credits_refunded": 28}, Money.REFUNDED, 28),
        ({"credits_used": 0}, Money.NOT_CHARGED, 0),
        ({"credits_used": 0, "credits_refunded": 0}, Money.NOT_CHARGED, 0),
    ],
)
def test_a_verdict_ends_it_in_the_vendors_words_and_numbers(member, safe_key, vendor, told, money, charge):
    error = {"code": "generation_failed", "message": "the model broke"}
    vendor.looks = [says.says({"id": "task-1", "status": "failed", "error": error, **told})]
    job = looked(sent(member, vendor, model="seedance2ai/seedance"))
    assert (job.state, job.said, job.ended_at is not None) == ("failed", "the model broke", True)
    assert (job.money, job.charge) == (money, charge)


@pytest.mark.both_databases
@pytest.mark.parametrize("raw", ["100000000", "99999999.9999999", "1e11", "-4", '"NaN"'])
def test_an_amount_that_cannot_be_right_loses_no_answer_that_was_paid(
    member, safe_key, vendor, team, caplog, raw
):
    """Submit, film and verdict are written all the same; what it cost stays unknown, and is said."""

    def odd(**answer: object):
        body = json.dumps({"id": "task-1", "credits_used": "here", "credits_refunded": "here", **answer})
        return says.says(body.replace('"here"', raw).encode())

    vendor.submits = [odd(status="processing")]
    vendor.looks = [odd(status="completed", output=[f"{vendor.url}/film.mp4"])]
    job = looked(sent(member, vendor, model="seedance2ai/seedance"))
    assert (job.state, job.money, job.charge, job.refunded) == ("downloading", Money.CHARGED, None, None)
    told = raw.strip('"').replace("1e11", "1E+11")
    book = [event.data.get("odd") for event in Event.objects.filter(job=job).order_by("pk")]
    assert book == [None, None, f"{told}, {told}", f"{told}, {told}"]
    assert f"cannot be right ({told}, {told})" in words.describe_event(Event.objects.filter(job=job).last())
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(said) == 2 and all(told in line and str(job) in line for line in said)
    vendor.submits = [odd(id="task-2", status="processing")]
    vendor.looks = [odd(id="task-2", status="failed", error={"code": "generation_failed", "message": "boom"})]
    job = looked(sent(member, vendor, model="seedance2ai/seedance"))
    assert (job.state, job.said, job.money, job.charge) == ("failed", "boom", Money.POSSIBLY, None)
    assert proof.prove(team).holds


def test_an_amount_known_before_outlives_one_that_cannot_be_right(member, safe_key, vendor):
    vendor.submits = [says.says({"id": "task-1", "status": "processing", "credits_used": 28})]
    vendor.looks = [
        says.says(
            {"id": "task-1", "status": "completed", "credits_used": -1, "output": [f"{vendor.url}/film.mp4"]}
        )
    ]
    job = looked(sent(member, vendor, model="seedance2ai/seedance"))
    assert (job.state, job.charge) == ("downloading", 28)


def test_f31_after_success_no_other_word_counts(member, key, vendor):
    vendor.looks = [says.made(f"{vendor.url}/film.mp4"), says.failed()]
    job = looked(sent(member, vendor))
    assert job.state == "downloading"
    assert look(job) == 0
    assert fresh(job).state == "downloading"


@pytest.mark.both_databases
def test_a_claimed_task_is_believed_when_the_vendor_knows_it(member, key, vendor):
    job = looked(unknown_with_hint(member, vendor))
    assert (job.state, job.vendor_task_id, job.ticket) == ("running", "task-7", {"task_id": "task-7"})
    assert (attempts(job), job.money) == ([("charged", "confirmed")], Money.HELD)
    assert (job.hint_task_id, job.kind) == ("", "")
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("answer", [says.unknown_task(), faults.raw(b""), says.says(b"<html>")])
def test_a_claim_that_nobody_confirms_changes_nothing_and_is_asked_ever_more_rarely(
    member, key, vendor, answer
):
    vendor.looks = [answer]
    job, pauses = unknown_with_hint(member, vendor), []
    for _look in range(4):
        job = looked(job)
        assert (job.state, job.vendor_task_id) == ("unknown", None)
        pauses.append((job.next_at - now()).total_seconds())
    assert pauses[-1] > 4 * pauses[0]
    assert [state for state, _why in attempts(job)] == ["unknown"]


def test_a_claim_of_another_jobs_task_is_not_believed(member, key, vendor):
    vendor.submits = [says.accepted("task-7")]
    drive(press(member, "First"))
    job = looked(unknown_with_hint(member, vendor))
    assert (job.state, job.vendor_task_id) == ("unknown", None)


def test_an_unknown_job_whose_task_is_done_goes_straight_on(member, key, vendor):
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    job = looked(unknown_with_hint(member, vendor))
    assert (job.state, story(job)[-2:]) == ("downloading", ["confirmed", "made"])
    vendor.looks = [says.failed()]
    vendor.submits = [faults.raw(b"")]
    other = looked(unknown_with_hint(member, vendor, "task-8"))
    assert (other.state, story(other)[-2:]) == ("failed", ["confirmed", "verdict"])


def test_an_unknown_job_without_a_claim_is_not_asked_about(member, key, vendor):
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member))
    assert look(job) == 0
    assert MODEL.startswith(job.vendor)
