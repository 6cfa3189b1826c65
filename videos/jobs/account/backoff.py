"""Silences a vendor account after a 429: every job of the account waits, submits and looks alike,
because a 429 is about the account and not about the one request that met it."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from videos.jobs import pacing
from videos.jobs.account import retry_after
from videos.models import Job, VendorKey, clock
from videos.vendors.contract import Kind


def start(job: Job, header: str) -> datetime:
    """Silence the account of ``job`` and return until when: as long as ``header`` (``Retry-After``)
    says, else longer with each 429 that this job met. A shorter wait never replaces a longer one."""
    least, most = settings.DURATIONS["look_least"] * 4, settings.DURATIONS["error_most"]
    pause = retry_after.seconds(header, clock.now(), most=settings.DURATIONS["retry_after_most"])
    if pause is None:
        earlier = job.errors + job.attempts.filter(evidence=str(Kind.RATE_LIMITED)).count()
        pause = pacing.after_error(earlier, first=least, most=most)
    until = clock.later(pause)
    sooner = Q(quiet_until=None) | Q(quiet_until__lt=until)
    VendorKey.objects.filter(sooner, vendor=job.vendor, account=job.account).update(quiet_until=until)
    return until
