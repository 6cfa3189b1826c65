"""Finds prompts, and things by their name, on either database."""

import re
from itertools import product

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from videos.search.schema import TABLE
from videos.search.words import parse_terms

TRIGRAM = 3  # letters; what is shorter has no piece in the index


def prompt_filter(typed: str, through: str = "") -> Q:
    """A filter for prompts that hold what was ``typed`` (videos/search/words.py), upper
    and lower case alike; everything when nothing was typed. ``through`` leads from
    another row to its prompt: ``matching(text, "prompt__")`` filters jobs."""
    here = Q()
    for term in parse_terms(typed):
        holds = _holds(term.text, through)
        here &= holds if term.wanted else ~holds
    return here


def name_filter(typed: str, field: str = "name") -> Q:
    """A filter for rows whose ``field`` holds what was ``typed``, by the same words. Names are
    short and of one team: they are read, without an index, and by an expression, since SQLite
    compares it in every alphabet. ``ß`` is ``SS`` in capitals, and stands for it."""
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
    """SQLite's LIKE knows upper and lower case of ASCII only: both are spelled out for the rest."""
    spellings = {"".join(letters) for letters in product(*(_cases(letter) for letter in text))}
    either = Q()
    for spelling in sorted(spellings):
        either |= Q(**{f"{through}text__contains": spelling})
    return either


def _cases(letter: str) -> set[str]:
    if letter.isascii():
        return {letter}
    return {one for one in (letter, letter.lower(), letter.upper()) if len(one) == 1}
