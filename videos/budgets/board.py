"""Builds the budgets page as its template draws it, in a constant number of queries for any number of
budgets and requests."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from videos import access, labels
from videos.models import Budget, BudgetRequest, Membership
from videos.models.snapshot import of_one_moment
from videos.spending import asking, ceiling, month, reckoning, units
from videos.spending.reckoning import Missing, Standing, Tariff

SHOWN = 20  # answered requests


@dataclass(frozen=True, slots=True)
class Row:
    """One budget. ``amount``: of every month, as typed. ``tone``: good, warn or bad. ``asked``: this
    viewer's open request."""

    budget: Budget
    scope: str
    counted: str
    used: str
    limit: str
    extra: str
    amount: str
    percent: int
    tone: str
    notes: list[str]
    missing: list[str]
    asked: BudgetRequest | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request for more budget, with its amounts in words; ``plain``: the amount that was asked for, as
    typed."""

    row: BudgetRequest
    scope: str
    amount: str
    granted: str
    plain: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that the budgets' templates print."""

    rows: list[Row]
    waiting: list[RequestRow]
    answered: list[RequestRow]
    rates: list[tuple[str, str]]
    estimates: list[tuple[str, str]]
    thresholds: list[str]
    month: str
    zone: str
    whom: str


@of_one_moment
def board(member: Membership) -> Board:
    manages = access.can(member, "manage")
    budgets = list(access.budgets_for(member).select_related("person", "key", "project").order_by("pk"))
    asked = access.budget_requests_for(member).select_related(
        "person", "decided_by", "budget__person", "budget__key", "budget__project"
    )
    waiting = list(asked.filter(state=BudgetRequest.State.OPEN).order_by("pk"))
    answered = asked.exclude(state=BudgetRequest.State.OPEN).order_by("-decided_at", "-pk")[:SHOWN]
    extra = reckoning.granted(budgets)
    found = reckoning.spendings(member.team_id, budgets) if budgets else []
    entered = reckoning.tariff(member.team_id)
    standings = reckoning.standings(budgets, found, entered, extra)
    mine = {one.budget_id: one for one in waiting if one.person_id == member.user_id}
    return Board(
        rows=[row(one, extra.get(one.budget.pk, Decimal(0)), mine.get(one.budget.pk)) for one in standings],
        waiting=[request_row(one) for one in waiting],
        answered=[request_row(one) for one in answered],
        rates=_rates(entered) if manages else [],
        estimates=_estimates(entered) if manages else [],
        thresholds=[asking.limit(one) for one in access.thresholds_for(member)],
        month=date_format(month.this_month(), "YEAR_MONTH_FORMAT"),
        zone=timezone.get_default_timezone_name(),
        whom=ceiling.who_can_raise(member.team),
    )


def row(standing: Standing, extra: Decimal, asked: BudgetRequest | None) -> Row:
    budget = standing.budget
    return Row(
        budget=budget,
        scope=units.scope(budget),
        counted=units.counted(budget),
        used=units.number(budget, standing.used),
        limit=units.amount(budget, standing.limit),
        extra=units.amount(budget, extra) if extra else "",
        amount=as_typed(budget.amount),
        percent=min(standing.percent, 100),
        tone="bad" if standing.full or standing.missing else "warn" if standing.scarce else "good",
        notes=notes(standing),
        missing=[describe_missing(one, budget) for one in standing.missing],
        asked=asked,
    )


def notes(standing: Standing) -> list[str]:
    sentences = []
    if standing.open:
        sentences.append(
            gettext("%(amount)s of it under way or possibly charged")
            % {"amount": units.amount(standing.budget, standing.open)}
        )
    if standing.guessed:
        sentences.append(
            gettext("%(amount)s of it by your estimate")
            % {"amount": units.amount(standing.budget, standing.guessed)}
        )
    return sentences


def describe_missing(one: Missing, budget: Budget) -> str:
    if one.what == "rate":
        values = {"vendor": labels.vendor_name(one.of), "currency": budget.of}
        return (
            gettext("Enter what a credit of %(vendor)s costs in %(currency)s: until then it stops.") % values
        )
    values = {"model": labels.model_name(one.of)}
    return gettext("No price is published for %(model)s: enter your estimate; until then it stops.") % values


def request_row(one: BudgetRequest) -> RequestRow:
    budget = one.budget
    amounts = units.amount(budget, one.amount), units.amount(budget, one.granted)
    return RequestRow(one, units.title(budget), *amounts, as_typed(one.amount))


def as_typed(value: Decimal) -> str:
    """A number as it stands in a field, and can be sent again in the viewer's language."""
    return number_format(labels.plain(value), use_l10n=True, force_grouping=False)


def _rates(entered: Tariff) -> list[tuple[str, str]]:
    """(vendor, what one of its credits costs)."""
    found = sorted(entered.rates.items())
    return [(labels.vendor_name(vendor), labels.amount(rate, currency)) for (vendor, currency), rate in found]


def _estimates(entered: Tariff) -> list[tuple[str, str]]:
    """(model, how much a press of it is estimated at)."""
    return [
        (labels.model_name(model), units.credits(amount, model.partition("/")[0]))
        for model, amount in sorted(entered.estimates.items())
    ]
