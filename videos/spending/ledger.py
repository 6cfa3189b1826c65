"""Honest money: every credit is in exactly one named place. PURE: nothing of Django.

Each paid request of a job (a SpendAttempt) is worth what the vendor reported, or else the
price that was shown; both stay on the job. Where that amount is follows from two words,
the request's and the job's, by one table. Rules, from which the table follows:

1. Only one request of a job may stand; ``Job.money`` is about that one.
2. A request that never arrived, or was refused before acting, took nothing.
3. A request that a person wrote off stays visible at its price for ever, also when a later
   one was charged: nobody knows.
4. A refund is split off what was charged, never subtracted out of sight.
5. Units of two vendors, and rehearsals and real money, are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from videos.states import ATTEMPT_STANDS, ENDED, Attempt, Money, State

ZERO = Decimal(0)


class Place(StrEnum):
    HELD = "held"  # sent, not settled
    CHARGED = "charged"
    REFUNDED = "refunded"
    POSSIBLY = "possibly"  # nobody knows
    WRITTEN_OFF = "written_off"  # nobody knows, and a person let it go
    NOTHING = "nothing"  # surely not taken


PLACES: dict[tuple[Attempt, Money], Place] = {
    (Attempt.OPEN, Money.HELD): Place.HELD,
    (Attempt.CHARGED, Money.HELD): Place.HELD,
    (Attempt.CHARGED, Money.CHARGED): Place.CHARGED,
    (Attempt.CHARGED, Money.REFUNDED): Place.CHARGED,  # and from there rule 4
    (Attempt.CHARGED, Money.POSSIBLY): Place.POSSIBLY,
    (Attempt.CHARGED, Money.NOT_CHARGED): Place.NOTHING,
    # This request cost nothing by the vendor's word; the job remembers an earlier one.
    (Attempt.CHARGED, Money.WRITTEN_OFF): Place.NOTHING,
    (Attempt.UNKNOWN, Money.POSSIBLY): Place.POSSIBLY,
    **{(Attempt.NOT_CHARGED, money): Place.NOTHING for money in Money},
    **{(Attempt.WRITTEN_OFF, money): Place.WRITTEN_OFF for money in Money},
}


@dataclass(frozen=True, slots=True)
class Balance:
    """How much of one vendor's unit is in which place. ``estimated`` is the part of
    ``charged`` that stands on the price shown, because the vendor reported none.
    ``unpriced`` counts requests that may have cost something nobody can name."""

    held: Decimal = ZERO
    charged: Decimal = ZERO
    refunded: Decimal = ZERO
    possibly: Decimal = ZERO
    written_off: Decimal = ZERO
    nothing: Decimal = ZERO
    estimated: Decimal = ZERO
    unpriced: int = 0

    def __add__(self, other: "Balance") -> "Balance":
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Balance(*(mine + theirs for mine, theirs in pairs))

    @property
    def total(self) -> Decimal:
        """What all requests were worth, wherever it is now."""
        return sum((getattr(self, place) for place in Place), ZERO)


@dataclass(frozen=True, slots=True)
class Pile:
    """Requests that stand alike (often one): ``requests`` of them, ``priced`` with an amount
    known, worth ``amount`` together, of which ``refunded`` came back. ``reported``: the
    vendor named the amount; otherwise it is the price shown."""

    attempt: Attempt
    money: Money
    amount: Decimal = ZERO
    refunded: Decimal = ZERO
    reported: bool = False
    requests: int = 1
    priced: int = 1


def balance(pile: Pile) -> Balance:
    """Where a pile is. What contradicts itself counts as possibly charged, so that the sum
    still holds; ``troubles`` names it."""
    place = PLACES.get((pile.attempt, pile.money), Place.POSSIBLY)
    unpriced = pile.requests - pile.priced if place is not Place.NOTHING else 0
    if place is not Place.CHARGED:
        return Balance(**{place: pile.amount}, unpriced=unpriced)
    kept = pile.amount - pile.refunded
    estimated = ZERO if pile.reported else kept
    return Balance(charged=kept, refunded=pile.refunded, estimated=estimated, unpriced=unpriced)


@dataclass(frozen=True, slots=True)
class Account:
    """What the rows say about the money of one job; ``attempts`` in the order they were made."""

    state: str  # a State, or one of a newer version
    money: Money
    attempts: Sequence[Attempt]
    estimate: Decimal | None = None
    charge: Decimal | None = None
    refunded: Decimal | None = None

    def piles(self) -> list[Pile]:
        return [self._pile(attempt) for attempt in self.attempts]

    def _pile(self, attempt: Attempt) -> Pile:
        stands = attempt in ATTEMPT_STANDS
        reported = stands and self.charge is not None
        amount = self.charge if reported else self.estimate
        back = min(self.refunded or ZERO, amount or ZERO) if stands else ZERO
        priced = int(amount is not None)
        return Pile(attempt, self.money, amount or ZERO, back, reported, priced=priced)


def troubles(account: Account) -> list[str]:
    """Why the money of this job is in no place, or in two: short codes, none where all is well."""
    standing = [attempt for attempt in account.attempts if attempt in ATTEMPT_STANDS]
    wrong = []
    if len(standing) > 1:
        wrong.append("two_requests_stand")
    if account.money is Money.HELD and account.state in ENDED:
        wrong.append("held_after_the_end")
    if account.charge is not None and not standing:
        wrong.append("charge_without_a_request")
    if account.money is Money.REFUNDED and account.refunded is None:
        wrong.append("refund_without_an_amount")
    if not _agree(account, standing):
        wrong.append("job_and_requests_disagree")
    return wrong


def _agree(account: Account, standing: list[Attempt]) -> bool:
    written_off = Attempt.WRITTEN_OFF in account.attempts
    if standing:
        if account.money is Money.WRITTEN_OFF and not written_off:
            return False
        return all((attempt, account.money) in PLACES for attempt in standing)
    if written_off:
        waits_again = account.money is Money.POSSIBLY and account.state == State.QUEUED
        return account.money is Money.WRITTEN_OFF or waits_again
    if not account.attempts:
        return account.money is Money.NONE
    return account.money in (Money.NONE, Money.NOT_CHARGED)
