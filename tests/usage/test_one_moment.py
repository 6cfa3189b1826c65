"""Money moves between two queries of a reader, and the reader sees one moment all the same."""

import threading
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection

from tests.budgets.given import a_budget, a_wish
from tests.builders import VENDOR, a_job, a_key
from videos import quota
from videos.budgets.board import board
from videos.jobs import money
from videos.models import Job, Membership, Output, SpendAttempt, clock
from videos.models.snapshot import snapshot
from videos.states import Attempt, Money, State
from videos.usage.period import Period
from videos.usage.proof import prove
from videos.usage.queries import usage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@contextmanager
def moved_meanwhile(move, after: int = 1):
    """Another connection does ``move`` when ``after`` SELECTs of this one have been answered."""
    seen = 0

    def elsewhere():
        try:
            move()
        finally:
            connection.close()

    def meddle(execute, sql, params, many, context):
        nonlocal seen
        answer = execute(sql, params, many, context)
        seen += sql.startswith("SELECT")
        if seen == after and sql.startswith("SELECT"):
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(30)
            assert not thread.is_alive(), "the reader keeps a writer waiting"
        return answer

    with connection.execute_wrapper(meddle):
        yield
    assert seen > after, "nothing was asked afterwards"


@pytest.fixture
def held(team, alice):
    """Ten credits on the way to a vendor."""
    job = a_job(team, alice, state=State.SUBMITTING, key=a_key(team, rehearsal=False), estimate=Decimal(10),
                unit="credits", money=Money.HELD)  # fmt: skip
    money.open_attempt(job)
    return job


@pytest.fixture
def member(team, alice):
    return Membership.objects.select_related("team", "user").get(user=alice, team=team)


def charge(job):
    """The vendor takes 12 instead of 10."""
    SpendAttempt.objects.filter(job=job).update(state=Attempt.CHARGED)
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, money=Money.CHARGED, charge=Decimal(12))


@pytest.mark.parametrize("after", [1, 2, 3])
def test_the_proof_finds_every_credit_once(held, after):
    with moved_meanwhile(lambda: charge(held), after):
        assert prove().holds
    assert prove().holds


def test_the_usage_page_and_its_file_count_what_they_add_up(team, alice, held, member):
    now = clock.now()
    today = Period(now.date(), now.date())

    def another():
        more = a_job(
            team, alice, state=State.SUBMITTING, key=held.key, estimate=Decimal(10), money=Money.HELD
        )
        money.open_attempt(more)

    with moved_meanwhile(another):
        found = usage(member, today, "model", rehearsal=False)
    assert (found.counts.jobs, sum(found.days.values())) == (1, 1)
    assert found.balances[VENDOR, "credits"].total == 10


def test_the_board_of_the_budgets_shows_a_wish_as_open_or_as_granted(team, alice, bob, member):
    budget = a_budget(team)
    wish = a_wish(budget, bob)

    def grant():
        type(wish).objects.filter(pk=wish.pk).update(state="approved", granted=5, decided_at=clock.now())

    with moved_meanwhile(grant, after=2):
        found = board(member)
    assert [bool(found.waiting), bool(found.answered), bool(found.rows[0].extra)] == [True, False, False]


def test_what_a_team_stores_is_counted_once(team, alice, held):
    Output.objects.create(job=held, n=0, kind="video", state="stored", file="x", bytes=100)
    with moved_meanwhile(lambda: Output.objects.update(bytes=900)), snapshot():
        assert [quota.used(team.pk), quota.used(team.pk)] == [100, 100]


def test_a_snapshot_keeps_nobody_from_writing_and_does_not_wait_for_who_writes(team):
    """Which an ordinary transaction of ours would, on SQLite."""
    wrote = threading.Event()

    def write():
        try:
            type(team).objects.filter(pk=team.pk).update(name="Meanwhile")
            wrote.set()
        finally:
            connection.close()

    with snapshot():
        name = type(team).objects.get(pk=team.pk).name
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(10)
        assert wrote.is_set()
        assert type(team).objects.get(pk=team.pk).name == name
    assert type(team).objects.get(pk=team.pk).name == "Meanwhile"
