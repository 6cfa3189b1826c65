"""An account with too few credits: known at its keys and written down once, however many jobs
meet it at the same moment.

Nothing waits for it: a smaller job may still be paid for. What it changes is what people are
told: once, at the key, and not only by each clip that failed."""

import logging

from django.db import transaction
from django.db.models import QuerySet

from videos.jobs.transitions import By
from videos.models import Event, Job, VendorKey, clock

log = logging.getLogger(__name__)


def mark(job: Job, by: By) -> None:
    """The vendor said so of ``job``. All keys that the team has of this account are marked, and the
    one that finds an unmarked one writes the line. To be called before the job's row is taken: keys
    come first, here in the order of their ids."""
    with transaction.atomic():
        same = VendorKey.objects.filter(team=job.team_id, vendor=job.vendor, account=job.account)
        keys = list(same.select_for_update().order_by("pk"))
        unmarked = [key.pk for key in keys if key.empty_since is None]
        if not unmarked:
            return
        at = clock.now()
        VendorKey.objects.filter(pk__in=unmarked).update(empty_since=at)
        if len(unmarked) < len(keys):  # one that came later joins what is known
            return
        Event.objects.create(
            team_id=job.team_id, worker=by.worker, verb="key.empty", object=f"vendorkey:{job.key_id}",
            data={"vendor": job.vendor, "rehearsal": job.rehearsal}, at=at,
        )  # fmt: skip
    log.warning("the account of key %s has too few credits", job.key_id)


def clear_after_acceptance(job: Job) -> None:
    """The vendor took ``job``: its account has credits. That says nothing where it was sent before
    the shortage began."""
    same = VendorKey.objects.filter(vendor=job.vendor, account=job.account)
    _clear(same.filter(empty_since__lt=job.sent_at))


def clear_by_person(key: VendorKey) -> bool:
    """A person says that the account of ``key`` was topped up. False: nothing was marked."""
    same = VendorKey.objects.filter(team=key.team_id, vendor=key.vendor, account=key.account)
    return _clear(same.exclude(empty_since=None))


def _clear(keys: QuerySet[VendorKey]) -> bool:
    with transaction.atomic():
        found = [key.pk for key in keys.select_for_update().order_by("pk")]
        return bool(found) and bool(VendorKey.objects.filter(pk__in=found).update(empty_since=None))
