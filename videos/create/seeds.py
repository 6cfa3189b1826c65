"""Splits one order into several takes, and gives each take a seed. Random seeds are drawn once, when the
orders are made for a press."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from videos.access import whole
from videos.jobs.verbs import TAKES_MOST, GenerationRequest
from videos.models import Relation
from videos.vendors import options, registry
from videos.vendors.contract import Model, Problem, Value, Wish

SEED = "seed"
DRAWN_BELOW = 2**31  # short enough to be read out


def read_take_count(text: object) -> tuple[int, list[Problem]]:
    """The number of takes in ``text``, and what is wrong with it where it is no number from 1 to
    ``TAKES_MOST``."""
    number = whole(text) if text else 1
    if number is not None and 1 <= number <= TAKES_MOST:
        return number, []
    typed = str(text).replace("\0", "")[:20]
    return 1, [Problem("takes", "not_so_many", {"typed": typed, "maximum": TAKES_MOST})]


def takes_seeds(model: Model, asked: Mapping[str, Value]) -> bool:
    """Whether takes of this wish can have seeds of their own."""
    return model.option(SEED) is not None and not any(
        problem.field == SEED for problem in options.check(model, Wish("", {**asked, SEED: 1}))
    )


def typed_seed(asked: Mapping[str, Value]) -> int | None:
    """The seed that a person typed, or None. A negative seed means "random" to the vendors."""
    seed = asked.get(SEED)
    return seed if isinstance(seed, int) and seed >= 0 else None


def options_of_takes(
    model: Model, asked: Mapping[str, Value], count: int, drawn: Sequence[int]
) -> list[dict[str, Value]]:
    """The options of each of ``count`` takes. From a typed seed they count upwards: the same seed twice
    would be the same film, paid twice. Else each take gets one of ``drawn``, so that it can be made again,
    larger."""
    if count == 1 or not takes_seeds(model, asked):
        return [dict(asked) for _n in range(count)]
    first, most = typed_seed(asked), model.option(SEED).maximum
    found = [drawn[n] if first is None else first + n for n in range(count)]
    return [{**asked, SEED: seed if most is None or seed <= most else seed - most - 1} for seed in found]


def split_into_takes(order: GenerationRequest, count: int) -> list[GenerationRequest]:
    """Makes ``count`` orders of one, each with a seed of its own where the model has seeds."""
    if count == 1:
        return [order]
    drawn = [secrets.randbelow(DRAWN_BELOW) for _n in range(count)]
    found = options_of_takes(registry.MODELS[order.model], order.options, count, drawn)
    return [replace(order, options=own, relation=Relation.TAKE) for own in found]


def describe_seeds(model: Model, asked: Mapping[str, Value], count: int) -> list[str]:
    """Says which seeds the takes get, before they are paid; empty where takes have no seeds."""
    if count == 1 or not takes_seeds(model, asked):
        return []
    if typed_seed(asked) is None:
        return [gettext("Each take gets a seed of its own; it stands on the take, to be used again.")]
    found = ", ".join(str(own[SEED]) for own in options_of_takes(model, asked, count, ()))
    return [gettext("Seeds %(seeds)s: one for each take, counted up from yours.") % {"seeds": found}]
