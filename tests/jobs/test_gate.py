"""Reasons to wait before money is spent, and what the card is told."""

import pytest

from tests.builders import a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, age, drive, due, fresh, press
from videos.jobs import money, verbs
from videos.jobs.account import rates
from videos.jobs.sending import gate, submit
from videos.jobs.transitions import By
from videos.models import AccountPace, KeyState
from videos.models.clock import later
from videos.states import Attempt, State
from videos.vendors.contract import RateLimit

pytestmark = pytest.mark.django_db


def unclear(team, user, key, count, **fields):
    for _n in range(count):
        job = a_job(team, user, key=key, state=State.UNKNOWN, **fields)
        money.open_attempt(job)
        money.settle(job, Attempt.UNKNOWN, "timeout")


@pytest.mark.parametrize("state", [KeyState.PAUSED, KeyState.BROKEN])
def test_a_key_that_rests_keeps_its_queue(member, key, vendor, state):
    job = press(member)
    type(key).objects.update(state=state)
    job = drive(job)
    assert (job.state, job.waiting_for, vendor.sent) == ("queued", "key", [])
    type(key).objects.update(state=KeyState.ACTIVE)
    assert drive(job).state == "running"


def test_a_key_that_is_taken_away_between_gate_and_claim_sends_nothing(member, key, vendor):
    job = due(press(member))
    assert gate.reason_to_wait(job) is None
    type(key).objects.update(state=KeyState.PAUSED)
    assert not submit.claim(job, By(worker="me"))
    assert fresh(job).state == "queued"


def test_f22_nothing_is_bought_that_could_not_be_kept(member, key, vendor, settings):
    settings.DISK_RESERVE = 10**18
    job = drive(press(member))
    assert (job.state, job.waiting_for, vendor.sent) == ("queued", "disk", [])


def test_five_unclear_answers_close_the_gate_for_a_while(member, key, vendor, settings):
    unclear(member.team, member.user, key, gate.UNCLEAR_MOST)
    job = press(member)
    assert drive(job).waiting_for == "breaker"
    for other in member.team.jobs.exclude(pk=job.pk):
        age(other, settings.DURATIONS["breaker_window"] + 1)
    assert drive(job).state == "running"


def test_settling_old_unclear_jobs_does_not_close_the_gate(member, key, vendor, settings):
    unclear(member.team, member.user, key, gate.UNCLEAR_MOST)
    for other in member.team.jobs.all():
        verbs.decide(member, age(other, settings.DURATIONS["breaker_window"] + 1), "give_up")
    assert drive(press(member)).state == "running"


def test_another_vendor_or_a_rehearsal_closes_nobody_elses_gate(member, key, safe_key, vendor):
    unclear(member.team, member.user, safe_key, gate.UNCLEAR_MOST, model=SAFE_MODEL)
    real = a_key(member.team, secret="sk-really-real-key", rehearsal=False)
    unclear(member.team, member.user, real, gate.UNCLEAR_MOST)
    assert drive(press(member, key=key)).state == "running"


def test_an_account_makes_so_many_at_once(member, key, vendor):
    running = submit.registry.vendor(key.vendor).running
    for n in range(running):
        a_job(member.team, member.user, key=key, state=State.RUNNING if n % 2 else State.SUBMITTING)
    job = drive(press(member))
    assert (job.state, job.waiting_for) == ("queued", "slot")
    member.team.jobs.exclude(pk=job.pk).update(state=State.SUCCEEDED)
    assert drive(job).state == "running"


@pytest.mark.both_databases
def test_two_workers_that_saw_the_same_free_slot_do_not_both_take_it(member, key, vendor):
    running = submit.registry.vendor(key.vendor).running
    for _n in range(running - 1):
        a_job(member.team, member.user, key=key, state=State.RUNNING)
    first, second = due(press(member)), due(press(member, "Another"))
    assert gate.reason_to_wait(first) is gate.reason_to_wait(second) is None
    assert submit.claim(first, By(worker="one"))
    assert not submit.claim(second, By(worker="two"))
    assert fresh(second).state == "queued"


