"""Which month a request counts in: the one in which it is made."""

from datetime import timedelta

import pytest

from tests.budgets.given import a_budget, used
from tests.builders import MODEL, VENDOR
from tests.usage.spent import A, M, S, attempt, spent
from videos.jobs import verbs
from videos.jobs.verbs import CannotBe, GenerationRequest, Refusal
from videos.models import Job
from videos.spending import month

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PRICE = 28  # credits of every generation here


def test_last_month_is_over(team, alice, key):
    budget = a_budget(team, "10")
    ends = month.begins(month.this_month())
    job = spent(team, alice, A.CHARGED, money=M.CHARGED)
    job.attempts.update(opened_at=ends - timedelta(seconds=1))
    assert used(budget) == 0
    job = spent(team, alice, A.CHARGED, money=M.CHARGED)
    job.attempts.update(opened_at=ends)
    assert used(budget) == 1


def test_a_request_counts_in_the_month_in_which_it_is_made_however_old_the_press_is(member, team, key):
    """Lost answers of last month that are tried again share what this month has left."""
    budget = a_budget(team, str(2 * PRICE), "credits", VENDOR)
    ended = month.begins(month.this_month()) - timedelta(days=1)
    lost = [spent(team, member.user, money=M.POSSIBLY, state=S.UNKNOWN, created_at=ended) for _n in range(3)]
    for job in lost:
        attempt(job, A.UNKNOWN, opened_at=ended)
    assert used(budget) == 0
    for job in lost[:2]:
        verbs.decide(member, job, "try_again")
    assert used(budget) == 2 * PRICE
    with pytest.raises(CannotBe, match="over_budget"):
        verbs.decide(member, lost[2], "try_again")
    for job in lost[:2]:  # sent meanwhile
        attempt(job, A.OPEN)
        Job.objects.filter(pk=job.pk).update(state=S.SUBMITTING, money=M.HELD)
    assert used(budget) == 2 * PRICE


def test_what_has_waited_since_last_month_counts_now(member, team, key):
    a_budget(team, "1")
    ended = month.begins(month.this_month()) - timedelta(days=1)
    spent(team, member.user, money=M.NONE, state=S.QUEUED, created_at=ended)
    with pytest.raises(Refusal, match="budget_full"):
        verbs.start(member, GenerationRequest(MODEL, "A lighthouse at dusk"))
