"""Parses untrusted JSON strictly and within limits, and never raises.

A vendor's answer decides about money, so an answer that two readers could read
differently (a repeated key, NaN, a lone surrogate) is not read at all.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MAX_BYTES = 1 << 20  # what videos/network lets through of one reply
MAX_DEPTH = 64
MAX_DIGITS = 40

# A string that is never closed matches to the end and nothing is read twice: the time is linear in the length.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + rb"|[\[\]{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NotAnObject:
    """The reason why a body is no JSON object: ``empty``, ``too_big``, ``too_deep``,
    ``not_utf8``, ``not_json``, ``repeated_key`` or ``not_object``."""

    why: str


class _RepeatedKey(ValueError):
    pass


def read_object(body: bytes) -> dict[str, object] | NotAnObject:
    """Returns the body's JSON object. A byte order mark is tolerated; numbers with a point become
    Decimal; a number of more than MAX_DIGITS characters stays text."""
    if len(body) > MAX_BYTES:
        return NotAnObject("too_big")
    if not body.strip():
        return NotAnObject("empty")
    if _depth(body) > MAX_DEPTH:
        return NotAnObject("too_deep")
    try:
        tree = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        return NotAnObject("not_utf8")
    except _RepeatedKey:
        return NotAnObject("repeated_key")
    except ValueError:
        return NotAnObject("not_json")
    return tree if isinstance(tree, dict) else NotAnObject("not_object")


def _depth(body: bytes) -> int:
    """Returns how deep the brackets nest, counted before the recursive parser sees them."""
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for token in _TOKEN.finditer(body):
        if token[0] in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in (b"]", b"}"):
            depth -= 1
    return deepest


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _RepeatedKey
    return tree


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_DIGITS else text


def _decimal(text: str) -> Decimal | str:
    if len(text) > MAX_DIGITS:
        return text
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent with twenty digits
        return text
