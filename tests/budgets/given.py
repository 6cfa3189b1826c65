"""Budgets as somebody set them, in one line each, and how they stand."""

from decimal import Decimal

from tests.builders import VENDOR
from videos.models import Budget, BudgetRequest, OwnEstimate, Rate, Team, Threshold, User
from videos.models.clock import now
from videos.spending import month, reckoning


def a_budget(team: Team, amount: str = "10", measure: str = "presses", of: str = "", **scope) -> Budget:
    return Budget.objects.create(
        team=team, amount=Decimal(amount), measure=measure, of=of, created_at=now(), **scope
    )


def a_wish(budget: Budget, user: User, amount: str = "5", why: str = "A launch", **more) -> BudgetRequest:
    return BudgetRequest.objects.create(
        budget=budget, person=user, amount=Decimal(amount), why=why, month=month.this_month(), created_at=now(), **more
    )  # fmt: skip


def a_threshold(team: Team, amount: str, measure: str = "credits", of: str = VENDOR) -> Threshold:
    """One that is set again is changed."""
    row, _new = Threshold.objects.update_or_create(
        team=team, measure=measure, of=of, defaults={"amount": Decimal(amount)}
    )
    return row


def a_rate(team: Team, vendor: str, per_credit: str, currency: str = "EUR") -> Rate:
    return Rate.objects.create(team=team, vendor=vendor, currency=currency, per_credit=Decimal(per_credit))


def an_estimate(team: Team, model: str, amount: str) -> OwnEstimate:
    return OwnEstimate.objects.create(team=team, model=model, amount=Decimal(amount))


def used(budget) -> Decimal:
    return standing(budget).used


def standing(budget) -> reckoning.Standing:
    found = reckoning.spendings(budget.team_id, [budget])
    [one] = reckoning.standings(
        [budget], found, reckoning.tariff(budget.team_id), reckoning.granted([budget])
    )
    return one
