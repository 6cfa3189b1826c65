"""Escapes cells so that a spreadsheet shows formulas instead of running them; writes rows as CSV."""

import csv
import io
import re

# What a spreadsheet would run instead of show (OWASP, "CSV Injection"), in full width too. Programs
# also split cells at delimiters that are not ours, or forget quotes: so wherever a cell could begin.
BEGINS = r"(?:^|(?<=[;,|\t\n\r]))[ \"\u00a0\u3000]*+"
RUNS = re.compile(rf"({BEGINS})(?='*[=+\-@＝＋－＠]|'*+[\t\r])")
QUOTED = re.compile(rf"({BEGINS})'(?='*[=+\-@＝＋－＠]|'*+[\t\r])")


def harmless(value: str) -> str:
    """Returns ``value`` with an apostrophe before whatever a spreadsheet would run."""
    return RUNS.sub(r"\1'", value)


def original(value: str) -> str:
    """Returns a cell as it was before ``harmless``, exactly, also where it began with apostrophes."""
    return QUOTED.sub(r"\1", value)


def to_csv(rows: list[list[str]]) -> str:
    """Returns rows as a CSV file. It begins with a byte order mark, without which Excel reads UTF-8 as Latin-1."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def to_form_csv(rows: list[list[str]]) -> str:
    """Returns rows as CSV for a text field of a form, where no formula runs: every cell unchanged, with
    the line ends of a form."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    )
    return out.getvalue()
