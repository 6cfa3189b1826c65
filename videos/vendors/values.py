"""Checks, parses and approximates the value of one option."""

import math
import re

from .contract import Option, Problem, Value

_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_FLAGS = dict.fromkeys(("true", "on", "yes", "1"), True) | dict.fromkeys(("false", "off", "no", "0"), False)
_RATIO = re.compile(r"([0-9]{1,4}):([0-9]{1,4})")
_SIZE = re.compile(r"([0-9]{1,6})([a-zA-Z]*)")


class BadValue(ValueError):
    """A text that cannot be this option's value; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.field}: {problem.code}")
        self.problem = problem


def is_flag(option: Option) -> bool:
    return option.legal == (False, True)


def in_range(value: Value, minimum: int | None, maximum: int | None, step: int) -> bool:
    if type(value) is not int:
        return False
    low = value if minimum is None else minimum
    return low <= value and (maximum is None or value <= maximum) and (value - low) % step == 0


def is_legal(option: Option, value: Value) -> bool:
    """Returns whether type and value are legal: True is not 1, and "5" is not 5."""
    if option.legal:
        return any(type(value) is type(legal) and value == legal for legal in option.legal)
    return in_range(value, option.minimum, option.maximum, option.step)


def legal_values(option: Option) -> dict[str, object]:
    """Returns what a refusal names: the set of legal values, or the range with its ends."""
    if option.legal:
        return {"legal": option.legal}
    if option.maximum is not None and option.minimum is not None and option.maximum - option.minimum <= 60:
        return {"legal": tuple(range(option.minimum, option.maximum + 1, option.step))}
    ends = (option.minimum, option.maximum, option.step)
    return {"legal": ends[:2], "minimum": ends[0], "maximum": ends[1], "step": ends[2]}


def parse_value(option: Option, text: str) -> Value:
    """Returns a form's or command line's text as a typed value. Raises BadValue only for what cannot
    have the right type; ``check`` says whether the value is legal."""
    word = text.strip()
    if is_flag(option):
        if word.casefold() in _FLAGS:
            return _FLAGS[word.casefold()]
        raise BadValue(Problem(option.name, "not_yes_or_no", {"value": word[:100], **legal_values(option)}))
    for legal in option.legal:
        if word.casefold() == str(legal).casefold():
            return legal
    if any(isinstance(legal, str) for legal in option.legal):
        return word
    if _WHOLE.fullmatch(word):
        return int(word)
    raise BadValue(Problem(option.name, "not_a_number", {"value": word[:100], **legal_values(option)}))


def nearest(option: Option, value: Value) -> Value | None:
    """Returns the legal value closest to this one: the smaller of two that are equally far, as it
    never costs more; the default where the values have no distance."""
    if is_legal(option, value):
        return value
    if not option.legal and type(value) is int:
        low = option.minimum if option.minimum is not None else value
        clipped = max(low, value if option.maximum is None else min(value, option.maximum))
        return clipped - (clipped - low) % option.step
    unit, size = _measure(value)
    sizes = {legal: _measure(legal)[1] for legal in option.legal if unit and _measure(legal)[0] == unit}
    return min(sizes, key=lambda legal: (abs(sizes[legal] - size), sizes[legal]), default=option.default)


def _measure(value: Value) -> tuple[str, float]:
    """Returns a unit and a size, so that 720p and 1080p, or 16:9 and 4:3, have a distance."""
    if isinstance(value, bool):
        return "", 0.0
    if isinstance(value, int):
        return "number", float(value)
    if (ratio := _RATIO.fullmatch(value)) and int(ratio[1]) and int(ratio[2]):
        return "ratio", math.log(int(ratio[1]) / int(ratio[2]))
    size = _SIZE.fullmatch(value)
    return (f"size{size[2]}", float(size[1])) if size else ("", 0.0)
