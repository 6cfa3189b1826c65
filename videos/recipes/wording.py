"""Parses and fills texts with gaps. Pure. ``{{product}}`` is a gap; what fills it is text and nothing else,
and whatever is no gap (``{{7*7}}``, an unclosed brace, HTML) is text as well."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NAME_MOST = 40
# A letter, then letters, digits, spaces, _ and -. Every repetition has an end, so that no
# text takes longer than its length.
GAP = re.compile(rf"\{{\{{[ \t]{{0,9}}([^\W\d_][\w \-]{{0,{NAME_MOST - 1}}})\}}\}}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. ``kind``: in a comparison same, ins or del; in a filled text text, filled or gap."""

    kind: str
    text: str


def normalized_name(raw: str) -> str:
    """The name of a gap in one spelling: NFC, single spaces, lower case."""
    return " ".join(unicodedata.normalize("NFC", raw).split()).casefold()


def variables(text: str) -> tuple[str, ...]:
    """The gaps of ``text`` in the order in which they come, each once, as first spelled."""
    found: dict[str, str] = {}
    for match in GAP.finditer(text):
        spelled = " ".join(unicodedata.normalize("NFC", match[1]).split())
        found.setdefault(normalized_name(spelled), spelled)
    return tuple(found.values())


def pieces(text: str, values: Mapping[str, str]) -> list[Piece]:
    """``text`` with its gaps filled; a gap without a value stays as it was written. The text is filled
    once, from left to right, so that braces in a value open no gap."""
    by_name = {normalized_name(name): value.strip() for name, value in values.items()}
    found, at = [], 0
    for match in GAP.finditer(text):
        value = by_name.get(normalized_name(match[1]), "")
        found.append(Piece("text", text[at : match.start()]))
        found.append(Piece("filled", value) if value else Piece("gap", match[0]))
        at = match.end()
    found.append(Piece("text", text[at:]))
    return [piece for piece in found if piece.text]


def fill(text: str, values: Mapping[str, str]) -> str:
    return "".join(piece.text for piece in pieces(text, values))


def missing(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The gaps for which ``values`` have nothing."""
    filled = {normalized_name(name) for name, value in values.items() if value.strip()}
    return tuple(name for name in variables(text) if normalized_name(name) not in filled)
