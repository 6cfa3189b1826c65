"""What happened, and who is alive."""

from django.db import models

from videos.logs import request_id

from .jobs import Job
from .people import Team, User


class Event(models.Model):
    """The one append-only book: transitions, audit and feed. ``actor`` empty: a worker
    (``worker`` names it). ``request_id``: as log lines end with it. ``data`` holds kinds and numbers, never a rendered sentence,
    never a key, an address or a prompt."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="events")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    worker = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=40)
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="events")
    object = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=40, blank=True, default=request_id)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["job", "id"], name="event_by_job"),
            models.Index(fields=["team", "-id"], name="event_by_team"),
        ]


class CallbackDelivery(models.Model):
    """What arrived at a callback address, kept sealed (``videos/hooks/deliveries.py``)."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="callbacks")
    body_sha256 = models.CharField(max_length=64)
    body_sealed = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "body_sha256"], name="one_delivery_per_body")]


class Lease(models.Model):
    """A named right that one process holds for a while (the sweep)."""

    name = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)


class Heartbeat(models.Model):
    """``ticker`` and ``canary`` say when they were last alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    host = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict, blank=True)


class AccountPace(models.Model):
    """How many calls one vendor account may make right now: a token bucket that every
    process shares."""

    vendor = models.CharField(max_length=40)
    account = models.CharField(max_length=64)
    tokens = models.FloatField(default=0)
    filled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "account"], name="one_pace_per_account")]