@pytest.mark.both_databases
def test_f7_requests_that_nobody_answers_for_an_hour_stop_no_account(member, safe_key, vendor, settings):
    """Each is repeated under its key for a day; what the vendor may have made of them is long over."""
    vendor.submits = [says.says({"error": {"code": "internal_error", "message": "oops"}}, status=500)]
    account = submit.registry.vendor(safe_key.vendor).running
    stuck = [drive(press(member, f"Stuck {n}", SAFE_MODEL)) for n in range(account)]
    assert {job.state for job in stuck} == {"submitting"}
    job = press(member, "Another", SAFE_MODEL)
    assert drive(job).waiting_for == "slot"
    for one in stuck:
        age(one, settings.DURATIONS["video_deadline"] + 1)
    vendor.submits = [says.accepted("task-another"), *(says.accepted(f"task-{n}") for n in range(account))]
    assert drive(job).state == "running"
    assert {drive(one).state for one in stuck} == {"running"}, "and they are still asked about"
    assert len({heard.headers["idempotency-key"] for heard in vendor.sent}) == account + 1


def test_one_key_in_two_teams_is_one_account(member, key, charlie, vendor):
    elsewhere = charlie.memberships.get().team
    twin = a_key(elsewhere, secret="rehearsal-plain")
    for _n in range(submit.registry.vendor(key.vendor).running):
        a_job(elsewhere, charlie, key=twin, state=State.RUNNING)
    assert drive(press(member, key=key)).waiting_for == "slot"


def test_a_waiting_job_changes_its_card_only_when_the_reason_does(member, key, vendor):
    job = press(member)
    type(key).objects.update(state=KeyState.PAUSED)
    versions = [drive(job).version for _again in range(3)]
    assert versions == [1, 1, 1]
    assert fresh(job).next_at > later(0)
    type(key).objects.update(state=KeyState.ACTIVE, quiet_until=later(50))
    assert (drive(job).waiting_for, fresh(job).version) == ("rate", 2)


def test_a_job_that_waits_for_something_else_takes_no_call_from_the_budget(
    member, safe_key, vendor, settings
):
    settings.DISK_RESERVE = 10**18
    job = drive(press(member, model=SAFE_MODEL))
    assert job.waiting_for == "disk"
    assert not AccountPace.objects.exists()


def test_the_rate_of_an_account_holds_its_queue(member, safe_key, vendor):
    limit = submit.registry.vendor("seedance2ai").rate
    job = press(member, model=SAFE_MODEL)
    assert rates.take("seedance2ai", safe_key.account, limit, limit.calls) == limit.calls
    job = drive(job)
    assert (job.state, job.waiting_for, vendor.sent) == ("queued", "rate", [])


@pytest.mark.both_databases
class TestRates:
    LIMIT = RateLimit(30, 60)

    def take(self, wanted, **how):
        return rates.take("v", "a", self.LIMIT, wanted, **how)

    def test_no_more_than_the_bucket_holds(self):
        assert self.take(20) == 20
        assert self.take(20) == 10
        assert self.take(1) == 0

    def test_it_fills_up_again_and_not_beyond(self):
        assert self.take(30) == 30
        AccountPace.objects.update(filled_at=later(-10))
        assert self.take(30) == 5
        AccountPace.objects.update(filled_at=later(-100_000))
        assert self.take(300) == 30

    def test_looks_leave_a_third_to_submits(self):
        assert self.take(30, looks=True) == 20
        assert self.take(30, looks=True) == 0
        assert self.take(30) == 10

    def test_accounts_do_not_share(self):
        assert self.take(30) == 30
        assert rates.take("v", "b", self.LIMIT, 30) == 30
        assert rates.take("w", "a", self.LIMIT, 30) == 30


def test_a_clock_that_went_back_takes_nothing_away(db):
    limit = RateLimit(30, 60)
    assert rates.take("v", "a", limit, 10) == 10
    AccountPace.objects.update(filled_at=later(600))
    assert rates.take("v", "a", limit, 30) == 20
