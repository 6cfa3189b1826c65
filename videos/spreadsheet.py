"""What goes to a spreadsheet and what comes from one: CSV as people's programs write it. PURE."""

import csv
import io
import re

# What a spreadsheet would run instead of show (OWASP, "CSV Injection"), also where a quote
# was put before it already: so that `original` gives back exactly what `harmless` was given.
RUNS = re.compile(r"'*[=+\-@\t\r]")
QUOTED = re.compile(r"'+[=+\-@\t\r]")
DELIMITERS = "\t;,"
NONE = "\x1f"  # stands in no text: a table of one column has no delimiter


def harmless(value: str) -> str:
    return f"'{value}" if RUNS.match(value) else value


def original(value: str) -> str:
    """A cell as it was before ``harmless``."""
    return value[1:] if QUOTED.match(value) else value


def written(rows: list[list[str]]) -> str:
    """Rows as CSV. It begins with a byte order mark, without which Excel reads UTF-8 as Latin-1."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 where it says so, else UTF-8, else Windows' Latin."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def table(text: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that holds anything; ``line`` counts from 1 as an editor does.
    Commas, semicolons (a German Excel) or tabs: whatever the first row has most of. Raises
    ValueError where it is no table."""
    text = text.removeprefix("\ufeff").replace("\0", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return rows


def _delimiter(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    best = max(DELIMITERS, key=first.count)
    return best if best in first else NONE
