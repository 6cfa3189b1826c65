"""No reader takes longer than its text is long, and none holds the interpreter while others wait."""

import gc
import sys
import time
from collections.abc import Callable

import pytest

from tests.costs.readers import READERS, Reader
from tests.house.sources import ROOT

FLOOR = 0.0005  # seconds of CPU: less is not measured
TIMES = 64  # for sixteen times as much: 16 is in step with the length, 256 its square
HELD = 0.05  # seconds
GROWING = [reader for reader in READERS if not reader.counted]


@pytest.mark.parametrize("reader", GROWING, ids=lambda reader: reader.name)
def test_sixteen_times_as_much_costs_in_step(reader: Reader):
    """At a sixteenth of the largest size, which takes a sixteenth of the time to find out."""
    assert dear(reader, reader.largest // 16) == []


@pytest.mark.long
@pytest.mark.parametrize("reader", GROWING, ids=lambda reader: reader.name)
def test_the_largest_costs_in_step(reader: Reader):
    assert dear(reader, reader.largest) == []


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_step_of_it_holds_the_interpreter(reader: Reader):
    held = {n: longest_step(reader.read, make(reader.largest)) for n, make in enumerate(reader.worst)}
    assert {n: seconds for n, seconds in held.items() if seconds > HELD} == {}


def test_the_document_has_every_reader_with_its_largest_size():
    document = (ROOT / "docs/limits.md").read_text("utf-8")
    said = [line.split("|")[1:5] for line in document.splitlines() if line.startswith("| ")]
    written = {name.strip(): size.strip().replace(",", "") for name, _whose, _where, size in said}
    assert {reader.name: str(reader.largest) for reader in READERS}.items() <= written.items()


def dear(reader: Reader, size: int) -> list[str]:
    """The texts for which a reader takes more than its share; each is tried three times."""
    texts = [(make(size // 16), make(size)) for make in reader.worst]
    return [
        str(large[:20]) for small, large in texts if all(_is_dear(reader, small, large) for _ in range(3))
    ]


def _is_dear(reader: Reader, small: object, large: object) -> bool:
    return cpu(reader.read, large) > TIMES * max(cpu(reader.read, small), FLOOR)


def cpu(read: Callable, text: object) -> float:
    before = time.thread_time()
    read(text)
    return time.thread_time() - before


def longest_step(read: Callable, text: object) -> float:
    """Seconds in one call of C, in which no other thread runs: between two that begin or end a function
    the interpreter lets go when somebody waits. What only happened once was another program."""
    gc.disable()  # a collection holds the interpreter, too, and belongs to no reader
    try:
        held = _longest_step(read, text)
        return held if held < HELD else min(held, *(_longest_step(read, text) for _ in range(3)))
    finally:
        gc.enable()


def _longest_step(read: Callable, text: object) -> float:
    longest, since, depth = 0.0, 0.0, []

    def seen(_frame, event, _what):
        nonlocal longest, since
        if depth and depth[-1]:
            longest = max(longest, time.perf_counter() - since)
        if event in ("call", "c_call"):
            depth.append(event == "c_call")
        elif depth:
            depth.pop()
        since = time.perf_counter()

    sys.setprofile(seen)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return longest
