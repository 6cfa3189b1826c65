"""Compares two texts: by lines, and within changed lines by words. Pure, and of limited cost: the steps of
a comparison are counted, whatever two people wrote."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from videos.recipes.wording import Piece

# A Chinese or Japanese sign is a word of its own; Latin letters make words together.
CJK = "\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
TOKEN = re.compile(rf"[{CJK}]|(?:(?![{CJK}])\w)+|\s+|.", re.DOTALL)
LINE = re.compile(r"[^\n]*\n|[^\n]+")
STEPS = 200_000  # comparisons of two lines or words: some 0.1 s of CPU

Unchanged = tuple[int, int, int]  # (start in the old text, start in the new one, length)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pieces of both texts. All but ``ins`` give the old text, all but ``del`` the new one.
    ``by_words`` is False where the budget ran out in some stretch: it is then shown whole, as it was and as
    it is."""

    pieces: list[Piece]
    by_words: bool
    steps: int


class BudgetSpent(Exception):
    """The steps that a comparison may take are used up."""


class StepBudget:
    def __init__(self, steps: int) -> None:
        self.left = steps
        self.spent = False

    def take(self, steps: int) -> None:
        if steps > self.left:
            self.spent = True
            raise BudgetSpent
        self.left -= steps


def compare(before: str, after: str, steps: int = STEPS) -> Comparison:
    budget, found = StepBudget(steps), []
    old, new = LINE.findall(before), LINE.findall(after)
    for kind, removed, added in _stretches(old, new, budget):
        if kind == "same":
            found.append(Piece("same", removed))
            continue
        for of, was, now in _stretches(TOKEN.findall(removed), TOKEN.findall(added), budget):
            found += [Piece("same", was)] if of == "same" else [Piece("del", was), Piece("ins", now)]
    return Comparison([piece for piece in found if piece.text], not budget.spent, steps - budget.left)


def _stretches(old: Sequence[str], new: Sequence[str], budget: StepBudget) -> list[tuple[str, str, str]]:
    """("same", text, text) and ("other", what was removed, what was added) in turn. Where the budget does
    not suffice, everything between the common beginning and the common end is "other"."""
    head, tail = _ends(old, new)
    try:
        unchanged = _unchanged(old[head : len(old) - tail], new[head : len(new) - tail], budget)
    except BudgetSpent:
        unchanged = []
    unchanged = [(0, 0, head), *((i + head, j + head, n) for i, j, n in unchanged)]
    unchanged.append((len(old) - tail, len(new) - tail, tail))
    found, i, j = [], 0, 0
    for at, to, length in unchanged:
        if at > i or to > j:
            found.append(("other", "".join(old[i:at]), "".join(new[j:to])))
        if length:
            same = "".join(old[at : at + length])
            found.append(("same", same, same))
        i, j = at + length, to + length
    return found


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items both have in common at their beginning, and behind that at their end."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    most -= head
    return head, next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)


def _unchanged(old: Sequence[str], new: Sequence[str], budget: StepBudget) -> list[Unchanged]:
    """The longest common stretches: Myers, "An O(ND) Difference Algorithm", 1986. ``ends[mid + k]`` is how
    far into ``old`` one gets on the diagonal k with ``d`` changes. Raises BudgetSpent."""
    mid = min(len(old) + len(new), isqrt(2 * budget.left)) + 2  # d changes take d * d / 2 steps
    ends, trace = array("i", bytes(4 * (2 * mid + 1))), []
    for d in range(len(old) + len(new) + 1):
        budget.take(d + 1)
        trace.append(ends[mid - d - 1 : mid + d + 2])
        for k in range(-d, d + 1, 2):
            x = _next(ends, mid, k, d)
            start = x
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            budget.take(x - start)
            ends[mid + k] = x
            if x >= len(old) and x - k >= len(new):
                return _walked_back(trace, x, k)
    return []


def _next(ends: array, mid: int, k: int, d: int) -> int:
    """How far one gets with one change more: down from the diagonal above, or to the right from the one
    below."""
    return ends[mid + k + 1] if _down(ends, mid, k, d) else ends[mid + k - 1] + 1


def _down(ends: array, mid: int, k: int, d: int) -> bool:
    return k == -d or (k != d and ends[mid + k - 1] < ends[mid + k + 1])


def _walked_back(trace: list[array], x: int, k: int) -> list[Unchanged]:
    """Follows the trace from the end to the beginning, and returns what stayed the same between two
    changes."""
    found = []
    for d in range(len(trace) - 1, -1, -1):
        ends, mid = trace[d], d + 1
        start = _next(ends, mid, k, d) if d else 0
        if x > start:
            found.append((start, start - k, x - start))
        k += 1 if _down(ends, mid, k, d) else -1
        x = ends[mid + k]
    return found[::-1]
