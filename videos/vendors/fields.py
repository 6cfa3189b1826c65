"""Translates our option names into a vendor's JSON body, by one field table per endpoint.

Vendors share no names (``ratio``, ``aspect_ratio``, ``aspectRatio``,
``image_size``) and no shapes (5 here, "5" there), so no serialiser is shared,
only this reading of a table. The same wish always gives the same bytes: an
Idempotency-Key stands for a body, and a repeated body must be identical.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from .contract import Call

JSON_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))


def same(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """Our name, the vendor's name, and the shape it wants it in (``str`` for a
    duration sent as text)."""

    ours: str
    theirs: str
    shape: Callable[[object], object] = same


def build_body(table: tuple[Field, ...], values: Mapping[str, object]) -> dict[str, object]:
    """Returns the body as an object, in the table's order. None means "not asked for" and is left
    out; 0, False and '' are values and are sent."""
    return {
        field.theirs: field.shape(values[field.ours]) for field in table if values.get(field.ours) is not None
    }


def encode(tree: object) -> bytes:
    """Returns UTF-8 JSON without spaces. Raises ValueError for text that is not Unicode
    (a lone surrogate), which ``options.check`` refuses before."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def post(path: str, tree: object, headers: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call("POST", path, encode(tree), JSON_HEADERS + headers)


def get(path: str, step: str = "", **query: str) -> Call:
    """Builds a GET. ``step`` is appended to the path and quoted as one segment, so that an id cannot
    lead to another path."""
    tail = quote(step, safe="") + ("?" + urlencode(query) if query else "")
    return Call("GET", path + tail, None, (("Accept", "application/json"),))
