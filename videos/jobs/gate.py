"""May this job be sent now? Every reason to wait, cheapest first. Nothing is spent while
one holds, and the card says which."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from videos.jobs import rates
from videos.jobs.states import Attempt, State
from videos.media.store import Store
from videos.models import Job, KeyState, SpendAttempt, clock
from videos.vendors import registry

AMBIGUOUS = 5  # unclear submits in one window that close the gate for a vendor


@dataclass(frozen=True, slots=True)
class Wait:
    """``what``: key, disk, rate, breaker or slot. ``until``: when to look again."""

    what: str
    until: datetime


def closed(job: Job) -> Wait | None:
    """The first reason why ``job`` must wait, or None. Taking a call out of the account's
    budget comes last, so that a job that waits for something else takes none."""
    at = clock.now()
    soon = at + timedelta(seconds=settings.DURATIONS["look"])
    if job.key.state != KeyState.ACTIVE:
        return Wait("key", soon)
    if job.key.quiet_until and job.key.quiet_until > at:
        return Wait("rate", job.key.quiet_until)
    if disk_is_full():
        return Wait("disk", soon)
    if _ambiguous(job, at) >= AMBIGUOUS:
        return Wait("breaker", soon)
    vendor = registry.vendor(job.vendor)
    if running(job) >= vendor.running:
        return Wait("slot", at + timedelta(seconds=settings.DURATIONS["look_least"]))
    if vendor.rate and not rates.take(job.vendor, job.account, vendor.rate, 1):
        return Wait("rate", at + timedelta(seconds=settings.DURATIONS["look_least"]))
    return None


def disk_is_full() -> bool:
    """What cannot be stored is not bought."""
    return Store(settings.MEDIA).free_bytes() < settings.DISK_RESERVE


def running(job: Job) -> int:
    """How many jobs this vendor account is working on."""
    busy = Job.objects.filter(
        vendor=job.vendor, account=job.account, state__in=[State.SUBMITTING, State.RUNNING]
    )
    return busy.exclude(pk=job.pk).count()


def _ambiguous(job: Job, at: datetime) -> int:
    # Counted from when they were sent: a person who settles five old ones must not close the gate.
    since = at - timedelta(seconds=settings.DURATIONS["breaker_window"])
    unclear = models.Q(state=Attempt.UNKNOWN) | models.Q(state=Attempt.WRITTEN_OFF)
    return SpendAttempt.objects.filter(
        unclear, job__vendor=job.vendor, job__rehearsal=job.rehearsal, opened_at__gt=since
    ).count()
