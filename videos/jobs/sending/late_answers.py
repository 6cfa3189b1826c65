"""News of a request that a person wrote off, while the next one still waits to be sent.

The vendor calls back about the first, or its answer comes late: then it was taken, and to send
again would pay for what can be had. The job is UNKNOWN once more, with the first request
standing, and the look at the task that was named decides (videos/jobs/watching/sweep.py). What the vendor
knows nothing of is a person's to decide, as before."""

from django.db import transaction

from videos.jobs import money
from videos.jobs.transitions import By, move
from videos.models import Job, clock
from videos.states import Attempt, Event, Money, State
from videos.vendors.contract import Accepted


def has_news(job: Job) -> bool:
    """Is a task named and a request written off? Asked of the row as it is: a callback moves no
    version. Where none is written off nothing of ours is out there, and nobody can name it."""
    named = Job.objects.filter(pk=job.pk, attempts__state=Attempt.WRITTEN_OFF)
    return named.exclude(hint_task_id="").exists()


def reopen(job: Job, by: By) -> None:
    """QUEUED: nothing is sent before the vendor was asked about the task that was named."""
    with transaction.atomic():
        move(
            job, Event.LATE_ANSWER, by, data={"task": job.hint_task_id}, kind="no_answer", money=Money.POSSIBLY,
            next_at=clock.now(), claims=0, tries=0,
        )  # fmt: skip
        money.reinstate(job, "heard")


def note_task_id(job: Job, outcome: Accepted) -> None:
    """The job went on without this answer. Where nobody knows yet what became of the very request
    that it answers, or where that was written off and the next one still waits, its task id is
    something to ask about."""
    open_yet = Job.objects.filter(pk=job.pk, vendor_task_id=None)
    unsettled = open_yet.filter(state=State.UNKNOWN, idem_key=job.idem_key)
    waits = open_yet.filter(
        state=State.QUEUED, attempts__idem_key=job.idem_key, attempts__state=Attempt.WRITTEN_OFF
    )
    for found in (unsettled, waits):
        found.update(
            hint_task_id=outcome.task_id[:200], hint=dict(outcome.ticket), errors=0, next_at=clock.now()
        )
