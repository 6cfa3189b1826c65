"""Is anybody sending and fetching? Pages, health checks and the supervisor ask the same."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from . import clock
from .log import Heartbeat

TICKER, CANARY = "ticker", "canary-studio"
STARTED = timezone.now()


def quiet_since() -> datetime | None:
    """Since when nothing is being sent or fetched; None while somebody works. The ticker
    hands out work; the canary is work that was done: either one silent means the same to
    the person who waits."""
    dead = settings.DURATIONS["worker_dead_after"]
    patience = {TICKER: dead, CANARY: dead + settings.DURATIONS["canary_patience"]}
    seen = dict(Heartbeat.objects.filter(name__in=patience).values_list("name", "at"))
    now = clock.now()
    late = []
    for name, seconds in patience.items():
        # Nobody is late before this process has listened long enough to hear them; and who was
        # never heard is counted from then.
        last = seen.get(name, STARTED)
        if max(last, STARTED) < now - timedelta(seconds=seconds):
            late.append(last)
    return min(late, default=None)
