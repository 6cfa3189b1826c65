"""Reads what a team asked for in a period, what it cost and how long it took, in a constant number of
queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from videos import access
from videos.models import Job, Membership
from videos.models.snapshot import of_one_moment
from videos.spending import sums
from videos.spending.ledger import Balance, balance
from videos.states import ENDED, State
from videos.usage.names import names_of
from videos.usage.period import Period

GROUPS = {"person": "user_id", "project": "project_id", "model": "model", "vendor": "vendor", "key": "key_id"}
FINISHED = [state.value for state in ENDED if state is not State.CANCELED]
STORED = {"state": State.SUCCEEDED.value}


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of generations. ``jobs``: presses of the button; ``finished``: of those, what came to an end
    that was not taken back; ``made``: of those, what is stored here."""

    jobs: int = 0
    finished: int = 0
    made: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.jobs + other.jobs, self.finished + other.finished, self.made + other.made)


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in seconds, over what was stored: from the press (``wait``), and from the vendor's word that
    it is made (``storing``). None where nothing was stored."""

    wait: float | None = None
    storing: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One group (a row's id, a key of the registry, None) at one vendor, in that vendor's unit."""

    group: int | str | None
    name: str
    vendor: str
    unit: str
    counts: Counts
    times: Times
    balance: Balance


@dataclass(frozen=True, slots=True)
class Usage:
    """What the page shows. ``lines``: the group with most generations first. ``balances``: (vendor, unit)
    -> balance. ``days``: (day, vendor) -> generations."""

    lines: list[Line]
    counts: Counts
    times: Times
    balances: dict[tuple[str, str], Balance]
    days: dict[tuple[date, str], int]


def jobs_pressed(member: Membership, period: Period, *, rehearsal: bool) -> QuerySet[Job]:
    """The jobs whose button was pressed in this period."""
    return access.presses_for(member).filter(
        created_at__gte=period.starts, created_at__lt=period.ends, rehearsal=rehearsal
    )


@of_one_moment
def usage(member: Membership, period: Period, by: str, *, rehearsal: bool) -> Usage:
    jobs = jobs_pressed(member, period, rehearsal=rehearsal)
    counts = _counts(jobs, GROUPS[by])
    balances = _balances(jobs, GROUPS[by])
    times = _times(jobs, GROUPS[by])
    names = names_of(member, by, {group for group, _vendor, _unit in counts})
    lines = [
        Line(key[0], names[key[0]], *key[1:], found, times.get(key, Times()), balances.get(key, Balance()))
        for key, found in counts.items()
    ]
    totals = defaultdict(Balance)
    for line in lines:
        totals[line.vendor, line.unit] += line.balance
    return Usage(
        lines=_sorted(lines),
        counts=sum(counts.values(), Counts()),
        times=_times(jobs).get((), Times()),
        balances=dict(totals),
        days=_days(jobs),
    )


def _counts(jobs: QuerySet[Job], group: str) -> dict[tuple, Counts]:
    rows = (
        jobs.order_by()
        .values("vendor", "unit", group=F(group))
        .annotate(
            jobs=Count("pk"),
            finished=Count("pk", filter=Q(state__in=FINISHED)),
            made=Count("pk", filter=Q(**STORED)),
        )
    )
    return {
        (row["group"], row["vendor"], row["unit"]): Counts(row["jobs"], row["finished"], row["made"])
        for row in rows
    }


def _balances(jobs: QuerySet[Job], group: str) -> dict[tuple, Balance]:
    found = defaultdict(Balance)
    requests, whose = sums.requests_of(jobs), F(f"job__{group}")
    for (vendor, unit, owner), pile in sums.piles(requests, "job__vendor", "job__unit", group=whose):
        found[owner, vendor, unit] += balance(pile)
    return found


def _times(jobs: QuerySet[Job], group: str = "") -> dict[tuple, Times]:
    """Per (group, vendor, unit), or under () for all together."""
    parts = {"group": F(group), "at": F("vendor"), "counted_in": F("unit")} if group else {}
    waits = _medians(
        jobs.filter(**STORED).exclude(body_sha256=""), "created_at", parts
    )  # without imported results
    storing = _medians(jobs.filter(**STORED, made_at__isnull=False), "made_at", parts)
    return {key: Times(wait, storing.get(key)) for key, wait in waits.items()}


def _medians(jobs: QuerySet[Job], since: str, parts: Mapping[str, F]) -> dict[tuple, float]:
    """The middle row of each part, or the mean of the two middle ones, found by the database: at most two
    rows of each part come back. The end of the time is when the job ended, which is when its film was
    stored."""
    inside = list(parts.values()) or None
    rows = (
        jobs.order_by()
        .filter(ended_at__isnull=False)
        .annotate(**parts, took=F("ended_at") - F(since))
        .annotate(
            rank=Window(RowNumber(), partition_by=inside, order_by=F("took").asc()),
            size=Window(Count("pk"), partition_by=inside),
        )
        .filter(rank__gte=F("size") / 2.0, rank__lte=F("size") / 2.0 + 1)
        .values_list("took", *parts)
    )
    middle = defaultdict(list)
    for took, *key in rows:
        middle[tuple(key)].append(took.total_seconds())
    return {key: sum(seconds) / len(seconds) for key, seconds in middle.items()}


def _days(jobs: QuerySet[Job]) -> dict[tuple[date, str], int]:
    rows = jobs.order_by().values("vendor", day=TruncDate("created_at")).annotate(jobs=Count("pk"))
    return {(row["day"], row["vendor"]): row["jobs"] for row in rows}


def _sorted(lines: list[Line]) -> list[Line]:
    """Groups stay together: the busiest first, inside it the busiest vendor."""
    together = defaultdict(int)
    for line in lines:
        together[line.group] += line.counts.jobs

    def place(line: Line) -> tuple:
        size = together[line.group], line.counts.jobs
        return -size[0], line.name, str(line.group), -size[1], line.vendor, line.unit

    return sorted(lines, key=place)
