"""Cells that a spreadsheet shows and does not run; and rows of them as CSV."""

import csv
import io
import re

# What a spreadsheet would run instead of show (OWASP, "CSV Injection"), in full width too. Programs
# also split cells at delimiters that are not ours, or forget quotes: so wherever a cell could begin.
BEGINS = r"(?:^|(?<=[;,|\t\n\r]))[ \"\u00a0\u3000]*+"
RUNS = re.compile(rf"({BEGINS})(?='*[=+\-@＝＋－＠]|'*+[\t\r])")
QUOTED = re.compile(rf"({BEGINS})'(?='*[=+\-@＝＋－＠]|'*+[\t\r])")


def harmless(value: str) -> str:
    """``value`` with an apostrophe before whatever a spreadsheet would run."""
    return RUNS.sub(r"\1'", value)


def original(value: str) -> str:
    """A cell as it was before ``harmless``: exactly, also where apostrophes stood there already."""
    return QUOTED.sub(r"\1", value)


def to_csv(rows: list[list[str]]) -> str:
    """Rows as a file of CSV. It begins with a byte order mark, without which Excel reads UTF-8 as Latin-1."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def to_form_csv(rows: list[list[str]]) -> str:
    """Rows as CSV for a field of a form, where nothing runs: every cell as it is, with a form's line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    )
    return out.getvalue()
