"""How many strangers' files are opened at the same time, in all of the studio.

Each child that opens one has a limit of memory, so there are as many places of one GiB as
``settings.OPENING_MEMORY`` has room for, and who needs more takes more of them. A place is a locked file in the data folder: web servers,
workers and commands share them, and the system gives a lock back whoever dies. The child holds it
too, so that a parent that is killed leaves no place open for one more.
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

SLOT_BYTES = 1 << 30  # bytes that one place stands for
_RETRY_SECONDS = 0.05  # seconds between two looks for a free place
_REPORT_SECONDS = 2.0  # seconds between two signs of life of somebody who waits
_DEFAULT_WAIT = 15.0  # seconds that one waits who said nothing about waiting
# Threads of one process that may wait at the same time: the others go on answering pages.
_WAITERS = threading.BoundedSemaphore(6)


class Busy(OSError):
    """No place became free. Nothing was opened, which says nothing about the file."""

    def __init__(self) -> None:
        super().__init__(errno.EAGAIN, "others' files are being opened")


@dataclass(frozen=True, slots=True)
class _Wait:
    ends: float | None  # on the monotonic clock; None: the one who waits has an end of its own
    meanwhile: Callable[[], object] | None = None


_WAIT: ContextVar[_Wait | None] = ContextVar("how long to wait for a place", default=None)


@contextlib.contextmanager
def waiting(seconds: float | None, meanwhile: Callable[[], object] | None = None) -> Iterator[None]:
    """Files opened inside wait at most so long for a place, all together; an outer ``waiting`` that
    ends sooner counts. ``meanwhile`` is called every other second of a wait and at its end: whoever
    holds a lease renews it there, and may then wait without an end."""
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
    """Holds room for a child that may use ``memory`` bytes. Yields the descriptors that the child has
    to inherit. Raises Busy."""
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
            time.sleep(_RETRY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - so that nobody is always late
    finally:
        if wait.ends is not None:
            _WAITERS.release()
    return held


def _report_waiting() -> None:
    wait = _WAIT.get()
    if wait and wait.meanwhile:
        wait.meanwhile()


def _take(names: list[Path], needed: int) -> tuple[int, ...]:
    """All that is needed, or nothing: two who each hold a half would wait for each other."""
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
    except OSError:  # no room for a file, however empty
        _release(held)
        raise
    _release(held)
    return ()


def _release(held: Iterable[int]) -> None:
    for file in held:
        os.close(file)
