"""The table says what was found, and says so when it is not what was wanted."""

import pytest

from bench import __main__ as bench
from bench.measuring import Row, interleaved, shown, table


def a_row(**fields):
    return Row("T0", "one / other", "2 ms", "1 ms", **fields)


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (a_row(ratio=0.5, most=0.5), True),
        (a_row(ratio=0.51, most=0.5), False),
        (a_row(ratio=5, least=5), True),
        (a_row(ratio=4.9, least=5), False),
        (a_row(ratio=9), True),
        (a_row(most=1.2), True),
    ],
)
def test_a_row_is_missed_only_past_its_bound(row, kept):
    assert row.kept is kept
    assert ("MISSED" in table([row])) is not kept


def test_a_small_ratio_is_also_shown_as_a_fraction():
    assert shown(0.05) == "0.05 (1/20)"
    assert shown(1.234) == "1.23"


def test_the_sides_take_turns_and_the_middle_one_counts():
    order = []

    def side(name, values):
        values = iter(values)
        return lambda: order.append(name) or next(values)

    assert interleaved(side("base", [9, 1, 2]), side("ours", [5, 7, 6])) == [2, 6]
    assert order == ["base", "ours"] * 3


def test_every_line_of_the_table_has_as_many_cells():
    text = table([a_row(ratio=0.5, most=1), a_row()])
    assert {line.count("|") for line in text.splitlines()} == {8}


def test_an_unknown_name_is_refused_before_anything_runs(monkeypatch, capsys):
    monkeypatch.setattr(bench, "MEASUREMENTS", {"T6": lambda: [a_row(ratio=2, most=1)]})
    bench.main(["T6"])
    assert "1 of 1 rows miss their target." in capsys.readouterr().out
