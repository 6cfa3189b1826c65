"""Builds filters that search prompts, and names, on either database."""

import re
from itertools import product

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from videos.search.schema import TABLE
from videos.search.words import parse_terms

TRIGRAM = 3  # letters of each entry in the index; shorter words are not in it


def prompt_filter(typed: str, through: str = "") -> Q:
    """Returns a filter for prompts that hold what was ``typed`` (videos/search/words.py), upper
    and lower case alike; everything when nothing was typed. ``through`` leads from
    another row to its prompt: ``matching(text, "prompt__")`` filters jobs."""
    here = Q()
    for term in parse_terms(typed):
        holds = _holds(term.text, through)
        here &= holds if term.wanted else ~holds
    return here


def name_filter(typed: str, field: str = "name") -> Q:
    """Returns a filter for rows whose ``field`` holds what was ``typed``, by the same rules. Names are
    few and short, so no index is needed. It is a regular expression, because SQLite ignores case
    in that for every alphabet. ``ß`` matches ``SS``, its capital form."""
    here = Q()
    for term in parse_terms(typed):
        spelled = re.sub("ss|[ßẞ]", "(?:ss|ß|ẞ)", re.escape(term.text), flags=re.IGNORECASE)
        holds = Q(**{f"{field}__iregex": spelled})
        here &= holds if term.wanted else ~holds
    return here


def _holds(text: str, through: str) -> Q:
    if connection.vendor != "sqlite":
        return Q(**{f"{through}text__icontains": text})
    if len(text) < TRIGRAM:
        return _short(text, through)
    # In quotes, with quotes doubled, nothing in it is an operator of FTS5.
    quoted = '"' + text.replace('"', '""') + '"'
    rows = RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", (quoted,))
    return Q(**{f"{through}pk__in": rows})


def _short(text: str, through: str) -> Q:
    """Returns a filter for words shorter than an index entry. SQLite's LIKE ignores case for ASCII only,
    so other letters are searched in both cases."""
    spellings = {"".join(letters) for letters in product(*(_cases(letter) for letter in text))}
    either = Q()
    for spelling in sorted(spellings):
        either |= Q(**{f"{through}text__contains": spelling})
    return either


def _cases(letter: str) -> set[str]:
    if letter.isascii():
        return {letter}
    return {one for one in (letter, letter.lower(), letter.upper()) if len(one) == 1}
