"""Every row of docs/vendors/*.md has at least one test named after it."""

import re
from pathlib import Path

import pytest

from tests.vendors.recorded import DOCUMENTS
from videos.vendors import registry

ROW = re.compile(r"^\| ([0-4A][0-9]?-[0-9a-z_]+) \|", re.MULTILINE)
TEST = re.compile(r"^def test_trap_(\w+)\(", re.MULTILINE)

TESTS = [
    name for path in Path(__file__).parent.glob("test_*.py") for name in TEST.findall(path.read_text("utf-8"))
]
ROWS = [
    (path.name, row)
    for path in sorted(DOCUMENTS.glob("*.md"))
    for row in ROW.findall(path.read_text("utf-8"))
]


@pytest.mark.parametrize(("page", "row"), ROWS, ids=[row for _, row in ROWS])
def test_a_row_has_a_test_named_after_it(page, row):
    name = row.replace("-", "_").lower()
    assert any(test == name or test.startswith(f"{name}_") for test in TESTS), f"{page}: {row}"


def test_no_row_is_missing():
    counts = {"0": 12, "1": 12, "2": 21, "3": 18, "4": 14, "A7": 13, "A5": 8}
    for start, count in counts.items():
        assert len({row for _, row in ROWS if row.startswith(f"{start}-")}) == count
    assert {path.stem for path in DOCUMENTS.glob("*.md")} == {*registry.VENDORS, "between"}
