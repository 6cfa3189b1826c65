"""Signs of life, written by those who are alive (videos/models/heartbeats.py reads them)."""

import os
import time
from datetime import datetime

from django.conf import settings

from videos.models import Heartbeat, clock

_canary_beats: dict[str, float] = {}  # by this process, per cluster


def beat(name: str, **data: object) -> None:
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": clock.now(), "host": os.uname().nodename[:80], "data": data}
    )


def beat_canary(cluster: str) -> None:
    """A task runs: a sign of life of its cluster, written down as often as the canary's. A long
    queue must not look like a dead one, and the canary waits in it like everybody."""
    at = time.monotonic()
    if at - _canary_beats.get(cluster, float("-inf")) >= settings.DURATIONS["canary"]:
        _canary_beats[cluster] = at
        beat(f"canary-{cluster}")


def last(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
