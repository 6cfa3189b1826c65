"""Reads many prompts from text: one a line, or a table with a header, typed or saved by a spreadsheet. The
result is rows of cells; ``rows.py`` says what they mean."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from videos.create.image_roles import ROLES
from videos.create.many.columns import column
from videos.spreadsheet import cells as safe
from videos.spreadsheet import tables
from videos.spreadsheet.tables import BadTable, Line, Table
from videos.vendors.contract import OPTION_NAMES

MOST = 100  # rows of one press
ROWS_READ = 10 * MOST
NAME_MOST = 40  # characters: no name of a column is longer
ABOVE_MOST = 12  # lines in which a header is looked for
HEADER_MOST = 1000  # characters of one
UNKNOWN = "?"  # stands for a column name that is not known
NUMBER = re.compile(r"[0-9][0-9.,:]{0,9}\s?[a-z]{0,4}", re.IGNORECASE)  # 8, 8 s, 480p, 16:9


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is its line as an editor or a spreadsheet counts, from 1; ``pictures`` are (role,
    name) in order; ``cells`` are the settings that are filled in. ``beyond`` counts cells that stand under
    no column; they are in none of the other fields."""

    number: int
    prompt: str
    cells: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[tuple[str, str], ...] = ()
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The text as rows. ``tabled``: it has a header. ``unknown``: columns that mean nothing here, by name;
    ``twice``: pairs of columns that mean the same. ``wrong``: why it cannot be read at all, as a code and
    its values. ``joined``: each row with cells beyond its columns, as it would be with them in its prompt.
    ``further`` counts rows that were not read, because there are too many anyway."""

    rows: tuple[Row, ...] = ()
    tabled: bool = False
    unknown: tuple[str, ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    wrong: tuple[str, Mapping[str, object]] | None = None
    joined: Mapping[int, Row] = field(default_factory=dict)
    further: int = 0


def read(text: str) -> ReadTable:
    """Reads ``text`` as a table where it has a header, else as one prompt a line."""
    text = tables.normalise(text)
    try:
        found = tables.read_table(text)
    except BadTable as bad:
        return _lines(text) if not _begins_as_table(text) else _unreadable("row_unreadable", row=bad.number)
    if not found.lines or not _names_columns(found):
        return _without_header(text, found)
    header = found.lines[0].cells
    columns = _named(header)
    if "prompt" not in columns:
        return _unreadable(
            "no_prompt_column", columns=", ".join(cell.strip()[:NAME_MOST] for cell in header[:20])
        )
    unknown = [cell.strip().casefold() for cell, name in zip(header, columns, strict=True) if name == UNKNOWN]
    below, lines = found.lines[1 : ROWS_READ + 1], text.split("\n")
    rows = [_row(line.number, columns, line.cells) for line in below]
    too_wide = [line for line, row in zip(below, rows, strict=True) if row.beyond]
    joined = {
        line.number: _row(line.number, columns, _joined(lines, found, line, columns)) for line in too_wide
    }
    return ReadTable(
        tuple(rows),
        True,
        tuple(dict.fromkeys(unknown)),
        _duplicate_columns(header, columns),
        further=found.further + len(found.lines) - 1 - len(rows),
        joined={number: row for number, row in joined.items() if not row.beyond},
    )


def with_joined(text: str, numbers: Collection[int]) -> str:
    """``text`` with the cells beyond the columns of the rows ``numbers`` joined to their prompts, and all
    other lines unchanged."""
    text = tables.normalise(text)
    found = tables.read_table(text)
    columns = _named(found.lines[0].cells)
    lines = text.split("\n")
    for line in reversed(found.lines[1:]):
        if line.number in numbers:
            lines[line.number - 1 : line.last] = [
                tables.row_text(found, _joined(lines, found, line, columns))
            ]
    return "\n".join(lines)


# --- is it a table? -----------------------------------------------------------------


def _named(header: Sequence[str]) -> list[str]:
    """The columns by their English names: UNKNOWN for a name that is none, empty for no name."""
    return [column(cell) or (UNKNOWN if cell.strip() else "") for cell in header]


def _names_columns(found: Table) -> bool:
    """Whether the first row names the columns. It does where a cell says "prompt", or where every cell is a
    known name; and where one cell is a known name and all rows have as many cells as the first."""
    first_row, below = found.lines[0].cells, found.lines[1:]
    columns = _named(first_row)
    if any(len(cell.strip()) > NAME_MOST for cell in first_row):
        return False
    if any(cell.strip().casefold() == "prompt" for cell in first_row):
        return True
    if UNKNOWN not in columns:
        return "prompt" in columns or len(first_row) > 1
    of_one_width = bool(below) and all(len(line.cells) == len(first_row) for line in below)
    return of_one_width and any(name not in ("", UNKNOWN) for name in columns)


def _begins_as_table(text: str) -> bool:
    """Whether the first line of a text that breaks off later names the columns."""
    first = text.lstrip("\n \t").partition("\n")[0]
    try:
        return _names_columns(tables.read_table(first))
    except BadTable:
        return False


def _without_header(text: str, found: Table) -> ReadTable:
    """Reads the text as lines, unless they are plainly rows of a table without a header: those are refused,
    because they are no prompts."""
    if below := _header_below(text):
        return _unreadable("lines_above_header", row=below)
    if _is_tabular(found):
        return _unreadable("table_without_header", columns=len(found.lines[0].cells))
    return _lines(text)


def _header_below(text: str) -> int | None:
    """The number of a later line that names columns, "prompt" among them, and nothing else; looked for in
    the first ``ABOVE_MOST`` lines."""
    lines = ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    for n, line in islice(lines, 1, ABOVE_MOST):
        cells = (
            [] if len(line) > HEADER_MOST else line.strip(" |").split(tables.delimiter_of(line.strip(" |")))
        )
        columns = [column(cell) for cell in cells]
        if "prompt" in columns and len(columns) > 1 and all(columns):
            return n
    return None


def _is_tabular(found: Table) -> bool:
    """Whether every row has as many cells as the others. Nobody types that between tabs and bars by chance;
    between commas and semicolons, of which prose has many, one column must also be of numbers."""
    if len(found.lines) < 2 or len({len(line.cells) for line in found.lines}) != 1:
        return False
    columns = list(zip(*(line.cells for line in found.lines[1:]), strict=True))
    filled = [cells for cells in columns if any(cell.strip() for cell in cells)]
    if len(filled) < 2:
        return False
    return found.delimiter in "\t|" or any(all(map(_is_number, cells)) for cells in filled)


def _is_number(cell: str) -> bool:
    return not cell.strip() or bool(NUMBER.fullmatch(cell.strip()))


def _lines(text: str) -> ReadTable:
    filled = ((number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    rows = tuple(Row(number, line) for number, line in islice(filled, ROWS_READ))
    return ReadTable(rows, further=sum(1 for _line in filled))


def _unreadable(code: str, **values: object) -> ReadTable:
    return ReadTable(tabled=True, wrong=(code, values))


# --- what stands in a row -----------------------------------------------------------


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    prompt, asked, pictures = "", {}, []
    for name, cell in zip(columns, (cell.strip() for cell in cells), strict=False):
        if name == "prompt":
            prompt = cell
        elif name in ROLES:
            pictures += [(name, one.strip()) for one in cell.split("|") if one.strip()]
        elif name in OPTION_NAMES and cell:
            asked[name] = cell
    placed = [*columns[: _width(columns)], *[""] * len(cells)]
    beyond = sum(not name and bool(cell.strip()) for name, cell in zip(placed, cells, strict=False))
    return Row(number, prompt, asked, tuple(pictures), beyond)


def _width(columns: Sequence[str]) -> int:
    """The number of columns up to the last one with a name: a spreadsheet writes empty ones after it."""
    return max(n for n, name in enumerate(columns, 1) if name)


def _joined(lines: list[str], found: Table, line: Line, columns: Sequence[str]) -> list[str]:
    """The cells of a row with the surplus ones joined to its prompt, as they stood there."""
    cells = tables.raw_cells(lines, found, line)
    cells, mark = (
        (cells, found.delimiter) if len(cells) == len(line.cells) else (line.cells, f"{found.delimiter} ")
    )
    while len(cells) > _width(columns) and not cells[-1].strip():
        cells = cells[:-1]
    at, more = columns.index("prompt"), len(cells) - _width(columns)
    return [*cells[:at], mark.join(cells[at : at + more + 1]).strip(), *cells[at + more + 1 :]]


def _duplicate_columns(header: Sequence[str], columns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of columns of which one would override the other; a picture column may appear several times."""
    first: dict[str, str] = {}
    found = []
    for cell, name in zip(header, columns, strict=True):
        if name and name not in ROLES and first.setdefault(name, cell) is not cell:
            found.append((first[name].strip(), cell.strip()))
    return tuple(found)


# --- written ------------------------------------------------------------------------


def as_file(rows: Sequence[Row]) -> str:
    """Writes rows as a CSV file that ``read`` reads, with the columns that any of them needs."""
    return safe.to_csv(_cells(rows))


def as_field_text(rows: Sequence[Row]) -> str:
    """The same for the form's field, every cell unchanged."""
    return safe.to_form_csv(_cells(rows))


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    names = [name for name in OPTION_NAMES if any(name in row.cells for row in rows)]
    roles = [role for role in ROLES if any(role == own for row in rows for own, _name in row.pictures)]
    lines = [["prompt", *names, *roles]]
    for row in rows:
        pictures = ["|".join(name for own, name in row.pictures if own == role) for role in roles]
        lines.append([row.prompt, *(row.cells.get(name, "") for name in names), *pictures])
    return lines
