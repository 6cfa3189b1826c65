"""Repairs rows after the clock went back: somebody set it, or a machine began with a wrong one.

What rows say is due later, or held until later, would then wait for as long as the clock went back: for
an hour nothing is looked at, and a dead worker holds what it had.

The ticker writes the time every second, so its own last heartbeat in the future means just that. Nothing
is moved by the size of the step: every time is cut to the longest it may be from now. So doing it twice,
or while another host's reading of the clock is a minute old, changes nothing more. A clock that goes
forward needs nothing: leases run out, and every writer is fenced."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from videos import heartbeat
from videos.jobs.watching.sweep import NAME as SWEEP
from videos.models import AccountPace, Heartbeat, Job, Lease, VendorKey, clock
from videos.models.heartbeats import TICKER
from videos.states import UNFINISHED

log = logging.getLogger(__name__)
TOLERANCE = timedelta(seconds=5)  # hosts that ask the same database's clock differ by less


def notice() -> bool:
    """Repair the rows if the clock went back since the ticker's last heartbeat; True if it did."""
    at, last = clock.now(), heartbeat.last(TICKER)
    if last is None or last <= at + TOLERANCE:
        return False
    log.warning("the clock went back by %.0f seconds; what waits is due anew", (last - at).total_seconds())
    with transaction.atomic():
        _put_right(at)
    return True


def _put_right(at: datetime) -> None:
    lease = at + timedelta(seconds=settings.DURATIONS["submit_lease"])  # the longest of a job
    quiet = at + timedelta(seconds=settings.DURATIONS["retry_after_most"])
    unfinished = Job.objects.filter(state__in=UNFINISHED)
    # No holder has more than a whole lease left, and one that is alive renews it or is done by then.
    unfinished.filter(lease_until__gt=lease).update(lease_until=lease, next_at=lease)
    unfinished.filter(lease_until=None, next_at__gt=at).update(next_at=at)
    unfinished.filter(nudged_at__gt=at).update(nudged_at=None)
    VendorKey.objects.filter(quiet_until__gt=quiet).update(quiet_until=quiet)
    AccountPace.objects.filter(filled_at__gt=at).update(filled_at=at)
    Lease.objects.filter(nudged_at__gt=at).update(nudged_at=None)
    sweep = at + timedelta(seconds=settings.DURATIONS["sweep_lease"])
    Lease.objects.filter(name=SWEEP, until__gt=sweep).update(until=sweep)
    Heartbeat.objects.filter(at__gt=at).update(at=at)
