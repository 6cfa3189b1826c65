"""Bars as numbers."""

from datetime import date, timedelta

import pytest

from videos.usage.chart import HEIGHT, chart, round_up

DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]


def legend(what):
    return what.title(), len(what)


def test_bars_stand_on_the_ground_and_on_each_other():
    drawn = chart(DAYS[:3], {(DAYS[0], "a"): 3, (DAYS[0], "b"): 5, (DAYS[2], "a"): 1}, legend)
    assert [(one.name, one.total) for one in drawn.series] == [("B", 5), ("A", 4)]
    lower, upper = drawn.bars[0].blocks
    assert (lower.series.name, lower.y + lower.height) == ("B", HEIGHT)
    assert upper.y + upper.height == lower.y
    assert [bar.total for bar in drawn.bars] == [8, 0, 1]
    assert drawn.top == 8 and upper.y == 0


def test_nothing_is_drawn_of_nothing():
    drawn = chart(DAYS, {}, legend)
    assert drawn.series == [] and not any(bar.blocks for bar in drawn.bars) and drawn.top == 2


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 2),
        (1, 2),
        (2, 2),
        (3, 4),
        (9, 10),
        (10, 10),
        (11, 12),
        (17, 20),
        (61, 80),
        (100, 100),
        (101, 120),
        (1010, 1200),
    ],
)
def test_the_scale_ends_at_a_number_with_a_half(most, top):
    assert round_up(most) == top and top % 2 == 0


@pytest.mark.parametrize("days", [1, 7, 8, 30, 366])
def test_the_last_day_is_named_and_few_others(days):
    stretch = [date(2026, 1, 1) + timedelta(days=n) for n in range(days)]
    along = chart(stretch, {}, legend).along
    assert len(along) == days and along[-1] == stretch[-1]
    assert sum(day is not None for day in along) <= max(5, min(days, 7))
