"""Which presses ask first. Where a team set a sum, a press that reaches it is not sent: the
person is shown the sum and presses once more, for exactly that sum. What nobody can reckon
(no price, no estimate, no rate) asks, too: it may be more than the sum.

Rehearsals cost nothing and never ask."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from videos import labels
from videos.models import Measure, Threshold
from videos.spending import units
from videos.spending.reckoning import Missing, Tariff, tariff
from videos.vendors.contract import Price, Problem

FIELD = "confirm"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Press:
    """One paid request that is thought of; ``price`` None where the vendor publishes none."""

    vendor: str
    model: str
    rehearsal: bool
    price: Price | None


@dataclass(frozen=True, slots=True)
class Sum:
    """What some presses cost together, in the unit of ``threshold``. ``guessed``: the part of
    ``amount`` that is the team's own estimate. With something ``missing`` it is less than the
    truth."""

    threshold: Threshold
    amount: Decimal
    guessed: Decimal
    missing: tuple[Missing, ...]

    @property
    def reached(self) -> bool:
        return bool(self.missing) or self.amount >= self.threshold.amount


def sums(team_id: int, presses: Iterable[Press]) -> tuple[Sum, ...]:
    """The sums that these presses, sent together, must be confirmed for: none where they
    may go at once."""
    real = [press for press in presses if not press.rehearsal]
    set_here = list(Threshold.objects.filter(team=team_id).order_by("measure", "of")) if real else []
    if not set_here:
        return ()
    entered = tariff(team_id)
    found = (_sum(one, [press for press in real if _counts(one, press)], entered) for one in set_here)
    return tuple(one for one in found if one is not None and one.reached)


def _counts(threshold: Threshold, press: Press) -> bool:
    return threshold.measure == Measure.MONEY or threshold.of == press.vendor


def _sum(threshold: Threshold, presses: Sequence[Press], entered: Tariff) -> Sum | None:
    if not presses:
        return None
    amount = guessed = ZERO
    missing: dict[Missing, None] = {}
    for press in presses:
        worth = _worth(threshold, press, entered)
        if isinstance(worth, Missing):
            missing[worth] = None
            continue
        amount += worth
        guessed += ZERO if press.price else worth
    return Sum(threshold, amount, guessed, tuple(missing))


def _worth(threshold: Threshold, press: Press, entered: Tariff) -> Decimal | Missing:
    credits = press.price.amount if press.price else entered.estimates.get(press.model)
    if credits is None:
        return Missing("estimate", press.model)
    if threshold.measure == Measure.CREDITS:
        return credits
    rate = entered.rates.get((press.vendor, threshold.of))
    if rate is not None:
        return credits * rate
    # The vendor's own dollars, where it publishes them and nobody entered what is really paid.
    published = press.price.usd if press.price and threshold.of == "USD" else None
    return Missing("rate", press.vendor) if published is None else published


# --- one confirmation, for one sum and one form --------------------------------


def seal(found: Sequence[Sum], user_id: int, token: str) -> str:
    """What a form carries to say that this person saw exactly these sums. Another sum,
    another form or another person: another seal."""
    seen = [
        [one.threshold.measure, one.threshold.of, labels.figure(one.amount), [str(gap.of) for gap in one.missing]]
        for one in found
    ]  # fmt: skip
    sealed_text = json.dumps([user_id, token, seen])
    return salted_hmac("videos.spending.asking", sealed_text, algorithm="sha256").hexdigest()


def confirmed(found: Sequence[Sum], user_id: int, token: str, given: str) -> bool:
    """May it go? Yes where nothing asks, and where ``given`` is the seal of these sums."""
    return not found or constant_time_compare(seal(found, user_id, token), given)


# --- in words -------------------------------------------------------------------


def problems(found: Sequence[Sum]) -> tuple[Problem, ...]:
    """Why it asks, one reason for each sum and for each thing that nobody entered."""
    over = [one for one in found if one.amount >= one.threshold.amount]
    known = [
        Problem(FIELD, "confirm_sum", {"sum": describe_sums([one]), "limit": limit(one.threshold)})
        for one in over
    ]
    gaps = {gap: one.threshold for one in found for gap in one.missing}
    return (*known, *(_gap(gap, threshold) for gap, threshold in gaps.items()))  # fmt: skip


def _gap(gap: Missing, threshold: Threshold) -> Problem:
    values = {"limit": limit(threshold), "currency": threshold.of}
    if gap.what == "rate":
        return Problem(FIELD, "confirm_no_rate", values | {"vendor": labels.vendor_name(gap.of)})
    return Problem(FIELD, "confirm_no_price", values | {"model": labels.model_name(gap.of)})


def describe_sums(found: Sequence[Sum]) -> str:
    """``280 credits``, ``2.80 EUR (your estimate)``; of whom where credits of several are
    named. Empty where no amount is known."""
    vendors = {one.threshold.of for one in found if one.threshold.measure == Measure.CREDITS}
    return ", ".join(_amount(one, named=len(vendors) > 1) for one in found if one.amount or not one.missing)


def _amount(one: Sum, *, named: bool) -> str:
    whole = units.amount(one.threshold, one.amount)
    if named and one.threshold.measure == Measure.CREDITS:
        whole = units.credits(one.amount, one.threshold.of)
    return gettext("%(amount)s (your estimate)") % {"amount": whole} if one.guessed else whole


def limit(threshold: Threshold) -> str:
    """Credits of whom is said, as every vendor's are its own."""
    if threshold.measure == Measure.CREDITS:
        return units.credits(threshold.amount, threshold.of)
    return units.amount(threshold, threshold.amount)


def button(found: Sequence[Sum]) -> str:
    """What the button says that confirms: the whole sum, or that there is none to say."""
    amount = describe_sums(found)
    unpriced = any(gap.what == "estimate" for one in found for gap in one.missing)
    if not amount and unpriced:
        return gettext("Generate, cost unknown until done")
    if not amount:  # the credits are known, and stand beside; what they cost is not
        return gettext("Generate, cost in %(currency)s unknown") % {"currency": found[0].threshold.of}
    if unpriced or any(one.missing for one in found if one.amount):
        return gettext("Generate for %(sum)s and an unknown rest") % {"sum": amount}
    return gettext("Generate for %(sum)s") % {"sum": amount}
