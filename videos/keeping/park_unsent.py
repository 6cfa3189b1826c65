"""What a restored studio does not know about money.

The database is a past. A job that waited to be sent in it may have been sent, made and
charged an hour later; a job that was being sent certainly may. Nothing here can tell. To
fail them would say "nothing was charged", which may be false; to send them may pay twice.
So they become what the studio has for exactly this: UNKNOWN, "nobody knows whether it was
sent". A person looks in the vendor's console and pastes the task id, sends it again
knowing that it may be charged twice, or gives it up; a late callback of the vendor's,
which knows the job's secret address, settles it by itself. Even where the vendor honours
our idempotency key nothing is repeated: how long ago the first request was, nobody knows.

What was accepted (running, late, lost, on its way home) is only asked about, which costs
nothing. What ended, ended. No job of the past is ever sent by itself."""

from django.db import transaction

from videos.jobs import money
from videos.jobs.transitions import By, move
from videos.models import Job, SpendAttempt, clock
from videos.states import Attempt, Event, Money, State

BY = By(worker="restore")


def park(taken_at: str) -> int:
    """How many jobs wait for a person's word now. Safe to repeat after a crash."""
    waiting = Job.objects.filter(state__in=(State.QUEUED, State.SUBMITTING)).order_by("pk")
    return sum(_park(job, taken_at) for job in waiting.defer("body_sealed"))


def _park(job: Job, taken_at: str) -> int:
    with transaction.atomic():
        if money.standing_attempt(job) is None:
            # It may be out there: a paid request that nobody here saw leave.
            attempt = money.open_attempt(job)
            SpendAttempt.objects.filter(pk=attempt.pk).update(opened_at=taken_at)
        move(
            job, Event.PARKED, BY, data={"taken_at": taken_at, "kind": "parked"}, kind="parked", said="", code="",
            money=Money.POSSIBLY, claims=0, next_at=clock.now() if job.hint_task_id else None,
        )  # fmt: skip
        money.settle(job, Attempt.UNKNOWN, "restored")
    return 1
