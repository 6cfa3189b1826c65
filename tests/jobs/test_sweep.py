"""Watching: one loop asks about everything due, and nothing that it hears fails a job but a verdict."""

import threading
import time

import pytest

from tests.builders import a_job
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, due, fresh, look, looked, press, sent, story
from tests.network import faults
from videos import leases
from videos.jobs.transitions import touch
from videos.jobs.watching import sweep
from videos.models import Job, KeyState, Lease
from videos.models.clock import later, now
from videos.states import Money, State

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


def test_one_sweep_asks_about_all_and_writes_the_unchanged_in_one_update(
    member, key, vendor, django_assert_max_num_queries
):
    jobs, began, all_asked = running(member, key, 30, word=""), now(), threading.Barrier(30, timeout=30)

    def answers_when_all_have_asked(heard, connection):
        """So that a slow machine does not hear one at a time, in a turn for each."""
        all_asked.wait()
        return says.working()(heard, connection)

    vendor.looks = [answers_when_all_have_asked]
    with django_assert_max_num_queries(40):
        assert look() == 30
    assert len(vendor.looked) == 30
    for job in map(fresh, jobs):
        assert (job.version, job.looks, job.state) == (0, 1, "running"), "nobody's card is redrawn"
        assert job.next_at > began
    assert not any(story(job) for job in jobs)


def test_a_key_is_unsealed_once_a_turn_and_anew_in_the_next(member, key, safe_key, vendor, monkeypatch):
    opened, honest = [], sweep.vault.open_key
    monkeypatch.setattr(sweep.vault, "open_key", lambda one: opened.append(one.pk) or honest(one))
    jobs = running(member, key, 10)
    assert look(*jobs) == 10 and opened == [key.pk]
    assert look(*jobs) == 10 and opened == [key.pk] * 2


@pytest.mark.both_databases
def test_a43_a44_a_key_that_cannot_be_opened_is_said_once_and_its_paid_jobs_wait(
    member, key, safe_key, vendor
):
    """The wrong encryption keys, or a ciphertext from elsewhere: what is paid is looked at again once it opens."""
    job, other = running(member, key, 1)[0], running(member, safe_key, 1)[0]
    sealed = bytes(key.sealed)
    type(key).objects.filter(pk=key.pk).update(sealed=b"nonsense")
    assert look(job, other) == 1, "the other key's jobs are asked about"
    key.refresh_from_db()
    told = fresh(job)
    assert (key.state, key.said, told.state, told.waiting_for) == ("broken", "unreadable", "running", "key")
    assert told.version == job.version + 1 and told.next_at > later(1)
    assert looked(job).version == told.version
    type(key).objects.filter(pk=key.pk).update(sealed=sealed, state=KeyState.ACTIVE)
    job = looked(job)
    assert (job.waiting_for, job.looks) == ("", 1)


def test_f19_a_job_of_a_vendor_that_is_gone_stops_nobody_and_is_kept(member, key, vendor):
    gone, other = running(member, key, 2)
    Job.objects.filter(pk=gone.pk).update(vendor="retired", model="retired/one")
    assert look(gone, other) == 1
    gone = fresh(gone)
    assert (gone.state, gone.money, gone.next_at > later(1)) == ("running", Money.HELD, True)
    assert fresh(other).looks == 1


def test_a_new_percent_or_word_is_a_new_version_without_an_event(member, key, vendor):
    vendor.looks = [says.working(progress=40), says.working("CONTEMPLATING"), says.working("CONTEMPLATING")]
    job = sent(member, vendor)
    versions = []
    for _look in range(3):
        job = looked(job)
        versions.append((job.version, job.percent, job.word))
    first = versions[0][0]
    assert versions == [
        (first, 40, ""),
        (first + 1, None, "CONTEMPLATING"),
        (first + 1, None, "CONTEMPLATING"),
    ]
    assert story(job) == ["created", "claim", "accepted"]


@pytest.mark.parametrize("how", NOTHING_SAID)
def test_f29_an_answer_that_says_nothing_fails_nobody(member, key, vendor, how):
    vendor.looks = [NOTHING_SAID[how]]
    job = sent(member, vendor)
    for errors in (1, 2, 3):
        type(key).objects.update(quiet_until=None)
        job = looked(job)
        assert (job.state, job.errors, job.money) == ("running", errors, Money.HELD)
        assert job.next_at > now()
    assert attempts(job) == [("charged", "accepted")]
    vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
    type(key).objects.update(quiet_until=None)
    assert looked(job).state == "downloading"


