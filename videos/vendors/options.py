"""Checks what a person asks for against what a model can do.

Pure, by one table: the form, the server's second check, the command line
and the documentation all use it. Refusals come all at once, each bound to
its field and with the legal values; nothing is dropped silently.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .contract import Mode, Model, Option, Picture, Price, Problem, Rule, Value, Wish
from .flags import flag_problems, lift_flags
from .mentions import find_mentions, mention_problems, render_mentions, renumber, vendor_words
from .slots import mode_of, picture_problems
from .values import BadValue, is_flag, is_legal, legal_values, nearest, parse_value

# What no vendor and no database can be given: NUL, and halves of characters.
UNREADABLE = re.compile("[\0\ud800-\udfff]")

__all__ = [
    "BadValue", "Change", "ResolvedRequest", "UnsendableRequest", "vendor_words", "carry_over", "check", "complete", "is_flag", "is_legal",
    "legal_values", "lift_flags", "mode_of", "find_mentions", "nearest", "resolve", "parse_value", "price", "renumber", "warn",
]  # fmt: skip


def check(model: Model, wish: Wish) -> list[Problem]:
    """Returns every reason why this request cannot be sent, or an empty list."""
    return [
        *_prompt_problems(model, wish),
        *_option_problems(model, wish.options),
        *_rule_problems(model, wish.options),
        *picture_problems(model, wish.pictures),
    ]


def warn(model: Model, wish: Wish) -> list[Problem]:
    """Returns a warning for everything that the document allows and the vendor's upstream does not."""
    asked = complete(model, wish.options)
    doubts = []
    for option in model.options:
        value = asked.get(option.name)
        if option.warn_below is not None and isinstance(value, int) and value < option.warn_below:
            values = {"value": value, "minimum": option.warn_below}
            doubts.append(Problem(option.name, "below_upstream", values))
    mode = mode_of(model, wish.pictures)
    if mode and mode.doubtful:
        doubts.append(Problem("pictures", "mode_doubtful", {"mode": mode.name}))
    return doubts


def complete(model: Model, options: Mapping[str, Value]) -> dict[str, Value]:
    """Returns the options as they will be sent, in the model's order: defaults are filled in, and
    what has no default and was not asked for (a seed) is left out."""
    replaced = {
        name
        for group in model.one_of
        for name in group
        if options.get(name) is None and any(options.get(other) is not None for other in group)
    }
    values = {}
    for option in model.options:
        value = options.get(option.name)
        value = option.default if value is None and option.name not in replaced else value
        if value is not None:
            values[option.name] = value
    return values


def price(model: Model, options: Mapping[str, Value]) -> Price | None:
    """Returns the price of one request by the vendor's own table; None where it publishes none, or
    for values that the table does not have."""
    table = model.prices
    if table is None or _option_problems(model, options):
        return None
    values = complete(model, options)
    # Where an option is missing the key is too short, and no row has it.
    row = table.rows.get(tuple(values[name] for name in table.by if name in values))
    times = values.get(table.times, 1) if table.times else 1
    if row is None or not isinstance(times, int) or times == 1:
        return row
    return Price(row.amount * times, None if row.usd is None else row.usd * times)


@dataclass(frozen=True, slots=True)
class Change:
    """One option whose value changed with the model: ``after`` is None when the model lacks it."""

    name: str
    before: Value
    after: Value | None


def carry_over(model: Model, options: Mapping[str, Value]) -> tuple[dict[str, Value], list[Change]]:
    """Returns the options for another model, and what changed: values that are still legal stay,
    others become the nearest legal one or are dropped."""
    kept: dict[str, Value] = {}
    for name, value in options.items():
        option = model.option(name)
        after = nearest(option, value) if option and value is not None else None
        if after is not None:
            kept[name] = after
    for group in model.one_of:
        for extra in [name for name in group if name in kept][1:]:
            del kept[extra]
    for rule in model.rules:
        _apply_rule(model, rule, kept)
    changes = []
    for name, value in options.items():
        after = kept.get(name, model.fixed.get(name))
        if value is not None and (type(after) is not type(value) or after != value):
            changes.append(Change(name, value, after))
    return kept, changes


