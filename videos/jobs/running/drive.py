"""One job, one step: look at the row, do what its state asks for, write what came of it."""

import logging
import os
import time

from videos.jobs.fetching import collect
from videos.jobs.sending import recover, submit
from videos.jobs.transitions import By, Overtaken
from videos.models import Job, clock
from videos.states import State

log = logging.getLogger(__name__)

STEPS = {State.QUEUED: submit.submit, State.SUBMITTING: recover.recover, State.DOWNLOADING: collect.collect}


def drive(job_id: int) -> None:
    """Safe to call at any moment, any number of times, by any number of workers."""
    job = Job.objects.select_related("key", "team").filter(pk=job_id).first()
    if job is None or job.state not in STEPS or not due(job):
        return
    # Due time first: a row that breaks us comes up again slowly, not in a circle.
    ahead = clock.later(5)
    if not Job.objects.filter(pk=job.pk, version=job.version, next_at=job.next_at).update(next_at=ahead):
        return
    job.next_at = ahead
    try:
        STEPS[State(job.state)](job, By(worker=worker_name("drive")))
    except Overtaken:
        log.info("job %s was moved by somebody else", job)


def due(job: Job) -> bool:
    """Nobody holds it, and its time has come."""
    at = clock.now()
    free = job.lease_until is None or job.lease_until < at
    return free and job.next_at is not None and job.next_at <= at


def worker_name(what: str) -> str:
    """Unique per run: a lease that an earlier run in this process held is not ours."""
    return f"{what}-{os.uname().nodename[:20]}-{os.getpid()}-{time.monotonic_ns():x}"[:64]
