"""A named right that one process at a time holds for a while."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from videos.models import Lease, clock


def take(name: str, owner: str, seconds: float) -> bool:
    at = clock.now()
    free = Q(until=None) | Q(until__lt=at) | Q(owner=owner)
    until = at + timedelta(seconds=seconds)
    if Lease.objects.filter(free, name=name).update(owner=owner, until=until):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, owner=owner, until=until)
            return True
    except IntegrityError:
        return False


def renew(name: str, owner: str, seconds: float) -> bool:
    """False: it ran out and may be somebody else's; stop writing."""
    at = clock.now()
    mine = Lease.objects.filter(name=name, owner=owner, until__gt=at)
    return bool(mine.update(until=at + timedelta(seconds=seconds)))


def give_back(name: str, owner: str) -> None:
    Lease.objects.filter(name=name, owner=owner).update(until=None, owner="")


def revoke(name: str) -> None:
    """Whoever holds it notices at the next renewal and stops."""
    Lease.objects.filter(name=name).update(until=None, owner="")


def held(name: str) -> bool:
    return Lease.objects.filter(name=name, until__gt=clock.now()).exclude(owner="").exists()