def test_pauses_grow_with_errors_and_shrink_after_an_answer(member, key, vendor):
    vendor.looks = [faults.raw(b"")]
    job, pauses = sent(member, vendor), []
    for _look in range(4):
        job = looked(job)
        pauses.append((job.next_at - now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] > 3 * pauses[0]
    vendor.looks = [says.working()]
    job = looked(job)
    assert job.errors == 0
    assert (job.next_at - now()).total_seconds() < pauses[-1]


def test_f29_an_unknown_word_is_shown_and_the_job_goes_on(member, key, vendor):
    vendor.looks = [says.working("CONTEMPLATING")]
    job = looked(sent(member, vendor))
    assert (job.state, job.word) == ("running", "CONTEMPLATING")


def test_f11_a_refused_key_pauses_what_is_paid_and_goes_on_when_it_works(member, key, vendor):
    vendor.looks = [says.says({"code": 401, "message": "Invalid API key"}, status=401), says.working()]
    job = looked(sent(member, vendor))
    key.refresh_from_db()
    assert (job.state, job.waiting_for, key.state) == ("running", "key", KeyState.BROKEN)
    assert look(job) == 0, "a refused key is not used again"
    before = fresh(job).version
    type(key).objects.update(state=KeyState.ACTIVE)
    job = looked(job)
    assert (job.waiting_for, job.version > before) == ("", True), "the card stops blaming the key"


def test_a_key_that_broke_elsewhere_is_said_on_the_card_once(member, key, vendor):
    job = sent(member, vendor)
    type(key).objects.update(state=KeyState.BROKEN)
    versions = []
    for _look in range(3):
        assert look(job) == 0
        versions.append(fresh(job).version)
    assert fresh(job).waiting_for == "key"
    assert versions == [job.version + 1] * 3


def test_a_paused_key_is_still_used_for_what_is_paid(member, key, vendor):
    job = sent(member, vendor)
    type(key).objects.update(state=KeyState.PAUSED)
    assert look(job) == 1


def test_f8_a_429_on_a_look_keeps_the_whole_key_away(member, key, vendor):
    vendor.looks = [says.says({"code": 429, "message": "slow"}, status=429, retry_after=30), says.working()]
    first, second = running(member, key, 2)
    Job.objects.filter(pk=second.pk).update(next_at=None)
    assert look(first) == 1
    key.refresh_from_db()
    assert later(25) < key.quiet_until < later(31)
    assert fresh(first).next_at >= key.quiet_until
    assert look(second) == 0
    assert fresh(second).next_at == key.quiet_until
    assert drive(press(member)).waiting_for == "rate"


def test_within_the_rate_of_an_account_and_none_is_forgotten(member, safe_key, vendor):
    limit = sweep.registry.vendor("seedance2ai").rate
    jobs = running(member, safe_key, limit.calls, model="seedance2ai/seedance")
    asked = look()
    assert asked == limit.calls * 2 // 3
    waiting = [job for job in map(fresh, jobs) if job.looks == 0]
    assert len(waiting) == limit.calls - asked
    assert all(job.next_at < later(5) for job in waiting)


@pytest.mark.django_db(transaction=True)
def test_a_slow_vendor_holds_up_nobody_else(transactional_db, member, key, safe_key, vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"look_deadline": 2, "sweep_run": 1.5}
    slow, quick = running(member, key, 1)[0], running(member, safe_key, 1, model="seedance2ai/seedance")[0]

    def by_dialect(heard, connection):
        behave = faults.silent(3) if key.vendor in heard.target else says.working()
        return behave(heard, connection)

    vendor.looks = [by_dialect]
    began = time.monotonic()
    sweep.sweep("me")
    assert fresh(quick).looks >= 1
    assert fresh(slow).looks == 0
    assert time.monotonic() - began < 4
    assert fresh(slow).next_at < later(1), "dropped with the sweep, and due again for the next"


def test_two_sweeps_never_run_at_once(member, key, vendor):
    running(member, key, 1)
    assert leases.take(sweep.NAME, "another", 60)
    assert sweep.sweep("me") == 0
    assert vendor.looked == []


def test_a_sweep_that_lost_its_lease_reschedules_nothing(member, key, vendor):
    job = running(member, key, 1)[0]
    before = fresh(job)
    assert leases.take(sweep.NAME, "another", 60)
    with sweep.asyncio.Runner() as runner:
        mine = sweep.Sweep("me", runner)
        mine.reschedule([job])
        mine.open_looks = {None: job}
        mine.put_back()
        runner.run(mine.looker.__aexit__(None, None, None))
    assert (fresh(job).looks, fresh(job).next_at) == (0, before.next_at)


@pytest.mark.django_db(transaction=True)
def test_a_whole_sweep_gives_its_lease_back(transactional_db, member, key, vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"sweep_run": 0.3}
    job = running(member, key, 1)[0]
    assert sweep.sweep("me") >= 1
    assert fresh(job).looks >= 1
    assert not leases.held(sweep.NAME)
    assert Lease.objects.get(name=sweep.NAME).owner == ""


def test_one_poisoned_row_ends_no_sweep(member, key, vendor):
    """A ticket that cannot be read, beside a job that can."""
    poisoned, well = running(member, key, 2)
    Job.objects.filter(pk=poisoned.pk).update(ticket={"other": 1})
    assert look() == 1
    assert fresh(well).looks == 1
    assert fresh(poisoned).next_at > later(1), "it comes up again slowly"


def test_a_job_moved_while_the_question_was_open_is_asked_about_again_soon(member, key, vendor):
    job = sent(member, vendor)

    def stopped_meanwhile(heard, connection):
        vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
        return says.working(progress=50)(heard, connection)

    vendor.looks = [stopped_meanwhile]
    due(job)
    with sweep.asyncio.Runner() as runner:
        mine = sweep.Sweep("me", runner)
        for one in mine.pick():
            mine.ask(one)
        touch(fresh(job), stopped_at=now())
        while mine.open_looks:
            mine.write(runner.run(mine.turn()))
        runner.run(mine.stop())
    assert fresh(job).percent is None
    assert fresh(job).next_at < later(1)
    assert looked(job).state == "downloading"


# --- unknown jobs, and what a callback claims ------------------------------------------


def unknown_with_hint(member, vendor, task="task-7"):
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member))
    Job.objects.filter(pk=job.pk).update(hint_task_id=task, hint={"task_id": task})
    return fresh(job)
