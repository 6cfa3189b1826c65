"""Turns the rows of a batch into orders, with the model, key and settings that are chosen once for all."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from videos import access
from videos.create.form_state import FormState
from videos.create.many.columns import COLUMNS
from videos.create.many.table import MOST, ReadTable, Row
from videos.jobs.verbs import GenerationRequest
from videos.models import Membership, Upload
from videos.spelling import nfc
from videos.vendors import options
from videos.vendors.contract import Model, Problem, Value

RAW_NAME_MOST = (
    1000  # characters, before accents are joined; html.unescape fails on a "&#" number of 4,300 digits
)
NAME_MOST = 120  # characters of a file's name that are kept, from its end

NamedUpload = tuple[str, Upload]  # (name of the file as it was sent this time, upload)
Reason = tuple[int | None, Problem]  # the number of the order, None for all of them


@dataclass(frozen=True, slots=True)
class BatchOrders:
    """Rows and their orders, in the same order; ``reasons`` are what is wrong with them so far. ``offers``:
    rows with cells beyond their columns, by number, as they would be with these cells joined to their
    prompt."""

    rows: tuple[Row, ...]
    orders: tuple[GenerationRequest, ...]
    reasons: tuple[Reason, ...] = ()
    offers: Mapping[int, Row] = field(default_factory=dict)


def rows_most() -> int:
    """The most rows of one press: no more than one person may start in a minute anyway."""
    return min(MOST, settings.PRESSES_PER_MINUTE or MOST)


def build_orders(
    member: Membership,
    sheet: FormState,
    read: ReadTable,
    brought: Sequence[NamedUpload],
    role: str,
    batch: UUID,
) -> BatchOrders:
    """Makes an order of each row. ``brought``: pictures that came with this form. With one prompt, or none,
    each of them is a row of its own, with the role ``role``."""
    found = read.rows
    each: list[Upload] = []
    if not read.tabled and len(found) <= 1 and brought:
        each = [upload for _name, upload in brought]
        found = tuple(Row(n, found[0].prompt if found else "") for n in range(1, len(each) + 1))
    problems = [*table_problems(read, found)]
    if brought and not each and not any(row.pictures for row in found):
        problems.append(Problem("pictures", "pictures_unused"))
    if len(found) > rows_most():
        return BatchOrders((), (), tuple((None, problem) for problem in problems))
    album = PictureFinder(member, found, brought)
    reasons: list[Reason] = [(None, problem) for problem in problems]
    orders = []
    for n, row in enumerate(found):
        asked, wrong = options_of_row(sheet, row)
        pictures, unknown = album.of(row)
        if row.beyond:
            wrong.append(Problem("rows", "cells_beyond", {"count": row.beyond}))
        reasons += [(n, problem) for problem in (*wrong, *unknown)]
        orders.append(
            GenerationRequest(
                model=sheet.model.key,
                prompt=row.prompt,
                options=asked,
                key=sheet.key,
                project=sheet.project,
                pictures=((role, each[n]),) if each else pictures,
                batch=batch,
            )
        )
    offers = {number: row for number, row in read.joined.items() if not options_of_row(sheet, row)[1]}
    return BatchOrders(found, tuple(orders), tuple(reasons), offers)


def table_problems(read: ReadTable, rows: Sequence[Row]) -> list[Problem]:
    """What is wrong with the table as a whole."""
    found = [
        Problem("rows", "column_unknown", {"column": name[:60], "columns": ", ".join(COLUMNS)})
        for name in read.unknown[:10]
    ]
    found += [
        Problem("rows", "column_twice", {"column": one[:60], "other": other[:60]})
        for one, other in read.twice[:10]
    ]
    if read.wrong:
        found.append(Problem("rows", *read.wrong))
    elif not rows:
        found.append(Problem("rows", "no_rows"))
    elif len(rows) > rows_most():
        count = len(rows) + read.further
        found.append(Problem("rows", "too_many_rows", {"count": count, "maximum": rows_most()}))
    return found


def options_of_row(sheet: FormState, row: Row) -> tuple[dict[str, Value], list[Problem]]:
    """The settings chosen for all, overridden by the row's own; of settings that exclude each other the
    row's own counts."""
    own: dict[str, Value] = {}
    wrong = []
    for name, text in row.cells.items():
        option = sheet.model.option(name)
        try:
            own[name] = options.parse_value(option, text) if option else parse_fixed(sheet.model, name, text)
        except options.BadValue as bad:
            wrong.append(bad.problem)
    kept = dict(sheet.options)
    for group in sheet.model.one_of:
        if any(name in own for name in group):
            kept = {name: value for name, value in kept.items() if name not in group}
    return kept | own, wrong


def parse_fixed(model: Model, name: str, text: str) -> Value:
    """Reads a value that the model's name decides: repeating it is allowed, another value is kept as text
    and refused by the check."""
    value = model.fixed.get(name)
    if isinstance(value, bool) and text.casefold() in ("true", "on", "yes", "1", "false", "off", "no", "0"):
        return text.casefold() in ("true", "on", "yes", "1")
    return value if value is not None and str(value).casefold() == text.casefold() else text


def normalized_name(name: str) -> str:
    """The name of a file as it arrives here. A Mac writes accents as separate characters; Django removes
    what cannot be printed (the joiners between emoji, the narrow space of a Mac's screenshots)."""
    printed = "".join(sign for sign in html.unescape(name[-RAW_NAME_MOST:]) if sign.isprintable())
    return nfc(printed)[-NAME_MOST:]


class PictureFinder:
    """Finds pictures by their names: first those that came with the form, of two with one name the later;
    then the team's own."""

    def __init__(self, member: Membership, rows: Sequence[Row], brought: Sequence[NamedUpload]):
        named = {name for row in rows for _role, name in row.pictures}
        came = {normalized_name(name): upload for name, upload in brought}
        asked = {
            way
            for name in named
            if normalized_name(name) not in came
            for way in (name, normalized_name(name))
        }
        theirs = list(access.uploads_for(member).filter(name__in=sorted(asked)[:1000])) if asked else []
        self.count = Counter(normalized_name(upload.name) for upload in theirs)
        self.known: Mapping[str, Upload] = {normalized_name(upload.name): upload for upload in theirs} | came

    def of(self, row: Row) -> tuple[tuple[tuple[str, Upload], ...], list[Problem]]:
        """(role, picture) for what the row names, and a problem for each name that no picture or more than
        one has."""
        found, wrong = [], []
        for role, name in row.pictures:
            known, count = self.known.get(normalized_name(name)), self.count[normalized_name(name)]
            if known is None:
                wrong.append(Problem("pictures", "picture_unknown", {"picture": name[:120]}))
            elif count > 1:
                wrong.append(
                    Problem("pictures", "picture_ambiguous", {"picture": name[:120], "count": count})
                )
            else:
                found.append((role, known))
        return tuple(found), wrong
