"""What a program and all that it starts hold together: nobody else begins while any of them lives."""

import os
import signal
import sys
import time

import psutil
import pytest

from videos.processes import hold
from videos.processes.kept import KeptProcess, Program

# A main process and a child that it forked, which hides in a session of its own.
FORKS = """
import os, time
if os.fork() == 0:
    os.setsid()
os.write(1, b"ready %d\\n" % os.getpid())  # at once: two that print share their lines
time.sleep(600)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "it.lock"


@pytest.fixture
def started(path):
    """(the handle, the two processes of its program)."""
    with hold.acquire(path) as lock:
        kept = KeptProcess(
            Program("it", [sys.executable, "-uc", FORKS]), patience=1, cwd=path.parent, holds=lock
        )
    pids = [int(kept.output.readline().split()[1]) for _n in range(2)]
    yield kept, [psutil.Process(pid) for pid in pids]
    hold.end_holders(path)
    kept.end()


def free(path) -> bool:
    lock = hold.acquire(path)
    if lock:
        lock.close()
    return lock is not None


def until_free(path) -> bool:
    ends = time.monotonic() + 5
    while not free(path) and time.monotonic() < ends:
        time.sleep(0.01)
    return free(path)


def test_whoever_is_killed_the_others_hold_it_and_the_last_lets_go(path, started):
    kept, programs = started
    assert not free(path) and set(hold.holders(path)) >= {kept.pid, *(one.pid for one in programs)}
    for one in (psutil.Process(kept.pid), *programs):
        assert not free(path)
        os.kill(one.pid, signal.SIGKILL)
    assert until_free(path)


def test_what_is_left_of_it_can_be_found_and_ended(path, started):
    kept, programs = started
    os.kill(kept.pid, signal.SIGKILL)
    kept._keeper.wait()
    assert set(hold.end_holders(path)) == {one.pid for one in programs}
    assert until_free(path) and hold.holders(path) == []


def test_an_end_in_order_lets_go(path, started):
    kept, _programs = started
    kept.tell_to_stop()
    kept.wait(10)
    assert free(path)
