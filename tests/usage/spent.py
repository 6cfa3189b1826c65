"""Generations with the requests that were paid for them, as the engine would have left them."""

from datetime import datetime
from decimal import Decimal

from tests.builders import a_job
from videos.models import Job, SpendAttempt, Team, User
from videos.models.clock import now
from videos.states import Attempt, Money, State

A, M, S = Attempt, Money, State


def attempt(job: Job, state: Attempt, opened_at: datetime | None = None) -> SpendAttempt:
    return SpendAttempt.objects.create(
        job=job,
        n=job.attempts.count() + 1,
        key=job.key,
        idem_key=job.idem_key,
        body_sha256=job.body_sha256,
        state=state,
        opened_at=opened_at or now(),
    )


def spent(
    team: Team, user: User, *attempts: Attempt, money: Money, state: State = S.SUCCEEDED,
    estimate: str | None = "28", charge: str | None = None, refunded: str | None = None, unit: str = "credits", **fields,
) -> Job:  # fmt: skip
    amounts = {
        name: None if value is None else Decimal(value)
        for name, value in (("estimate", estimate), ("charge", charge), ("refunded", refunded))
    }
    job = a_job(team, user, state=state, money=money, unit=unit, **amounts, **fields)
    for one in attempts:
        attempt(job, one)
    return job


def every_way(team: Team, user: User, **fields) -> list[Job]:
    """One job for each way in which the money of a job may lawfully stand."""
    return [
        spent(team, user, money=M.NONE, state=S.QUEUED, **fields),
        spent(team, user, A.NOT_CHARGED, money=M.NONE, state=S.QUEUED, **fields),
        spent(team, user, A.NOT_CHARGED, money=M.NOT_CHARGED, state=S.FAILED, **fields),
        spent(team, user, A.OPEN, money=M.HELD, state=S.SUBMITTING, **fields),
        spent(team, user, A.CHARGED, money=M.HELD, state=S.RUNNING, charge="30", **fields),
        spent(team, user, A.CHARGED, money=M.CHARGED, **fields),
        spent(team, user, A.CHARGED, money=M.CHARGED, charge="12.345678", **fields),
        spent(team, user, A.CHARGED, money=M.CHARGED, charge="10", refunded="4", **fields),
        spent(team, user, A.CHARGED, money=M.REFUNDED, state=S.FAILED, charge="11", refunded="11", **fields),
        spent(team, user, A.CHARGED, money=M.NOT_CHARGED, state=S.FAILED, charge="0", refunded="0", **fields),
        spent(team, user, A.CHARGED, money=M.POSSIBLY, state=S.FAILED, estimate=None, **fields),
        spent(team, user, A.CHARGED, money=M.POSSIBLY, state=S.LOST, **fields),
        spent(team, user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN, **fields),
        spent(team, user, A.WRITTEN_OFF, money=M.WRITTEN_OFF, state=S.FAILED, **fields),
        spent(team, user, A.WRITTEN_OFF, money=M.POSSIBLY, state=S.QUEUED, **fields),
        spent(team, user, A.NOT_CHARGED, A.WRITTEN_OFF, A.CHARGED, money=M.CHARGED, charge="25", **fields),
        spent(team, user, A.WRITTEN_OFF, A.NOT_CHARGED, money=M.WRITTEN_OFF, state=S.FAILED, **fields),
        spent(team, user, A.WRITTEN_OFF, A.CHARGED, money=M.WRITTEN_OFF, state=S.FAILED, charge="0", **fields),
    ]  # fmt: skip
