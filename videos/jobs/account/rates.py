"""Counts the calls to a vendor account in one token bucket that every process shares.

Looks leave the last third of it to submits: watching must not stop anybody from working."""

from django.db import IntegrityError, transaction

from videos.models import AccountPace, clock
from videos.vendors.contract import RateLimit

ATTEMPTS = 5  # at the conditional update, when several processes take at once


def take(vendor: str, account: str, limit: RateLimit, wanted: int, *, looks: bool = False) -> int:
    """Take up to ``wanted`` calls out of the bucket and return how many may be made now; 0 also where
    other processes won the row ATTEMPTS times in a row."""
    for _again in range(ATTEMPTS):
        row = AccountPace.objects.filter(vendor=vendor, account=account).first() or _new(
            vendor, account, limit
        )
        at = clock.now()
        passed = max(0.0, (at - row.filled_at).total_seconds())
        tokens = min(float(limit.calls), row.tokens + passed * limit.calls / limit.seconds)
        granted = int(max(0.0, min(wanted, tokens - (limit.calls / 3 if looks else 0))))
        if granted == 0:
            return 0
        same = AccountPace.objects.filter(pk=row.pk, tokens=row.tokens, filled_at=row.filled_at)
        if same.update(tokens=tokens - granted, filled_at=at):
            return granted
    return 0


def _new(vendor: str, account: str, limit: RateLimit) -> AccountPace:
    try:
        with transaction.atomic():
            return AccountPace.objects.create(
                vendor=vendor, account=account, tokens=limit.calls, filled_at=clock.now()
            )
    except IntegrityError:
        return AccountPace.objects.get(vendor=vendor, account=account)
