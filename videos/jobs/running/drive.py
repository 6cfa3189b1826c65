"""Drives one job by one step: reads the row, does what its state asks for, writes what came of it."""

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
    """Do the next step of the job, if it is due and no worker holds it. Safe to call at any moment, any
    number of times, by any number of workers."""
    job = Job.objects.select_related("key", "team").filter(pk=job_id).first()
    if job is None or job.state not in STEPS or not due(job):
        return
    # The due time is pushed ahead first: a row whose step kills the worker comes up again slowly, and does
    # not kill one after another without a pause.
    ahead = clock.later(5)
    if not Job.objects.filter(pk=job.pk, version=job.version, next_at=job.next_at).update(next_at=ahead):
        return
    job.next_at = ahead
    try:
        STEPS[State(job.state)](job, By(worker=worker_name("drive")))
    except Overtaken:
        log.info("job %s was moved by somebody else", job)


def due(job: Job) -> bool:
    """Is the job held by no worker, and has its time come?"""
    at = clock.now()
    free = job.lease_until is None or job.lease_until < at
    return free and job.next_at is not None and job.next_at <= at


def worker_name(what: str) -> str:
    """A name unique to one run, so that a lease of an earlier run in this process is not taken for ours."""
    return f"{what}-{os.uname().nodename[:20]}-{os.getpid()}-{time.monotonic_ns():x}"[:64]
