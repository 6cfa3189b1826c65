"""Decides whether a job may be sent now: every reason to wait, cheapest first.

Nothing is spent while a reason holds, and the card names it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from videos.jobs.account import rates, routes
from videos.media.present import is_present
from videos.media.store import Store
from videos.models import Job, KeyState, Lease, SpendAttempt, clock
from videos.states import Attempt, State
from videos.vendors import registry

UNCLEAR_MOST = 5  # unclear submits in one window that close the gate for a vendor


@dataclass(frozen=True, slots=True)
class Wait:
    """``what``: key, disk, picture, rate, breaker, slot or turn. ``until``: when to look again."""

    what: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What is full just now. ``account``: the vendor's account makes as many as it may at once.
    ``workers``: half of them are sending to this vendor; the other half is kept for other vendors'
    jobs and for looks, however long this vendor takes to answer."""

    account: bool
    workers: bool


def reason_to_wait(job: Job) -> Wait | None:
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
    if picture_is_missing(job):
        return Wait("picture", soon)
    if _unclear_submits(job, at) >= UNCLEAR_MOST:
        return Wait("breaker", soon)
    busy, in_a_moment = occupancy(job), at + timedelta(seconds=settings.DURATIONS["look_least"])
    if busy.account or busy.workers:
        return Wait("slot" if busy.account else "turn", in_a_moment)
    vendor = registry.vendor(job.vendor)
    if vendor.rate and not rates.take(job.vendor, job.account, vendor.rate, 1):
        return Wait("rate", in_a_moment)
    return None


def disk_is_full() -> bool:
    """Is less room left than the reserve? Then nothing is sent: what cannot be stored is not bought."""
    return Store(settings.MEDIA).free_bytes() < settings.DISK_RESERVE


def picture_is_missing(job: Job) -> bool:
    """Would the vendor follow a picture's link of this job to a missing file? Never where pictures travel
    inside the request: they are in it already."""
    if not routes.reachable_by(job.vendor, rehearsal=job.rehearsal):
        return False
    return not all(is_present(place.upload) for place in job.pictures.select_related("upload"))


def occupancy(job: Job) -> Occupancy:
    """Count the vendor's other jobs that are being sent or made, real or rehearsal like ``job``."""
    busy = _others(job).filter(state__in=[State.SUBMITTING, State.RUNNING])
    counts = busy.aggregate(
        of_account=Count("pk", filter=Q(account=job.account) & ~_sent_too_long_ago() & ~_at_a_standstill()),
        being_sent=Count("pk", filter=Q(state=State.SUBMITTING, lease_until__gt=clock.now())),
    )
    return Occupancy(
        account=counts["of_account"] >= registry.vendor(job.vendor).running,
        workers=counts["being_sent"] >= max(1, settings.Q_CLUSTER["workers"] // 2),
    )


def _sent_too_long_ago() -> Q:
    """Jobs sent so long ago that they cannot still be in the making, although no answer came. Where one
    is all the same, the vendor says 429, which is waited out."""
    return Q(state=State.SUBMITTING, sent_at__lt=clock.later(-settings.DURATIONS["video_deadline"]))


def _at_a_standstill() -> Q:
    """Jobs of which the vendor has long said the same word that no table has: they may have ended there.
    Where one is still being made all the same, the vendor says 429, which is waited out."""
    return Q(state=State.RUNNING, word_since__lt=clock.later(-settings.DURATIONS["word_for"]))


def media_workers_are_busy(job: Job) -> bool:
    """Are all media workers but one fetching from this vendor? The last one is kept for other vendors."""
    fetching = _others(job).filter(state=State.DOWNLOADING, lease_until__gt=clock.now()).count()
    return fetching >= max(1, settings.Q_CLUSTER["ALT_CLUSTERS"]["media"]["workers"] - 1)


def take_turn(job: Job) -> None:
    """Lock the vendor's turn row until the transaction ends: workers about to send to a vendor, or to
    fetch from it, count one after the other, so that two that saw the same free slot do not both take
    it."""
    Lease.objects.select_for_update().get_or_create(name=f"turns at {job.vendor}"[:40])


def _others(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(vendor=job.vendor, rehearsal=job.rehearsal).exclude(pk=job.pk)


def _unclear_submits(job: Job, at: datetime) -> int:
    """How many submits to this vendor ended unclear within the last ``breaker_window`` seconds."""
    # By when they were sent: a person who settles five old ones must not close the gate.
    since = at - timedelta(seconds=settings.DURATIONS["breaker_window"])
    unclear = Q(state=Attempt.UNKNOWN) | Q(state=Attempt.WRITTEN_OFF)
    until = at + timedelta(seconds=60)  # later ones were sent before the clock went back
    return SpendAttempt.objects.filter(
        unclear,
        job__vendor=job.vendor,
        job__rehearsal=job.rehearsal,
        opened_at__gt=since,
        opened_at__lte=until,
    ).count()
