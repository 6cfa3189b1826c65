"""docs/promises.md holds: every fault and every attack has its row, every row its tests, and
every test that is named is one."""

import ast
import re
from functools import cache

import pytest

from .sources import ROOT, files

NUMBERS = [
    *(f"F{n}" for n in range(1, 41)),
    *(f"A{n}" for n in range(1, 51)),
    *(f"M{n}" for n in range(1, 8)),
]
# Nothing of the studio that is there yet could show these.
LATER = {"F38", "F39", "A17", "A18", "A38", "A46"}
ROW = re.compile(r"^\| ([FAM]\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


@cache
def rows() -> dict[str, str]:
    """Number -> the cell that names its tests."""
    return {number: shown for number, _promise, shown in ROW.findall((ROOT / "docs/promises.md").read_text())}


@cache
def known() -> frozenset[str]:
    return frozenset(
        node.name
        for path in files("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def named(cell: str) -> list[str]:
    return re.findall(r"`(test_\w+)`", cell)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_has_a_row_and_says_what_shows_it(number):
    cell = rows().get(number, "")
    assert cell.startswith("Later:") if number in LATER else named(cell), f"{number}: {cell or 'no row'}"


def test_every_test_that_is_named_exists():
    assert [name for cell in rows().values() for name in named(cell) if name not in known()] == []


def test_no_row_is_of_no_number():
    assert sorted(rows()) == sorted(NUMBERS)
