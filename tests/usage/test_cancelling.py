"""Behaviour 18: cancelling one job changes no other job, and the page says whether the
vendor may still charge. Through the front door."""

import pytest

from tests.usage.spent import A, M, S, every_way, spent
from videos.models import Event, Job, SpendAttempt
from videos.usage.proof import prove

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def page_of(client, job) -> str:
    return client.get(f"/t/northlight/clips/{job.public_id}/").content.decode()


def stop(client, job) -> None:
    assert client.post(f"/t/northlight/clips/{job.public_id}/stop/").status_code == 302
    job.refresh_from_db()


def everything_else(job) -> list[list[dict]]:
    return [
        list(Job.objects.exclude(pk=job.pk).order_by("pk").values()),
        list(SpendAttempt.objects.exclude(job=job).order_by("pk").values()),
        list(Event.objects.exclude(job=job).order_by("pk").values()),
    ]


@pytest.fixture
def others(team, alice, bob):
    """Twins of what is cancelled among them: same person, same words, same key."""
    return [*every_way(team, bob), *every_way(team, alice)]


def test_b18_before_it_is_sent_it_is_free_and_nobody_else_is_touched(as_bob, team, bob, others):
    job = spent(team, bob, money=M.NONE, state=S.QUEUED)
    before = everything_else(job)
    stop(as_bob, job)
    assert (job.state, job.money) == (S.CANCELED, M.NONE)
    assert everything_else(job) == before
    page = page_of(as_bob, job)
    assert "Taken back before it was sent" in page and "Nothing was charged." in page
    assert "may still be charged" not in page
    assert prove().holds


@pytest.mark.parametrize(
    ("state", "attempt"), [(S.SUBMITTING, A.OPEN), (S.RUNNING, A.CHARGED), (S.EXPIRED, A.CHARGED)]
)
def test_b18_once_sent_the_page_says_that_it_may_still_be_charged(as_bob, team, bob, others, state, attempt):
    job = spent(team, bob, attempt, money=M.HELD, state=state)
    before = everything_else(job)
    assert "whoever stops watching may still be charged" in page_of(as_bob, job), "said before the press"
    stop(as_bob, job)
    assert (job.state, job.money) == (state, M.HELD) and job.stopped_at, "the vendor was not told"
    assert everything_else(job) == before
    assert "it may still be charged" in page_of(as_bob, job), "and after it"
    assert prove().holds


def test_b18_a_second_try_that_is_taken_back_leaves_the_first_in_doubt(as_bob, team, bob, others):
    """It was sent once, and a person said "send it again": taking back the second is free."""
    job = spent(team, bob, A.WRITTEN_OFF, money=M.POSSIBLY, state=S.QUEUED)
    before = everything_else(job)
    stop(as_bob, job)
    assert (job.state, job.money) == (S.CANCELED, M.WRITTEN_OFF)
    assert everything_else(job) == before
    assert "It may have been charged: 28 credits." in page_of(as_bob, job)
    assert prove().holds
