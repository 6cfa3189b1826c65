"""What is held stays what it is while people change what it is counted by: a rate, an estimate, a
budget, a key, the month. Nothing is counted twice or below nothing, and nobody's generation is stopped
behind their back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.budgets.given import a_budget, a_rate, an_estimate, standing, used
from tests.budgets.test_stop import PRICE, UNPRICED, VENDOR, press, refused
from tests.builders import a_job, a_key
from tests.usage.spent import A, M, S, attempt
from videos.budgets.board import board
from videos.keys import changes
from videos.models import Budget, Job, OwnEstimate, Rate, VendorKey, clock
from videos.spending import month
from videos.usage.period import Period
from videos.usage.proof import prove
from videos.usage.queries import usage

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sent(job):
    attempt(job, A.OPEN)
    Job.objects.filter(pk=job.pk).update(state=S.SUBMITTING, money=M.HELD)


def ended(job, charge):
    job.attempts.update(state=A.CHARGED)
    Job.objects.filter(pk=job.pk).update(state=S.SUCCEEDED, money=M.CHARGED, charge=Decimal(charge))


def test_a_rate_that_rises_counts_for_what_is_held_and_stops_the_next_press_only(member, team, key):
    a_rate(team, VENDOR, "1")
    budget = a_budget(team, "100", "money", "EUR")
    job = press(member)
    sent(job)
    assert used(budget) == PRICE
    Rate.objects.update(per_credit=Decimal(3))
    assert used(budget) == 3 * PRICE and refused(member) == ["budget_full"]
    ended(job, "28")
    assert used(budget) == 3 * PRICE and prove().holds and prove().balances
    Rate.objects.update(per_credit=Decimal("0.5"))
    assert used(budget) == PRICE / Decimal(2) and press(member)


def test_a_rate_that_is_taken_away_stops_presses_and_says_why(member, team, key):
    a_rate(team, VENDOR, "1")
    budget = a_budget(team, "100", "money", "EUR")
    job = press(member)
    Rate.objects.all().delete()
    assert refused(member) == ["budget_needs_rate"]
    assert [one.what for one in standing(budget).missing] == ["rate"] and board(member).rows[0].missing
    assert Job.objects.get(pk=job.pk).state == S.QUEUED


def test_an_estimate_that_is_changed_leaves_the_books_alone(member, team):
    vendor = UNPRICED.partition("/")[0]
    a_key(team, vendor=vendor, rehearsal=False)
    budget = a_budget(team, "100", "credits", vendor)
    an_estimate(team, UNPRICED, "30")
    job = press(member, UNPRICED)
    sent(job)
    assert used(budget) == 30
    OwnEstimate.objects.update(amount=Decimal(45))
    assert used(budget) == 45, "what nobody has charged yet is held at what the team thinks now"
    ended(job, "12")
    assert used(budget) == 12 and prove().holds


def test_a_budget_that_is_lowered_below_what_is_held_stops_the_next_and_is_never_negative(member, team, key):
    budget = a_budget(team, str(2 * PRICE), "credits", VENDOR)
    job = press(member)
    sent(job)
    Budget.objects.update(amount=Decimal(1))
    budget.refresh_from_db()
    found = standing(budget)
    assert (found.used, found.left, found.full) == (PRICE, 0, True) and refused(member) == ["budget_full"]
    assert board(member).rows[0].percent == 100
    ended(job, "28")
    assert prove().holds


def test_a_budget_that_is_ended_and_set_again_counts_what_is_held_once(member, team, key):
    budget = a_budget(team, "1")
    job = press(member)
    assert refused(member) == ["budget_full"]
    Budget.objects.filter(pk=budget.pk).update(ended_at=clock.now())
    second = press(member)
    again = a_budget(team, "3")
    assert used(again) == 2
    sent(job)
    sent(second)
    assert used(again) == 2 and press(member) and refused(member) == ["budget_full"]


def test_a_key_that_is_replaced_keeps_its_budget_and_what_it_holds(member, team, key):
    budget = a_budget(team, "2", key=key)
    job = press(member, key=key)
    sent(job)
    changes.replace(member, key, "sk-another-account-of-ours-1234")
    assert used(budget) == 1
    now_key = VendorKey.objects.get(pk=key.pk)
    assert press(member, key=now_key) and refused(member, key=now_key) == ["budget_full"]
    assert Job.objects.get(pk=job.pk).account == job.account, "what was sent is asked about where it was sent"


# --- the edge of a month and of a day --------------------------------------------------


@pytest.fixture
def at(monkeypatch):
    """``at(moment)``: it is then, for everybody."""

    def travel(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return travel


LAST = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_pressed_in_the_last_second_of_a_month_and_charged_in_the_next(member, team, key, at, zone):
    """The month is the studio's, wherever who looks is: it begins for nobody earlier."""
    with timezone.override(ZoneInfo(zone)):
        at(LAST)
        budget = a_budget(team, "1")
        job = press(member)
        assert (used(budget), month.this_month().month) == (1, 1) and refused(member) == ["budget_full"]
        at(LAST + timedelta(seconds=1))
        assert (used(budget), month.this_month().month) == (1, 2), "it goes out this month"
        assert refused(member) == ["budget_full"]
        attempt(job, A.CHARGED, opened_at=clock.now())
        Job.objects.filter(pk=job.pk).update(state=S.RUNNING, money=M.CHARGED, sent_at=clock.now())
        assert used(budget) == 1
        at(LAST)  # as whoever looked a second earlier still saw it
        assert used(budget) == 1
        assert board(member).month.startswith("January")


def test_sent_in_the_last_second_and_charged_in_the_next_month_counts_in_the_old_one(member, team, key, at):
    at(LAST)
    budget = a_budget(team, "1")
    job = press(member)
    attempt(job, A.OPEN, opened_at=LAST)
    Job.objects.filter(pk=job.pk).update(state=S.SUBMITTING, money=M.HELD)
    at(LAST + timedelta(seconds=1))
    ended(job, "28")
    assert used(budget) == 0 and press(member)


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-01", 24)],
    ids=["spring", "autumn", "May"],
)
def test_a_day_on_which_the_clocks_are_changed_counts_every_hour_once(member, team, key, day, hours):
    """Each of the days around it too: what is pressed is on exactly one day of the viewer's."""
    zone = ZoneInfo("Europe/Berlin")
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    for hour in range(-24, 49):
        a_job(
            team,
            member.user,
            key=key,
            created_at=midnight + timedelta(hours=hour, minutes=30),
            state=S.FAILED,
        )
    with timezone.override(zone):
        dates = [datetime.fromisoformat(day).date() + timedelta(days=n) for n in (-1, 0, 1)]
        per_day = [usage(member, Period(one, one), "vendor", rehearsal=False).counts.jobs for one in dates]
        assert per_day[1] == hours
        whole = usage(member, Period(dates[0], dates[-1]), "vendor", rehearsal=False)
        assert whole.counts.jobs == sum(per_day) == sum(whole.days.values())
