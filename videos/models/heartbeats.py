"""Is anybody sending and fetching? Pages, health checks and the supervisor ask the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from videos.models import clock
from videos.models.log import Heartbeat

TICKER, CANARY = "ticker", "canary-studio"
LETTERS = "letters"  # its data: what the mail server did last, and since when it takes nothing
REACH_DOOR = "reach-door"  # its data: the link that opens once, and what is said behind it
STARTED = timezone.now()


@dataclass(frozen=True, slots=True)
class Signs:
    """``quiet_since``: since when nothing is being sent or fetched; None while somebody works.
    ``disk_full``: the worker says it buys nothing, because it could not store it.
    ``letters_since``: since when the mail server takes no letters; None while it does."""

    quiet_since: datetime | None
    disk_full: bool
    letters_since: datetime | None


def quiet_since() -> datetime | None:
    return signs().quiet_since


def signs() -> Signs:
    """The ticker hands out work; the canary is work that was done: either one silent means
    the same to the person who waits."""
    dead = settings.DURATIONS["worker_dead_after"]
    patience = {TICKER: dead, CANARY: dead + settings.DURATIONS["canary_patience"]}
    beats = {beat.name: beat for beat in Heartbeat.objects.filter(name__in=(*patience, LETTERS))}
    now = clock.now()
    late = []
    for name, seconds in patience.items():
        # Nobody is late before this process has listened long enough to hear them; and who was
        # never heard is counted from then.
        last = beats[name].at if name in beats else STARTED
        patient = timedelta(seconds=seconds)
        # A sign that lies ahead is of before the clock went back: whoever lives gives another at once.
        if max(last, STARTED if STARTED <= now else last) < now - patient or last > now + patient:
            late.append(min(last, now))
    told = TICKER in beats and bool(beats[TICKER].data.get("disk_full"))
    since = beats[LETTERS].data.get("since") if LETTERS in beats else None
    return Signs(min(late, default=None), told, datetime.fromisoformat(since) if since else None)


def answer_behind(link_hash: str) -> str:
    """What is said at the studio's own probe link (videos/jobs/running/reach.py), once; else empty."""
    door = Heartbeat.objects.filter(name=REACH_DOOR, data__link_hash=link_hash)
    answer = door.values_list("data__answer", flat=True).first()
    return answer if answer and door.delete()[0] else ""
