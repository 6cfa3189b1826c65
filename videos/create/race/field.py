"""Lists who can enter a race: the wish of the form, taken to every model of its kind, with what had to
change, its price, and why a model cannot enter. Nothing is written here."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal

from django.utils.translation import gettext

from videos import access, labels, words
from videos.create import controls, flags
from videos.create.form_state import FormState, normalized, with_model
from videos.jobs import verbs
from videos.models import Membership, Relation, VendorKey
from videos.vendors import registry
from videos.vendors.contract import Model, Problem

LEAST, MOST = 2, 5


@dataclass(frozen=True, slots=True)
class Entrant:
    """One model. ``worth``: what it costs in the ceiling's currency, None where that cannot be computed.
    ``lacking``: what the team has to enter (a rate, an estimate) before it can join for money."""

    model: Model
    vendor: str
    order: verbs.GenerationRequest
    price: str
    worth: Decimal | None
    changes: list[str]
    reasons: list[str]
    lacking: list[str]

    @property
    def key(self) -> str:
        return self.model.key

    @property
    def able(self) -> bool:
        return not self.reasons and not self.lacking


@dataclass(frozen=True, slots=True)
class Rates:
    """What the team entered: money per credit of a vendor, credits per press of a model."""

    currency: str
    rates: Mapping[str, Decimal]
    estimates: Mapping[str, Decimal]

    def of(self, model: Model, checked: verbs.Checked) -> tuple[Decimal | None, list[str]]:
        """What one press costs in the currency, or what has to be entered to know that."""
        credits = checked.price.amount if checked.price else self.estimates.get(model.key)
        rate, vendor = self.rates.get(model.vendor), registry.vendor(model.vendor).name
        lacking = []
        if credits is None:
            lacking.append(
                gettext("%(vendor)s publishes no price for this: enter your estimate.") % {"vendor": vendor}
            )
        if rate is None:
            values = {"vendor": vendor, "currency": self.currency or gettext("your currency")}
            lacking.append(gettext("Enter what a credit of %(vendor)s costs in %(currency)s.") % values)
        return (None if lacking else credits * rate), lacking


def currencies(member: Membership) -> list[str]:
    """The currencies that the team entered rates in."""
    return list(dict.fromkeys(rate.currency for rate in access.rates_for(member)))


def rates_in(member: Membership, currency: str) -> Rates:
    """The team's rates in one currency, with its own estimates."""
    rates = {rate.vendor: rate.per_credit for rate in access.rates_for(member) if rate.currency == currency}
    return Rates(currency, rates, {one.model: one.amount for one in access.own_estimates_for(member)})


def entrants(member: Membership, wish: FormState, entered: Rates, *, rehearsal: bool) -> list[Entrant]:
    """Every model of the wish's kind, in a constant number of queries."""
    keys: dict[str, VendorKey] = {}
    for key in access.usable_keys(member):
        if key.rehearsal is rehearsal:
            keys.setdefault(key.vendor, key)
    if wish.key is not None and wish.key.rehearsal is rehearsal:
        keys[wish.key.vendor] = wish.key
    models = [model for model in registry.MODELS.values() if model.medium == wish.model.medium]
    carried = [
        replace(normalized(with_model(wish, one)), key=keys.get(one.vendor), takes=1) for one in models
    ]
    orders = [replace(sheet.order(), relation=Relation.TAKE) for sheet in carried]
    checked = verbs.review_all(member, orders).orders
    return [_entrant(sheet, one, entered) for sheet, one in zip(carried, checked, strict=True)]


def _entrant(sheet: FormState, checked: verbs.Checked, entered: Rates) -> Entrant:
    model, key = sheet.model, sheet.key
    vendor = registry.vendor(model.vendor)
    worth, lacking = entered.of(model, checked)
    if key is None:
        problems = (Problem("key", "no_key", {"vendor": vendor.name}),)
    else:  # a missing prompt is reported once, above the list
        problems = tuple(
            problem for problem in (*sheet.problems, *checked.problems) if problem.code != "prompt_needed"
        )
    dropped = [moved for moved in sheet.moved if not moved.after]
    stayed = tuple(moved for moved in sheet.moved if moved.after)
    reasons = [words.describe_problem(problem) for problem in problems]
    if dropped:  # a race without one of the pictures would be another wish
        reasons.append(gettext("It has no place for the picture %(name)s.") % {"name": dropped[0].name})
    return Entrant(
        model=model,
        vendor=vendor.name,
        order=replace(checked.order, key=key),
        price=labels.price(checked.price, vendor.unit),
        worth=worth,
        changes=[*flags.describe_flags(sheet), *controls.describe_changes(replace(sheet, moved=stayed))],
        reasons=reasons,
        lacking=[] if key is not None and key.rehearsal else lacking,
    )


def total(chosen: Iterable[Entrant]) -> Decimal | None:
    """What the chosen models cost together, rounded up to cents; None where one cost is unknown."""
    worths = [one.worth for one in chosen]
    return None if None in worths else sum(worths, Decimal(0)).quantize(Decimal("0.01"), ROUND_UP)


def seal_of(wish: FormState, chosen: Iterable[Entrant]) -> str:
    """A hash of what a person saw before pressing: the words, which models, with which settings, at what
    price. Anything else gives another hash."""
    seen = [
        [one.key, one.order.key and one.order.key.pk, one.order.options, one.price, str(one.worth)]
        for one in chosen
    ]
    content = json.dumps([wish.content(), seen], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()
