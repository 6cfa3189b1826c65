"""Every way the money of a job may stand, and every way it may not."""

from decimal import Decimal

import pytest

from videos.spending.ledger import PLACES, Account, Balance, Pile, Place, balance, troubles
from videos.states import Attempt, Money, State

A, M, S = Attempt, Money, State
D = Decimal


def account(state, money, *attempts, estimate="28", **amounts):
    named = {"estimate": estimate} | amounts
    return Account(state, money, attempts, **{name: value and D(value) for name, value in named.items()})


def where(found):
    return sum(map(balance, found.piles()), Balance())


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (account(S.QUEUED, M.NONE), Balance()),
        (account(S.SUBMITTING, M.HELD, A.OPEN), Balance(held=D(28))),
        (account(S.RUNNING, M.HELD, A.CHARGED, charge="30"), Balance(held=D(30))),
        (account(S.SUCCEEDED, M.CHARGED, A.CHARGED), Balance(charged=D(28), estimated=D(28))),
        (account(S.SUCCEEDED, M.CHARGED, A.CHARGED, charge="30"), Balance(charged=D(30))),
        (account(S.SUCCEEDED, M.CHARGED, A.CHARGED, charge="0"), Balance()),
        (
            account(S.SUCCEEDED, M.CHARGED, A.CHARGED, charge="10", refunded="4"),
            Balance(charged=D(6), refunded=D(4)),
        ),
        (account(S.FAILED, M.REFUNDED, A.CHARGED, charge="10", refunded="10"), Balance(refunded=D(10))),
        (account(S.FAILED, M.REFUNDED, A.CHARGED, charge="10", refunded="12"), Balance(refunded=D(10))),
        (account(S.FAILED, M.NOT_CHARGED, A.NOT_CHARGED), Balance(nothing=D(28))),
        (account(S.FAILED, M.POSSIBLY, A.CHARGED), Balance(possibly=D(28))),
        (account(S.UNKNOWN, M.POSSIBLY, A.UNKNOWN), Balance(possibly=D(28))),
        (account(S.UNKNOWN, M.POSSIBLY, A.UNKNOWN, estimate=None), Balance(unpriced=1)),
        (account(S.FAILED, M.NOT_CHARGED, A.NOT_CHARGED, estimate=None), Balance()),
        (account(S.FAILED, M.WRITTEN_OFF, A.WRITTEN_OFF), Balance(written_off=D(28))),
        # sent again by a person: the first stays visible beside the second
        (
            account(S.SUCCEEDED, M.CHARGED, A.WRITTEN_OFF, A.CHARGED, charge="25"),
            Balance(charged=D(25), written_off=D(28)),
        ),
        (
            account(S.UNKNOWN, M.POSSIBLY, A.WRITTEN_OFF, A.UNKNOWN),
            Balance(possibly=D(28), written_off=D(28)),
        ),
        (
            account(S.FAILED, M.WRITTEN_OFF, A.WRITTEN_OFF, A.NOT_CHARGED),
            Balance(written_off=D(28), nothing=D(28)),
        ),
    ],
)
def test_where_the_money_of_a_job_is(found, expected):
    assert troubles(found) == []
    assert where(found) == expected
    worth = sum((pile.amount for pile in found.piles()), D(0))
    assert where(found).total == worth, "no credit is lost, and none is counted twice"


@pytest.mark.parametrize(
    ("found", "trouble"),
    [
        (account(S.SUCCEEDED, M.CHARGED), "job_and_requests_disagree"),
        (account(S.SUCCEEDED, M.CHARGED, A.NOT_CHARGED), "job_and_requests_disagree"),
        (account(S.FAILED, M.NOT_CHARGED, A.UNKNOWN), "job_and_requests_disagree"),
        (account(S.RUNNING, M.NONE, A.CHARGED), "job_and_requests_disagree"),
        (account(S.FAILED, M.NONE, A.WRITTEN_OFF), "job_and_requests_disagree"),
        (account(S.FAILED, M.POSSIBLY, A.WRITTEN_OFF), "job_and_requests_disagree"),
        (account(S.FAILED, M.WRITTEN_OFF, A.CHARGED, charge="0"), "job_and_requests_disagree"),
        (account(S.SUCCEEDED, M.CHARGED, A.CHARGED, A.CHARGED), "two_requests_stand"),
        (account(S.FAILED, M.HELD, A.CHARGED), "held_after_the_end"),
        (account(S.FAILED, M.NOT_CHARGED, A.NOT_CHARGED, charge="9"), "charge_without_a_request"),
        (account(S.FAILED, M.REFUNDED, A.CHARGED, charge="9"), "refund_without_an_amount"),
    ],
)
def test_what_contradicts_itself_is_named(found, trouble):
    assert trouble in troubles(found)
    assert where(found).total == sum((pile.amount for pile in found.piles()), D(0))


@pytest.mark.parametrize("attempt", A)
@pytest.mark.parametrize("money", M)
def test_a_pair_of_words_has_one_place_or_is_called_a_contradiction(attempt, money):
    """Nothing falls through: whatever the rows say, the sum holds."""
    found = balance(Pile(attempt, money, D(10), D(3), reported=True, requests=2, priced=1))
    assert found.total == 10
    if (attempt, money) not in PLACES:
        assert found.possibly == 10, "what nobody can say is possibly charged"


def test_several_jobs_in_one_pile_are_the_same_as_one_by_one():
    one = Pile(A.CHARGED, M.CHARGED, D(6), D(1), reported=False)
    both = Pile(A.CHARGED, M.CHARGED, D(12), D(2), reported=False, requests=2, priced=2)
    assert balance(one) + balance(one) == balance(both)


def test_every_place_is_a_part_of_the_total():
    for place in Place:
        assert Balance(**{place: D(7)}).total == 7
