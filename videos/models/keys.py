"""The keys that spend. What is stored is sealed; videos/vault.py opens it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Team, User


class KeyState(models.TextChoices):
    ACTIVE = "active", _("in use")
    PAUSED = "paused", _("paused")
    BROKEN = "broken", _("refused by the vendor")


class VendorKey(models.Model):
    """``rehearsal`` never changes: such a key talks to the sandbox and only to it.
    ``account`` tells which vendor account a job belongs to (a keyed hash of the key that
    was brought first), so that two rows with one key are one account; ``fingerprint`` is the
    same hash of the key as it is now. ``person`` set: a personal key."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="keys")
    vendor = models.CharField(max_length=40)
    label = models.CharField(_("label"), max_length=60, blank=True)
    sealed = models.BinaryField()
    tail = models.CharField(max_length=4)
    account = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    rehearsal = models.BooleanField(default=False)
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="keys")
    state = models.CharField(max_length=10, choices=KeyState, default=KeyState.ACTIVE)
    said = models.TextField(blank=True)  # the vendor's words when it broke, redacted
    quiet_until = models.DateTimeField(null=True, blank=True)  # Retry-After, for the whole key
    empty_since = models.DateTimeField(null=True, blank=True)  # the vendor says: too few credits
    tested_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "vendor"], name="key_by_team")]

    def __str__(self):
        return self.label or f"…{self.tail}"


def empty_keys(user: User, team: Team | models.OuterRef) -> models.QuerySet[VendorKey]:
    """The keys in use of ``team`` that ``user`` may know of and whose account has too few credits."""
    known = models.Q(person=None) | models.Q(person=user)
    rows = VendorKey.objects.filter(known, team=team, state=KeyState.ACTIVE, trashed_at=None)
    return rows.exclude(empty_since=None).order_by("id")
