"""At most one paid request of a job may stand: the database says so, whatever the code does."""

import pytest
from django.db import IntegrityError, transaction

from tests.builders import a_job
from tests.jobs.engine import attempts, due, fresh, story
from videos.jobs import money
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.models import SpendAttempt
from videos.states import ATTEMPT_STANDS, Attempt, Money, State

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("standing", ATTEMPT_STANDS)
def test_a_second_standing_attempt_is_refused_by_the_database(team, alice, standing):
    job = a_job(team, alice, state=State.QUEUED)
    first = money.open_attempt(job)
    SpendAttempt.objects.filter(pk=first.pk).update(state=standing)
    with pytest.raises(IntegrityError), transaction.atomic():
        money.open_attempt(job)
    assert len(attempts(job)) == 1


@pytest.mark.parametrize("settled", [Attempt.NOT_CHARGED, Attempt.WRITTEN_OFF])
def test_after_one_that_cost_nothing_or_was_written_off_another_may_be_made(team, alice, settled):
    job = a_job(team, alice, state=State.QUEUED)
    money.open_attempt(job)
    money.settle(job, settled, "because")
    assert money.open_attempt(job).n == 2
    assert attempts(job) == [(settled, "because"), ("open", "")]


def test_a_claim_over_a_standing_attempt_changes_nothing(team, alice):
    """Two mistakes would be needed to pay twice: this one is caught by the index."""
    job = a_job(team, alice, state=State.QUEUED)
    money.open_attempt(job)
    money.settle(job, Attempt.CHARGED, "accepted")
    assert not submit.claim(due(job), By(worker="me"))
    assert (fresh(job).state, fresh(job).version, story(job)) == ("queued", 0, [])


def test_settling_says_who_and_when(team, alice):
    job = a_job(team, alice, state=State.UNKNOWN)
    money.open_attempt(job)
    money.settle(job, Attempt.UNKNOWN, "timeout")
    money.settle(job, Attempt.WRITTEN_OFF, "give_up", alice)
    attempt = job.attempts.get()
    assert (attempt.state, attempt.evidence, attempt.by) == ("written_off", "give_up", alice)
    assert attempt.settled_at >= attempt.opened_at
    money.settle(job, Attempt.CHARGED, "too late")
    assert attempts(job) == [("written_off", "give_up")]


def test_what_was_written_off_outweighs_a_free_end(team, alice):
    job = a_job(team, alice, state=State.QUEUED)
    assert money.unless_written_off(job, Money.NOT_CHARGED) == Money.NOT_CHARGED
    money.open_attempt(job)
    money.settle(job, Attempt.WRITTEN_OFF, "try_again")
    assert money.unless_written_off(job, Money.NOT_CHARGED) == Money.WRITTEN_OFF
