"""Counts, per model, how many of a team's own generations succeeded, and how long people waited for them.
Real generations and rehearsals are never mixed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from videos import access
from videos.jobs import pacing
from videos.models import Membership
from videos.states import ENDED, State

NEWEST = 50  # generations of each model; older ones say little about today
FINISHED = [state.value for state in ENDED if state is not State.CANCELED]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How one model did. ``finished``: how many of the newest came to an end and were not taken back;
    ``made``: how many of those are stored here; ``waits``: for each of these, seconds from the press until
    it was stored."""

    finished: int = 0
    made: int = 0
    waits: tuple[float, ...] = ()

    @property
    def usual(self) -> tuple[float, float] | None:
        return pacing.usual_range(self.waits)

    @property
    def middle(self) -> float | None:
        return sorted(self.waits)[len(self.waits) // 2] if self.waits else None


def track_records(
    member: Membership, kinds: Iterable[tuple[str, bool]]
) -> dict[tuple[str, bool], TrackRecord]:
    """(model, rehearsal) -> its record, for each of ``kinds``. One query, which reads the newest rows of
    each through an index and no others."""
    ended = access.presses_for(member).filter(state__in=FINISHED, ended_at__isnull=False)
    newest = Q(pk__in=())
    for model, rehearsal in kinds:
        own = ended.filter(model=model, rehearsal=rehearsal).order_by("-pk")
        newest |= Q(pk__in=own.values("pk")[:NEWEST])
    rows = access.presses_for(member).filter(newest).order_by()
    found = defaultdict(list)
    for model, rehearsal, state, pressed, at in rows.values_list(
        "model", "rehearsal", "state", "created_at", "ended_at"
    ):
        found[model, rehearsal].append((at - pressed).total_seconds() if state == State.SUCCEEDED else None)
    return {kind: _track(waits) for kind, waits in found.items()}


def _track(waits: list[float | None]) -> TrackRecord:
    made = tuple(wait for wait in waits if wait is not None)
    return TrackRecord(len(waits), len(made), made)
