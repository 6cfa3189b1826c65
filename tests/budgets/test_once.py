"""Asked once, answered once, set once: also when several people press in the same instant."""

from decimal import Decimal
from functools import partial

import pytest

from tests.budgets.at_once import at_once
from tests.budgets.given import a_budget, a_wish
from videos.budgets import changes
from videos.models import Budget, BudgetRequest, Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def count(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_five_answers_at_once_raise_it_once(member, colleague, team):
    wish = a_wish(a_budget(team), colleague.user)
    results = at_once([partial(changes.approve, member, wish, Decimal(5), "")] * 5, changes.AlreadyDecided)
    assert sorted(type(one).__name__ for one in results) == ["AlreadyDecided"] * 4 + ["NoneType"]
    wish.refresh_from_db()
    assert (wish.state, wish.granted, count("budget.granted")) == ("approved", 5, 1)


def test_yes_and_no_at_once_is_one_of_them(member, colleague, team):
    wish = a_wish(a_budget(team), colleague.user)
    yes, no = (
        partial(changes.approve, member, wish, Decimal(5), ""),
        partial(changes.decline, member, wish, ""),
    )
    results = at_once([yes, no], changes.AlreadyDecided)
    assert results.count(None) == 1
    wish.refresh_from_db()
    assert (wish.state, wish.granted) in (("approved", 5), ("declined", 0))
    assert count("budget.granted") + count("budget.declined") == 1


def test_five_requests_at_once_are_one(colleague, team):
    at_once(
        [partial(changes.ask, colleague, a_budget(team), Decimal(5), "A launch")] * 5, changes.AskedAlready
    )
    assert (BudgetRequest.objects.count(), count("budget.asked")) == (1, 1)


def test_five_budgets_for_the_same_at_once_are_one(member, team):
    results = at_once(
        [partial(changes.start, member, measure="presses", of="", amount=Decimal(5))] * 5,
        changes.AlreadyExists,
    )
    assert sum(isinstance(one, Budget) for one in results) == 1
    assert (Budget.objects.count(), count("budget.set")) == (1, 1)
