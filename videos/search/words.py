"""Parses what a person typed into a search field. PURE.

Words must all be there, in any order and inside longer words; ``"a phrase"`` as it
stands; ``-word`` and ``-"a phrase"`` must not be there. Nothing else is an operator."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
MOST = 10
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』", '"'))
TERM = re.compile(r'(-?)"([^"]+)"?|(-?)([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    wanted: bool = True


def parse_terms(typed: str) -> tuple[Term, ...]:
    """Returns at most ten terms of what was ``typed``; none when there is nothing to search for."""
    text = unicodedata.normalize("NFC", typed[:LONGEST]).replace("\x00", "").translate(QUOTES)
    found = []
    for minus, phrase, dash, word in TERM.findall(text):
        content = (phrase or word).strip()
        if content and content != "-":
            found.append(Term(content, wanted=not (minus or dash)))
    return tuple(found[:MOST])
