"""Measures the rows of the table, and prints them."""

import os
import platform
import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 3
HEAD = ("", "measured", "target", "base", "ours", "ratio", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``ratio`` is ours / base unless ``what`` says otherwise; None
    where it could not be measured, and ``ours`` says why. ``most`` and ``least`` are the
    bounds it is meant to keep."""

    name: str
    what: str
    base: str
    ours: str
    ratio: float | None = None
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"<= {self.most:.3g}"
        return f">= {self.least:.3g}" if self.least is not None else "none set"

    @property
    def kept(self) -> bool:
        """Rows without a ratio or without a bound claim nothing, so they break nothing."""
        if self.ratio is None:
            return True
        return (self.most is None or self.ratio <= self.most) and (
            self.least is None or self.ratio >= self.least
        )

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else shown(self.ratio)
        return (
            self.name, self.what, self.target, self.base, self.ours, ratio, "" if self.kept else "MISSED"
        )  # fmt: skip


def shown(ratio: float) -> str:
    """Returns a ratio as text, small ones also as a fraction: 0.05 is easier to read as 1/20."""
    return f"{ratio:.3g} (1/{1 / ratio:.3g})" if 0 < ratio < 0.5 else f"{ratio:.3g}"


def table(rows: list[Row]) -> str:
    """Returns the rows as a Markdown table, aligned to be readable as text."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
            for line in lines]  # fmt: skip
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def interleaved(*sides: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Returns the median of each side, measured in turns: base, ours, base, ours ..."""
    found = [[side() for side in sides] for _round in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def cpu(who: int = resource.RUSAGE_SELF) -> float:
    """Returns the seconds of CPU used so far, as the kernel counts them. RUSAGE_CHILDREN: of children that ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def machine() -> str:
    """Describes the machine that measured: CPUs, system, Python, load; no names, no paths."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    load = f"{os.getloadavg()[0]:.1f}"
    return (
        f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}, "
        f"load {load} when it began"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
