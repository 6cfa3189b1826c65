"""Computes a bar chart, a bar per day, stacked by vendor, as numbers for an <svg>. Pure: it knows no vendor
and draws nothing.

What is stacked is a count of generations, because credits of two vendors cannot be added up. The drawing
has no text in it, because it is stretched to the width of the page.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

STEP = 10  # width of a day
HEIGHT = 100
LABELS = 5  # days that are named below; all of them in a week


@dataclass(frozen=True, slots=True)
class Series:
    """An entry of the legend. ``hue``: one of the stylesheet's 24."""

    name: str
    hue: int
    total: int


@dataclass(frozen=True, slots=True)
class Block:
    """One rectangle of a bar, of one series."""

    series: Series
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    day: date
    total: int
    counts: list[int]  # one per series
    x: float
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart. ``top``: the number at the upper edge; ``thick``: how wide a bar is."""

    bars: list[Bar]
    series: list[Series]
    top: int
    width: int
    tall: int
    thick: float

    @property
    def middle(self) -> int:
        return self.top // 2

    @property
    def along(self) -> list[date | None]:
        """For each day the day itself where it is labelled below its bar, counted back from the last; None
        for the others."""
        days = [bar.day for bar in self.bars]
        step = 1 if len(days) <= 7 else -(-len(days) // LABELS)
        return [None if (len(days) - 1 - n) % step else day for n, day in enumerate(days)]


def chart(
    days: Sequence[date], counts: Mapping[tuple[date, str], int], legend: Callable[[str], tuple[str, int]]
) -> Chart:
    """Builds the chart. ``counts``: (day, what) -> how many; ``legend(what)``: its name and hue. The
    largest series comes first in the legend, and lies at the bottom."""
    totals = Counter()
    for (_day, what), count in counts.items():
        totals[what] += count
    order = sorted(totals, key=lambda what: (-totals[what], what))
    series = [Series(*legend(what), totals[what]) for what in order]
    stacks = [[counts.get((day, what), 0) for what in order] for day in days]
    top = round_up(max(map(sum, stacks), default=0))
    thick = STEP * (0.45 if len(days) <= 10 else 0.7)
    bars = [
        Bar(day, sum(stack), stack, n * STEP + (STEP - thick) / 2, _blocks(series, stack, top))
        for n, (day, stack) in enumerate(zip(days, stacks, strict=True))
    ]
    return Chart(bars, series, top, len(days) * STEP, HEIGHT, thick)


def _blocks(series: list[Series], stack: list[int], top: int) -> list[Block]:
    blocks, below = [], 0
    for one, count in zip(series, stack, strict=True):
        if count:
            below += count
            blocks.append(Block(one, round(HEIGHT - below * HEIGHT / top, 3), round(count * HEIGHT / top, 3)))
    return blocks


def round_up(most: int) -> int:
    """The next round number whose half is whole: 2, 4, 6, 8, 10, 12, 16, 20, 40 ..."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10, 12, 16):
            if most <= step * size:
                return step * size
        size *= 10
