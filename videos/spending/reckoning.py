"""What a month's generations count against a budget. Read from the generations and their
paid requests, by the same table of places as the usage page (videos/spending/ledger.py). All
requests of a generation count for whoever pressed it, a second one too that somebody else allowed.

A paid request counts in the month in which it was opened, however old its generation is, and
wherever its credits may be gone: held, charged, possibly charged, written off. What was surely
not taken, or came back, does not. Where the vendor reported an amount, that amount counts. A
generation that waits to be sent counts now, at its estimate: it goes out this month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from videos.models import Budget, BudgetRequest, Job, Measure, OwnEstimate, Rate, SpendAttempt
from videos.spending import month, sums
from videos.spending.ledger import PLACES, Pile, Place, balance
from videos.states import Money, State

ZERO = Decimal(0)
WARN = 80  # per cent
WHO = ("user_id", "key_id", "project_id", "vendor", "model", "rehearsal")


@dataclass(frozen=True, slots=True)
class Spending:
    """Requests of one person, key, project and model. ``amount``: in the vendor's credits, of
    those with a price; ``unpriced`` are without. ``open``: the part of ``amount`` that may
    still change. A press that is only thought of is one, too."""

    user_id: int
    key_id: int
    project_id: int | None
    vendor: str
    model: str
    rehearsal: bool
    amount: Decimal = ZERO
    open: Decimal = ZERO
    unpriced: int = 0
    presses: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """What a money budget cannot be reckoned without: a ``rate`` of a vendor (``of``), or an
    ``estimate`` of a model."""

    what: str
    of: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the team entered. ``rates``: (vendor, currency) -> money per credit; ``estimates``:
    model -> credits per press."""

    rates: Mapping[tuple[str, str], Decimal]
    estimates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Standing:
    """``limit``: the amount and what was granted on top this month. ``open``: the part of
    ``used`` that may still change; ``guessed``: the part that stands on the team's own
    estimate. With something ``missing``, ``used`` is less than the truth."""

    budget: Budget
    limit: Decimal
    used: Decimal = ZERO
    open: Decimal = ZERO
    guessed: Decimal = ZERO
    missing: tuple[Missing, ...] = ()

    @property
    def left(self) -> Decimal:
        return max(ZERO, self.limit - self.used)

    @property
    def percent(self) -> int:
        """Rounded down: "100" means that nothing is left."""
        return int(self.used * 100 / self.limit) if self.limit else 100

    @property
    def scarce(self) -> bool:
        return self.percent >= WARN

    @property
    def full(self) -> bool:
        return self.used >= self.limit


def tariff(team_id: int) -> Tariff:
    rates = Rate.objects.filter(team=team_id).values_list("vendor", "currency", "per_credit")
    estimates = OwnEstimate.objects.filter(team=team_id).values_list("model", "amount")
    return Tariff({(vendor, currency): rate for vendor, currency, rate in rates}, dict(estimates))


def standings(
    budgets: Iterable[Budget], found: Iterable[Spending], entered: Tariff, extra: Mapping[int, Decimal]
) -> list[Standing]:
    """How each budget stands. ``extra``: what was granted on top this month, by budget."""
    found = list(found)
    return [_standing(one, found, entered, one.amount + extra.get(one.pk, ZERO)) for one in budgets]


def granted(budgets: Iterable[Budget]) -> dict[int, Decimal]:
    """What was added to each budget for this month."""
    rows = BudgetRequest.objects.filter(
        budget__in=[one.pk for one in budgets], month=month.this_month(), state=BudgetRequest.State.APPROVED
    )
    return dict(rows.values("budget").annotate(sum=Sum("granted")).values_list("budget", "sum"))


def spendings(team_id: int, budgets: Iterable[Budget]) -> list[Spending]:
    """This month's requests that any of ``budgets`` could count: two queries."""
    begins = month.begins(month.this_month())
    requests = SpendAttempt.objects.filter(
        _concerned(budgets, "job__"), job__team=team_id, opened_at__gte=begins
    )
    jobs = Job.objects.filter(_concerned(budgets), team=team_id)
    return [*_requested(requests), *_waiting(jobs)]


def covers(budget: Budget, one: Spending) -> bool:
    """Does this count against that budget? A rehearsal costs no money."""
    if one.rehearsal and budget.measure != Measure.PRESSES:
        return False
    if budget.measure == Measure.CREDITS and budget.of != one.vendor:
        return False
    return all(
        own in (None, theirs)
        for own, theirs in (
            (budget.person_id, one.user_id),
            (budget.key_id, one.key_id),
            (budget.project_id, one.project_id),
        )
    )


def _concerned(budgets: Iterable[Budget], of: str = "") -> Q:
    """``of``: the way from a row to its generation."""
    found = Q(pk__in=[])
    for budget in budgets:
        if budget.person_id:
            found |= Q(**{f"{of}user": budget.person_id})
        elif budget.key_id:
            found |= Q(**{f"{of}key": budget.key_id})
        elif budget.project_id:
            found |= Q(**{f"{of}project": budget.project_id})
        else:
            return Q()
    return found


def _requested(requests: QuerySet[SpendAttempt]) -> list[Spending]:
    found = sums.piles(sums.valued(requests), *(f"job__{name}" for name in WHO))
    return [_of_pile(who, pile) for who, pile in found]


def _of_pile(who: tuple, pile: Pile) -> Spending:
    found, place = balance(pile), PLACES.get((pile.attempt, pile.money), Place.POSSIBLY)
    unsure = found.held + found.possibly + found.written_off
    taken = place is not Place.NOTHING and pile.money is not Money.REFUNDED
    return Spending(
        **dict(zip(WHO, who, strict=True)),
        amount=found.charged + unsure,
        open=unsure,
        unpriced=found.unpriced if taken else 0,
        presses=pile.requests if taken else 0,
    )


def _waiting(jobs: QuerySet[Job]) -> list[Spending]:
    """Pressed and not yet sent, whenever that was: each will be one request, whatever was tried
    before."""
    rows = (
        jobs.filter(state=State.QUEUED)
        .order_by()
        .values(*WHO)
        .annotate(presses=Count("pk"), priced=Count("estimate"), worth=Sum(sums.millionths(F("estimate"))))
    )
    return [
        Spending(
            **{name: row[name] for name in WHO},
            amount=sums.units(row["worth"]),
            open=sums.units(row["worth"]),
            unpriced=row["presses"] - row["priced"],
            presses=row["presses"],
        )
        for row in rows
    ]


def _standing(budget: Budget, found: list[Spending], entered: Tariff, limit: Decimal) -> Standing:
    used = unsure = guessed = ZERO
    missing: dict[Missing, None] = {}
    for one in found:
        if not covers(budget, one):
            continue
        if budget.measure == Measure.PRESSES:
            used += one.presses
            continue
        rate = Decimal(1) if budget.measure == Measure.CREDITS else entered.rates.get((one.vendor, budget.of))
        if rate is None and (one.amount or one.unpriced):
            missing[Missing("rate", one.vendor)] = None
        if one.unpriced and one.model not in entered.estimates:
            missing[Missing("estimate", one.model)] = None
        guess = one.unpriced * entered.estimates.get(one.model, ZERO) * (rate or ZERO)
        used += one.amount * (rate or ZERO) + guess
        unsure += one.open * (rate or ZERO)
        guessed += guess
    return Standing(budget, limit, used, unsure, guessed, tuple(missing))