class UnsendableRequest(ValueError):
    """A request that must not be sent; ``problems`` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ResolvedRequest:
    """A checked request that may be sent: every value is filled in and one mode is chosen.
    ``values`` has the options and, under their own names, ``model`` and ``prompt``, the latter as
    this vendor reads it."""

    values: Mapping[str, object]
    mode: Mode
    pictures: tuple[Picture, ...]

    def urls(self, role: str) -> list[str]:
        """Returns the addresses of the pictures in this role's slot, in order."""
        slot = next((slot for slot in self.mode.slots if slot.role == role), None)
        return [picture.url for picture in self.pictures if slot and slot.takes(picture.role)]


def resolve(model: Model, wish: Wish) -> ResolvedRequest:
    """Checks a request for the last time before it is paid for, and fills in its values. Raises
    UnsendableRequest rather than send less, or other, than was asked."""
    problems = check(model, wish)
    problems += [Problem("pictures", "no_address") for picture in wish.pictures if not picture.url]
    mode = mode_of(model, wish.pictures)
    if problems or mode is None:
        raise UnsendableRequest(problems)
    prompt = render_mentions(wish.prompt, mode, wish.pictures)
    values = {"model": model.id, "prompt": prompt, **complete(model, wish.options)}
    return ResolvedRequest(values, mode, wish.pictures)


# --- inside -----------------------------------------------------------------


def _prompt_problems(model: Model, wish: Wish) -> list[Problem]:
    rule, text = model.prompt, wish.prompt
    length = len(text.strip())
    problems = []
    if not length and (rule.required or not wish.pictures):
        problems.append(Problem("prompt", "prompt_needed", {"minimum": rule.minimum}))
    if 0 < length < rule.minimum:
        problems.append(Problem("prompt", "prompt_too_short", {"length": length, "minimum": rule.minimum}))
    sent = _length_sent(model, wish)
    if rule.maximum is not None and sent > rule.maximum:
        problems.append(Problem("prompt", "prompt_too_long", {"length": sent, "maximum": rule.maximum}))
    if UNREADABLE.search(text):
        problems.append(Problem("prompt", "prompt_unreadable"))
    if rule.inline:
        problems += flag_problems(model, text)
    return problems + mention_problems(model, text, wish.pictures)


def _length_sent(model: Model, wish: Wish) -> int:
    """Returns the prompt's length in characters, with what this vendor reads for a mention."""
    mode = mode_of(model, wish.pictures)
    return len(render_mentions(wish.prompt, mode, wish.pictures) if mode else wish.prompt)


def _option_problems(model: Model, options: Mapping[str, Value]) -> list[Problem]:
    problems = []
    for name, value in options.items():
        problem = None if value is None else _value_problem(model, model.option(name), name, value)
        if problem:
            problems.append(problem)
    for group in model.one_of:
        asked = [name for name in group if options.get(name) is not None]
        problems += [Problem(name, "one_of", {"asked": asked[0], "legal": group}) for name in asked[1:]]
    return problems


def _value_problem(model: Model, option: Option | None, name: str, value: Value) -> Problem | None:
    if option is None and name in model.fixed:
        fixed = model.fixed[name]
        same = type(fixed) is type(value) and fixed == value
        return None if same else Problem(name, "fixed_by_model", {"value": value, "legal": (fixed,)})
    if option is None:
        offered = tuple(known.name for known in model.options)
        return Problem(name, "not_offered", {"value": value, "legal": offered})
    if not is_legal(option, value):
        return Problem(name, "not_legal", {"value": value, **legal_values(option)})
    return None


def _broken(rule: Rule, values: Mapping[str, Value]) -> bool:
    holds = all(name in values and values[name] == value for name, value in rule.when)
    return holds and rule.name in values and values[rule.name] not in rule.legal


def _rule_problems(model: Model, options: Mapping[str, Value]) -> list[Problem]:
    values = complete(model, options)
    problems = []
    for rule in model.rules:
        if _broken(rule, values):
            named = {"value": values[rule.name], "when": dict(rule.when), "legal": rule.legal}
            problems.append(Problem(rule.name, rule.code, named))
    return problems


def _apply_rule(model: Model, rule: Rule, kept: dict[str, Value]) -> None:
    """Makes one carried value legal under ``rule``, or drops it from ``kept``."""
    values = complete(model, kept)
    if not _broken(rule, values):
        return
    kept.pop(rule.name, None)
    if rule.legal:
        allowed = Option(rule.name, legal=rule.legal, default=rule.legal[0])
        legal = nearest(allowed, values[rule.name])
        if legal is not None:
            kept[rule.name] = legal
