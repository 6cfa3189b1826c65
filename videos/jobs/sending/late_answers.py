"""Handles news of a request that a person wrote off, while the next one still waits to be sent.

The vendor calls back about the first request, or its answer comes late: then it was accepted, and
sending again would pay twice for one result. So the job becomes UNKNOWN once more, with the first
request standing, and the look at the task that was named decides (videos/jobs/watching/sweep.py).
If the vendor does not know that task, a person decides, as before."""

from django.db import transaction

from videos.jobs import money
from videos.jobs.transitions import By, move
from videos.models import Job, clock
from videos.states import Attempt, Event, Money, State
from videos.vendors.contract import Accepted


def has_news(job: Job) -> bool:
    """Was a task named for a job that has a written-off request? Reads the row anew, because a callback
    raises no version. Without a written-off request the vendor has nothing of this job that a
    callback could name."""
    named = Job.objects.filter(pk=job.pk, attempts__state=Attempt.WRITTEN_OFF)
    return named.exclude(hint_task_id="").exists()


def reopen(job: Job, by: By) -> None:
    """Move a QUEUED job back to UNKNOWN and make it due, so that nothing is sent before the vendor was
    asked about the task that was named."""
    with transaction.atomic():
        move(
            job, Event.LATE_ANSWER, by, data={"task": job.hint_task_id}, kind="no_answer", money=Money.POSSIBLY,
            next_at=clock.now(), claims=0, tries=0,
        )  # fmt: skip
        money.reinstate(job, "heard")


def note_task_id(job: Job, outcome: Accepted) -> None:
    """Keep the task id of an answer that came after the job had moved on, so that the vendor is asked
    about it. Only where the request that it answers is still UNKNOWN, or was written off and the next
    one still waits."""
    open_yet = Job.objects.filter(pk=job.pk, vendor_task_id=None)
    unsettled = open_yet.filter(state=State.UNKNOWN, idem_key=job.idem_key)
    waits = open_yet.filter(
        state=State.QUEUED, attempts__idem_key=job.idem_key, attempts__state=Attempt.WRITTEN_OFF
    )
    for found in (unsettled, waits):
        found.update(
            hint_task_id=outcome.task_id[:200], hint=dict(outcome.ticket), errors=0, next_at=clock.now()
        )
