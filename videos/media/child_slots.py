"""Limits how many untrusted files are opened at the same time, in all processes of the studio.

Each child that opens one has a limit of memory, so there are as many slots of one GiB as
``settings.OPENING_MEMORY`` has room for, and a child that needs more takes several. A slot is a
locked file in the data folder: web servers, workers and commands share them, and the kernel
releases the lock of a process that dies. The child holds the lock too, so that a slot stays taken
when the parent is killed and the child goes on.
"""

import contextlib
import errno
import fcntl
import math
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SLOT_BYTES = 1 << 30  # bytes of memory that one slot stands for
_RETRY_SECONDS = 0.05  # seconds between two tries to get a free slot
_REPORT_SECONDS = 2.0  # seconds between two calls of ``meanwhile`` during a wait
_DEFAULT_WAIT = 15.0  # seconds to wait outside of any ``waiting``
# Threads of one process that may wait at the same time, so that the others go on answering pages.
_WAITERS = threading.BoundedSemaphore(6)


class Busy(OSError):
    """No slot became free. Nothing was opened, so it says nothing about the file."""

    def __init__(self) -> None:
        super().__init__(errno.EAGAIN, "others' files are being opened")


@dataclass(frozen=True, slots=True)
class _Wait:
    ends: float | None  # on the monotonic clock; None: the caller has a deadline of its own
    meanwhile: Callable[[], object] | None = None


_WAIT: ContextVar[_Wait | None] = ContextVar("how long to wait for a place", default=None)


@contextlib.contextmanager
def waiting(seconds: float | None, meanwhile: Callable[[], object] | None = None) -> Iterator[None]:
    """Sets how long files opened inside wait for slots, all together; an outer ``waiting`` that ends
    sooner counts. ``meanwhile`` is called every other second of a wait and at its end: the holder of
    a lease renews it there, and may then wait without a limit (``seconds`` None)."""
    outer, ends = _WAIT.get(), None if seconds is None else time.monotonic() + seconds
    if outer is not None and outer.ends is not None:
        ends = outer.ends if ends is None else min(ends, outer.ends)
    token = _WAIT.set(_Wait(ends, meanwhile))
    try:
        yield
    finally:
        _WAIT.reset(token)


@contextlib.contextmanager
def acquire(memory: int) -> Iterator[tuple[int, ...]]:
    """Holds the slots for a child that may use ``memory`` bytes. Yields the file descriptors that the
    child has to inherit. Raises Busy."""
    places = max(1, settings.OPENING_MEMORY // SLOT_BYTES)
    needed = min(places, math.ceil(memory / SLOT_BYTES))
    folder = settings.DATA / "opening"
    folder.mkdir(mode=0o700, exist_ok=True)
    names = [folder / str(n) for n in range(places)]
    at_once = _take(names, needed)
    held = at_once or _wait(names, needed)
    try:
        if not at_once:
            _report_waiting()
        yield held
    finally:
        _release(held)


def _wait(names: list[Path], needed: int) -> tuple[int, ...]:
    wait = _WAIT.get() or _Wait(time.monotonic() + _DEFAULT_WAIT)
    if wait.ends is not None and not _WAITERS.acquire(blocking=False):
        raise Busy
    try:
        said = time.monotonic()
        while not (held := _take(names, needed)):
            now = time.monotonic()
            if wait.ends is not None and now > wait.ends:
                raise Busy
            if now - said > _REPORT_SECONDS:
                said = now
                _report_waiting()
            time.sleep(_RETRY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - so that no process always loses the race
    finally:
        if wait.ends is not None:
            _WAITERS.release()
    return held


def _report_waiting() -> None:
    wait = _WAIT.get()
    if wait and wait.meanwhile:
        wait.meanwhile()


def _take(names: list[Path], needed: int) -> tuple[int, ...]:
    """Locks as many slots as are needed, or none: two callers with half of theirs each would wait
    for each other."""
    held: list[int] = []
    try:
        for name in names:
            file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            held.append(file)
            if len(held) == needed:
                return tuple(held)
    except OSError:  # the disk has no room even for an empty file
        _release(held)
        raise
    _release(held)
    return ()


def _release(held: Iterable[int]) -> None:
    for file in held:
        os.close(file)
