"""Describes what the one poller of a page watches: which cards, in which version, and how often it asks.

The page itself carries what it shows (``<hex>.<mark>,...``), so that the server stores nothing per page and
answers 204 from three queries while nothing changes.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from videos.models import Job, Membership
from videos.states import UNFINISHED, State

WATCHED_MOST = 1000  # unfinished cards on one page: a request of 40 kB every three seconds
EVERY, EVERY_SLOWLY = 3, 30
# Ended by a person's decision or an hourly look, so a few seconds do not matter.
SLOWLY = (State.UNKNOWN, State.EXPIRED)
_PAIR = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9}p[0-9]{1,3})")


def mark(version: int, percent: int | None) -> str:
    """The version of a job as a card shows it: it changes whenever the card does."""
    return f"{version}p{percent or 0}"


def read(text: str) -> dict[uuid.UUID, str]:
    """Parses what a page says it shows; pairs that cannot be read are left out."""
    found = (_PAIR.fullmatch(pair) for pair in text.split(",")[:WATCHED_MOST])
    return {uuid.UUID(pair[1]): pair[2] for pair in found if pair}


def pending(jobs: Iterable[Job], member: Membership) -> int:
    """How many of these jobs this person waits for: the number in the tab's title."""
    return sum(job.user_id == member.user_id and job.state in UNFINISHED for job in jobs)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the page's next poll asks. ``every``: seconds between polls; 0 where nothing is unfinished and
    nothing is asked."""

    text: str
    every: int

    @classmethod
    def over(cls, jobs: Iterable[Job], shown_as: Mapping[uuid.UUID, str] = MappingProxyType({})) -> "Watch":
        """Watches what is unfinished among ``jobs``; one that stopped being so drops out.

        ``shown_as`` is what the page still shows of some of them, for an answer that does not
        draw these anew: they stay watched in that version, or what happened to them since
        the last poll would never be asked for."""
        waiting = {job.public_id: job for job in jobs if job.state in UNFINISHED or job.public_id in shown_as}
        shown = list(waiting.values())[:WATCHED_MOST]
        marks = {found: shown_as.get(found, mark(job.version, job.percent)) for found, job in waiting.items()}
        pairs = (f"{job.public_id.hex}.{marks[job.public_id]}" for job in shown)
        quick = any(job.state not in SLOWLY for job in shown)
        return cls(",".join(pairs), (EVERY if quick else EVERY_SLOWLY) if shown else 0)
