"""Proves that every credit is counted exactly once.

The same money is added up three ways that share no code but the table of places (spending/ledger.py): every
paid request at its worth, by the database; the requests of each job, one job at a time; and the sums of the
usage page. The three must agree to the last digit. All are read as of one moment, because people press and
vendors answer meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet, Sum

from videos.models import Job, SpendAttempt, Team
from videos.models.snapshot import of_one_moment
from videos.spending import sums
from videos.spending.ledger import Account, Balance, balance, troubles
from videos.states import Attempt, Money

CHUNK = 2000
COLUMNS = (
    "job__public_id",
    "state",
    "job__state",
    "job__money",
    "job__estimate",
    "job__charge",
    "job__refunded",
    "job__vendor",
    "job__unit",
    "job__rehearsal",
)


@dataclass(frozen=True, slots=True, order=True)
class SpendingGroup:
    """What may be added up: one vendor, one unit, rehearsal or real."""

    vendor: str
    unit: str
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The three sums. ``worth``: all requests, by the database. ``balances``: job by job. ``shown``: as the
    usage page adds them. ``troubles``: (public id of a job, what is wrong with it)."""

    worth: dict[SpendingGroup, Decimal]
    balances: dict[SpendingGroup, Balance]
    shown: dict[SpendingGroup, Balance]
    troubles: list[tuple[str, str]]

    def unequal(self) -> list[SpendingGroup]:
        """The groups whose three sums do not agree."""
        return [
            group
            for group in sorted(self.worth.keys() | self.balances.keys() | self.shown.keys())
            if not self.worth.get(group) == self._total(group)
            or self.balances.get(group) != self.shown.get(group)
        ]

    def _total(self, group: SpendingGroup) -> Decimal | None:
        found = self.balances.get(group)
        return found.total if found else None

    @property
    def holds(self) -> bool:
        return not self.troubles and not self.unequal()


@of_one_moment
def prove(team: Team | None = None) -> Proof:
    """Computes the proof for one team, or for the whole studio."""
    jobs = Job.objects.filter(team=team) if team else Job.objects.all()
    balances: dict[SpendingGroup, Balance] = defaultdict(Balance)
    wrong = []
    for public_id, group, account in accounts(jobs):
        for pile in account.piles():
            balances[group] += balance(pile)
        wrong += [(public_id, trouble) for trouble in troubles(account)]
    return Proof(_worth(jobs), dict(balances), _shown(jobs), wrong)


def accounts(jobs: QuerySet[Job]) -> Iterator[tuple[str, SpendingGroup, Account]]:
    """(public id, group, account) of each job that had a paid request or says that it cost something."""
    requests = SpendAttempt.objects.filter(job__in=jobs.order_by()).order_by("job_id", "n")
    rows = requests.values_list(*COLUMNS).iterator(chunk_size=CHUNK)
    for _job, together in groupby(rows, key=lambda row: row[0]):
        found = list(together)
        yield _account(found[0], [Attempt(row[1]) for row in found])
    silent = jobs.filter(attempts=None).exclude(money=Money.NONE, charge=None).order_by("pk")
    own = [name.removeprefix("job__") for name in COLUMNS]
    for row in silent.values_list(*own).iterator(chunk_size=CHUNK):
        yield _account(row, [])


def _account(row: tuple, attempts: list[Attempt]) -> tuple[str, SpendingGroup, Account]:
    public_id, _state, state, money, estimate, charge, refunded, *group = row
    account = Account(state, Money(money), attempts, estimate, charge, refunded)
    return str(public_id), SpendingGroup(*group), account


def _worth(jobs: QuerySet[Job]) -> dict[SpendingGroup, Decimal]:
    rows = sums.requests_of(jobs).values_list("job__vendor", "job__unit", "job__rehearsal").order_by()
    return {
        SpendingGroup(*group): sums.units(worth) for *group, worth in rows.annotate(Sum("millionths_worth"))
    }


def _shown(jobs: QuerySet[Job]) -> dict[SpendingGroup, Balance]:
    found: dict[SpendingGroup, Balance] = defaultdict(Balance)
    for group, pile in sums.piles(sums.requests_of(jobs), "job__vendor", "job__unit", "job__rehearsal"):
        found[SpendingGroup(*group)] += balance(pile)
    return dict(found)
