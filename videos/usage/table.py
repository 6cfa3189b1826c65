"""Builds the table of the usage page, and the same table as a file, from one list of columns.

A cell has a value (a dot for decimals, seconds for durations, for a machine) and a text (as the viewer
writes it). The page carries both in <data>; the file has the values.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import cards, labels
from videos.spending.ledger import Balance
from videos.spreadsheet.cells import to_csv
from videos.usage.queries import Line


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``money``: only for those who may spend. ``always``: also where every cell is zero."""

    name: str
    label: str | Promise
    cell: Callable[[Line], Cell]
    figure: bool = True
    money: bool = False
    always: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[Column]
    rows: list[list[tuple[Column, Cell]]]


def word(text: str) -> Cell:
    return Cell(text, text)


def count(number: int) -> Cell:
    return Cell(str(number), number_format(number))


def amount(number: Decimal) -> Cell:
    return Cell(labels.figure(number), number_format(labels.plain(number)))


def share(part: int, whole: int) -> Cell:
    """A percentage, rounded down, so that "100 %" means every one."""
    if not whole:
        return Cell("", "–")
    return Cell(f"{part / whole:.3f}", gettext("%(n)s %%") % {"n": part * 100 // whole})


def duration(seconds: float | None) -> Cell:
    if seconds is None:
        return Cell("", "–")
    if seconds < 10:
        return Cell(
            f"{seconds:.1f}", gettext("%(seconds)s s") % {"seconds": number_format(round(seconds, 1), 1)}
        )
    return Cell(f"{seconds:.1f}", cards.duration(seconds))


def _in(column: str) -> Callable[[Line], Cell]:
    return lambda line: amount(getattr(line.balance, column))


def columns_by(label: str | Promise, *, vendors: bool) -> list[Column]:
    """``vendors``: the group is a vendor, and needs no second column to say so."""
    vendor = Column("vendor", _("Vendor"), lambda line: word(labels.vendor_name(line.vendor)), figure=False)
    return [
        Column("group", label, lambda line: word(line.name), figure=False),
        *([] if vendors else [vendor]),
        Column("jobs", _("Generations"), lambda line: count(line.counts.jobs)),
        Column("finished", _("Finished"), lambda line: count(line.counts.finished)),
        Column("made", _("Made"), lambda line: count(line.counts.made)),
        Column("success", _("Success"), lambda line: share(line.counts.made, line.counts.finished)),
        Column("wait", _("Median wait"), lambda line: duration(line.times.wait)),
        Column("storing", _("Made to stored"), lambda line: duration(line.times.storing)),
        Column("unit", _("Unit"), lambda line: word(unit_name(line.unit)), figure=False, money=True),
        Column("charged", _("Charged"), _in("charged"), money=True),
        Column("estimated", _("Estimated part"), _in("estimated"), money=True),
        Column("held", _("Under way"), _in("held"), money=True, always=False),
        Column("possibly", _("Possibly charged"), _in("possibly"), money=True, always=False),
        Column("written_off", _("Written off"), _in("written_off"), money=True, always=False),
        Column("refunded", _("Given back"), _in("refunded"), money=True, always=False),
        Column("unpriced", _("No known price"), lambda line: count(line.balance.unpriced), money=True, always=False),
    ]  # fmt: skip


def table(lines: Iterable[Line], label: str | Promise, *, vendors: bool, money: bool) -> Table:
    rows = list(lines)
    zeros = Balance()
    columns = [
        column
        for column in columns_by(label, vendors=vendors)
        if (money or not column.money)
        and (column.always or any(getattr(row.balance, column.name) != getattr(zeros, column.name) for row in rows))
    ]  # fmt: skip
    return Table(columns, [[(column, column.cell(row)) for column in columns] for row in rows])


def unit_name(unit: str) -> str:
    return str(labels.UNITS.get(unit, unit))


def export(shown: Table, name: str) -> HttpResponse:
    """The table as a CSV file."""
    rows = [[str(column.label) for column in shown.columns]]
    rows += [[cell.value for _column, cell in row] for row in shown.rows]
    answer = HttpResponse(to_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
