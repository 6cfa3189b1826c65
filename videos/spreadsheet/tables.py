"""Parses text as a table: CSV with any of the usual delimiters, cells copied out of a program, and
Markdown's tables. Each parser reads the text once."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

DELIMITERS = "\t;,|"
FIRST_MOST = 10_000  # characters of the first row by which the delimiter is told
KEPT_MOST = 2000  # rows: many more than any page takes
NONE = "\x1f"  # occurs in no text, for a table of one column, which has no delimiter
SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?[ \t]*\n', re.IGNORECASE)  # Excel's own first line
FENCE = re.compile(r"[ \t]*(?:```|~~~)[\w-]*[ \t]*")  # around a table that a chat program wrote
RULER = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
BAR = re.compile(r"(?<!\\)\|")
# The csv module refuses cells of more than 131,072 characters as if they could not be read. A text is
# limited where it comes in, and a prompt that is too long is told of by its length.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty. It stands in the lines ``number`` to ``last`` of the text, counted
    from 1 as an editor does."""

    number: int
    last: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed table. ``piped``: it is Markdown, and ``delimiter`` is its bar. ``further`` counts rows that were read
    and not kept."""

    lines: list[Line]
    delimiter: str
    piped: bool = False
    further: int = 0


class BadTable(ValueError):
    """A quotation mark that stands where none can be, or is never closed. ``number``: the first line
    of the row."""

    def __init__(self, number: int):
        super().__init__(f"line {number}")
        self.number = number


def normalise(text: str) -> str:
    """Returns ``text`` with ``\\n`` as line end, without a byte order mark, and with the fences of a
    Markdown code block as empty lines, so that line numbers stay."""
    text = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    filled = [n for n, line in enumerate(lines) if line.strip()]
    for n in filled[:1] + filled[-1:]:
        if FENCE.fullmatch(lines[n]):
            lines[n] = ""
    return "\n".join(lines)


def read_table(text: str, most: int = KEPT_MOST) -> Table:
    """Returns the first ``most`` rows of ``text``. The delimiter is the one that ``sep=`` names, else the one that
    the first row has most of. Raises BadTable."""
    text = normalise(text)
    said = SEPARATOR.match(text)
    text = text if said is None else "\n" + text[said.end() :]
    if _piped(text):
        return _table(_bars(text), most, "|", piped=True)
    delimiter = said[1] if said else delimiter_of(text)
    try:
        return _table(_quoted(text, delimiter), most, delimiter)
    except BadTable:
        if delimiter != "\t":
            raise
    # Cells that are copied out of a program are not quoted: their quotation marks are their own.
    bare = ((n, line.split("\t")) for n, line in enumerate(text.split("\n"), 1))
    return _table((Line(n, n, cells) for n, cells in bare if _filled(cells)), most, delimiter)


def _table(rows: Iterable[Line], most: int, delimiter: str, piped: bool = False) -> Table:
    rest = iter(rows)
    kept = list(islice(rest, most))
    return Table(kept, delimiter, piped, further=sum(1 for _row in rest))


def delimiter_of(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text.lstrip(" \n")[:FIRST_MOST].partition("\n")[0])
    best = max(DELIMITERS, key=first.count)
    return best if best in first else NONE


def raw_cells(lines: list[str], table: Table, line: Line) -> list[str]:
    """Returns the cells of one row with the blanks that stand around them; ``lines`` are those of the text."""
    if table.piped:
        return line.cells
    of = "\n".join(lines[line.number - 1 : line.last])
    return next(csv.reader(io.StringIO(of, newline=""), delimiter=table.delimiter), [])


def row_text(table: Table, cells: list[str]) -> str:
    """Returns one row as ``table`` is written, without its line end."""
    if table.piped:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    out = io.StringIO()
    csv.writer(out, delimiter=table.delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _quoted(text: str, delimiter: str) -> Iterator[Line]:
    line = 1
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        for cells in reader:
            if _filled(cells):
                yield Line(line, reader.line_num, cells)
            line = reader.line_num + 1
    except csv.Error:
        raise BadTable(line) from None


def _piped(text: str) -> bool:
    """Returns whether a line of bars and hyphens stands below the first row."""
    rows = text.lstrip("\n \t").split("\n", 2)
    return len(rows) > 1 and "|" in rows[0] and "-" in rows[1] and bool(RULER.fullmatch(rows[1]))


def _bars(text: str) -> Iterator[Line]:
    filled = ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    for row, (n, line) in enumerate(filled):
        if row != 1 and _filled(cells := _between(line)):  # the second is the ruler
            yield Line(n, n, cells)


def _between(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in BAR.split(inner)]


def _filled(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)
