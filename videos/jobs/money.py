"""Writes and reads the paid requests of a job (SpendAttempt rows).

A row is written before the first byte leaves; a partial unique index lets at most one of them
stand per job, so that a mistake in the code raises instead of paying twice."""

import logging
from decimal import Decimal

from django.db.models import Max

from videos.models import Job, SpendAttempt, User, clock
from videos.states import ATTEMPT_STANDS, Attempt, Money
from videos.vendors.contract import Charge

log = logging.getLogger(__name__)


def open_attempt(job: Job) -> SpendAttempt:
    """Write the row of a new paid request, numbered after the last one. Raises IntegrityError where an
    attempt of this job may still stand."""
    last = job.attempts.aggregate(n=Max("n"))["n"] or 0
    return SpendAttempt.objects.create(
        job=job,
        n=last + 1,
        key_id=job.key_id,
        idem_key=job.idem_key,
        body_sha256=job.body_sha256,
        opened_at=clock.now(),
    )


def standing_attempt(job: Job) -> SpendAttempt | None:
    """The one request of ``job`` that is open, charged or unknown; None where there is none."""
    return job.attempts.filter(state__in=[s.value for s in ATTEMPT_STANDS]).first()


def attempt_age(job: Job) -> float:
    """Seconds since the standing request was first sent."""
    attempt = standing_attempt(job)
    return (clock.now() - attempt.opened_at).total_seconds() if attempt else 0


def settle(job: Job, state: Attempt, evidence: str, by: User | None = None) -> None:
    """Write down what became of the standing attempt; nothing where none stands or it says so already.
    ``evidence``: a short code, never text of the vendor's."""
    attempt = standing_attempt(job)
    if attempt is None or attempt.state == state:
        return
    attempt.state, attempt.evidence, attempt.by, attempt.settled_at = state, evidence[:200], by, clock.now()
    attempt.save(update_fields=["state", "evidence", "by", "settled_at"])


def reinstate(job: Job, evidence: str) -> None:
    """Let the latest request that was written off stand again, as unknown: the vendor may know it
    after all. Raises IntegrityError where another one stands."""
    attempt = job.attempts.filter(state=Attempt.WRITTEN_OFF).order_by("-n").first()
    attempt.state, attempt.evidence, attempt.by, attempt.settled_at = (
        Attempt.UNKNOWN,
        evidence,
        None,
        clock.now(),
    )
    attempt.save(update_fields=["state", "evidence", "by", "settled_at"])


def unless_written_off(job: Job, otherwise: Money) -> Money:
    """Where the money is when the latest request cost nothing: ``otherwise``, unless an
    earlier one was written off, which may have been charged and stays visible."""
    written_off = job.attempts.filter(state=Attempt.WRITTEN_OFF).exists()
    return Money.WRITTEN_OFF if written_off else otherwise


def known_charge(job: Job, charge: Charge | None) -> Decimal | None:
    """The amount the vendor names; else the one it named before, or None."""
    return job.charge if charge is None or charge.amount is None else charge.amount


def odd_charge(job: Job, charge: Charge | None) -> dict[str, str]:
    """Event data about an amount that cannot be right, in the vendor's words; empty where nothing is
    odd. It is logged for the operator to ask about, and the answer it came with is kept."""
    if charge is None or not charge.odd:
        return {}
    log.error("job %s: the vendor names an amount that cannot be right: %s", job, charge.odd)
    return {"odd": charge.odd}
