"""Answers which models can do what a person requires, and at which price.

Pure, and by the same tables as every other check: a model can do it when
``options.check`` finds no problem. The cost is the vendor's published price, else
the team's own estimate, else unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from . import options, registry
from .contract import Model, Picture, Price, Problem, Value, Wish

COMPARED_OPTIONS = ("seconds", "aspect_ratio", "resolution", "audio", "seed", "count")
MEDIA = ("video", "still")
DOLLARS = "USD"  # what vendors publish beside their credits

_SIZE = re.compile(r"([0-9]{1,5})([pK])")
_PLACEHOLDER_PROMPT = "A shot"  # a wish is checked without its prompt, which is still being typed


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a person requires of a model. ``options`` must be met exactly; ``resolution`` is a
    minimum. ``pictures`` need no addresses. ``highest`` is the highest cost, in the currency of
    TeamPrices."""

    medium: str = MEDIA[0]
    options: Mapping[str, Value] = field(default_factory=dict)
    resolution: str = ""
    pictures: tuple[Picture, ...] = ()
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TeamPrices:
    """The prices that a team entered. ``rates``: vendor -> ``currency`` per credit;
    ``estimates``: model -> credits per press."""

    currency: str = DOLLARS
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    estimates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether one model can do it. ``options``: as they would be sent; the nearest legal ones where
    it cannot. ``price`` is the published one; ``guess`` (in the vendor's unit) is the team's own
    estimate where none is published; ``cost`` is either in the team's currency, None where it is
    unknown. ``doubts`` are warnings: they do not prevent a start."""

    model: Model
    options: Mapping[str, Value]
    price: Price | None
    guess: Decimal | None
    cost: Decimal | None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def offers(
    want: Requirements, purse: TeamPrices | None = None, beside: Mapping[str, Value] | None = None
) -> list[Offer]:
    """Returns one offer for each model, in the registry's order. ``beside``: other options of the
    form, which are kept where they do not conflict with the requirements."""
    return [offer(model, want, purse or TeamPrices(), beside or {}) for model in registry.MODELS.values()]


def offer(model: Model, want: Requirements, purse: TeamPrices, beside: Mapping[str, Value]) -> Offer:
    asked = _asked(model, want)
    problems = _problems(model, want, asked)
    values = options.complete(model, _combine(model, asked, beside))
    price = None if problems else options.price(model, values)
    guess = None if problems or price else purse.estimates.get(model.key)
    cost = _cost(model.vendor, price, guess, purse)
    if want.highest is not None and cost is not None and cost > want.highest:
        told = {"cost": cost, "highest": want.highest, "currency": purse.currency}
        problems.append(Problem("price", "too_dear", told))
    doubts = [] if problems else options.warn(model, Wish(_PLACEHOLDER_PROMPT, values, want.pictures))
    return Offer(model, values, price, guess, cost, tuple(problems), tuple(doubts))


def sizes(medium: str) -> list[str]:
    """Returns every resolution that a model of this medium has, the smallest first."""
    found = {value for one in registry.MODELS.values() if one.medium == medium for value in _sizes(one)}
    return sorted(found, key=_picture_lines)


def shapes(medium: str) -> list[str]:
    """Returns every ratio (not "as the picture"), in the order in which models name them."""
    options_ = [one.option("aspect_ratio") for one in registry.MODELS.values() if one.medium == medium]
    legal = [str(value) for option in options_ if option for value in option.legal]
    return list(dict.fromkeys(value for value in legal if ":" in value))


# --- inside -----------------------------------------------------------------


def _asked(model: Model, want: Requirements) -> dict[str, Value]:
    """Returns the required options in this model's values."""
    asked = {name: value for name, value in want.options.items() if value is not None}
    if want.resolution:
        enough = [size for size in _sizes(model) if _picture_lines(size) >= _picture_lines(want.resolution)]
        asked["resolution"] = min(enough, key=_picture_lines, default=want.resolution)
    if asked.get("count") == 1 and not model.option("count"):
        del asked["count"]  # every model makes one
    if asked.get("audio") is False and model.medium == "still":
        del asked["audio"]
    return asked


def _problems(model: Model, want: Requirements, asked: Mapping[str, Value]) -> list[Problem]:
    if model.medium != want.medium:
        # What else it lacks follows from that.
        return [Problem("medium", "makes_stills" if model.medium == "still" else "makes_films")]
    return options.check(model, Wish(_PLACEHOLDER_PROMPT, asked, want.pictures))


def _combine(model: Model, asked: Mapping[str, Value], beside: Mapping[str, Value]) -> dict[str, Value]:
    """Returns the required options with those of the form; only the required ones where both
    together are not possible."""
    others = {name: value for name, value in beside.items() if name not in COMPARED_OPTIONS}
    alone, _changes = options.carry_over(model, asked)
    both, _changes = options.carry_over(model, {**asked, **others})
    return both if all(both.get(name) == value for name, value in alone.items()) else alone


def _cost(vendor: str, price: Price | None, guess: Decimal | None, purse: TeamPrices) -> Decimal | None:
    amount = price.amount if price else guess
    if amount is not None and vendor in purse.rates:
        return amount * purse.rates[vendor]
    return price.usd if price and purse.currency == DOLLARS else None


def _sizes(model: Model) -> tuple[str, ...]:
    option, fixed = model.option("resolution"), model.fixed.get("resolution")
    return tuple(str(value) for value in (option.legal if option else (fixed,) if fixed else ()))


def _picture_lines(size: Value) -> int:
    """Returns the size of a resolution: 720p as 720, 2K as 2048; 0 for one without a number."""
    found = _SIZE.fullmatch(str(size))
    return int(found[1]) * (1024 if found[2] == "K" else 1) if found else 0
