"""Marks the keys of an account that has too few credits, with one event however many jobs meet the
shortage at the same moment.

No job waits because of the mark: a smaller job may still be paid for. It changes what people are
told: once, at the key, and not only by each clip that failed."""

import logging

from django.db import transaction
from django.db.models import QuerySet

from videos.jobs.transitions import By
from videos.models import Event, Job, VendorKey, clock

log = logging.getLogger(__name__)


def mark(job: Job, by: By) -> None:
    """Mark all keys that the team has of the account of ``job``: the vendor refused it for lack of
    credits. Whoever finds an unmarked key writes the event. Must be called before the job's row is
    locked: keys are locked first, here in the order of their ids."""
    with transaction.atomic():
        same = VendorKey.objects.filter(team=job.team_id, vendor=job.vendor, account=job.account)
        keys = list(same.select_for_update().order_by("pk"))
        unmarked = [key.pk for key in keys if key.empty_since is None]
        if not unmarked:
            return
        at = clock.now()
        VendorKey.objects.filter(pk__in=unmarked).update(empty_since=at)
        if len(unmarked) < len(keys):  # a key added later joins a shortage that has its event
            return
        Event.objects.create(
            team_id=job.team_id, worker=by.worker, verb="key.empty", object=f"vendorkey:{job.key_id}",
            data={"vendor": job.vendor, "rehearsal": job.rehearsal}, at=at,
        )  # fmt: skip
    log.warning("the account of key %s has too few credits", job.key_id)


def clear_after_acceptance(job: Job) -> None:
    """Clear the mark: the vendor accepted ``job``, so its account has credits. A job that was sent
    before the shortage began proves nothing, and clears nothing."""
    same = VendorKey.objects.filter(vendor=job.vendor, account=job.account)
    _clear(same.filter(empty_since__lt=job.sent_at))


def clear_by_person(key: VendorKey) -> bool:
    """Clear the mark because a person says that the account of ``key`` was topped up. False: no key
    was marked."""
    same = VendorKey.objects.filter(team=key.team_id, vendor=key.vendor, account=key.account)
    return _clear(same.exclude(empty_since=None))


def _clear(keys: QuerySet[VendorKey]) -> bool:
    with transaction.atomic():
        found = [key.pk for key in keys.select_for_update().order_by("pk")]
        return bool(found) and bool(VendorKey.objects.filter(pk__in=found).update(empty_since=None))
