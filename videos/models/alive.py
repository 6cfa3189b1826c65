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
    # Nobody ever came: counted from when this process began to listen.
    since = {name: seen.get(name, STARTED) for name in patience}
    return min((at for name, at in since.items() if at < now - timedelta(seconds=patience[name])), default=None)
