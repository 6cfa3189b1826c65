"""Locks a file for a program and all processes that it starts, so that a second copy of the program
cannot start while any process of the first one lives, whichever of them was killed.

It is an flock(2) on a file. The open file is handed down to the program and inherited by every
process that it forks; the kernel releases the lock when the last of them has ended. Nothing has to
be cleaned up. A process that is started by exec without being handed the file does
not hold it: on macOS, where multiprocessing starts its children like that, the lock is held by the
program's main process alone, and ``holders`` finds none."""

import fcntl
import os
import signal
from pathlib import Path
from typing import IO


def acquire(path: Path) -> IO[str] | None:
    """Returns the open file that holds the lock, to be handed to a program (``KeptProcess(...,
    holds=)``) and closed afterwards. None while another process holds it."""
    file = open(path, "a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def holders(path: Path) -> list[int]:
    """Returns the ids of the processes that have this file open, by ``/proc/<pid>/fd`` (proc(5)); none where there is no
    such folder, and none of those that belong to another user."""
    try:
        wanted = path.stat()
    except FileNotFoundError:
        return []
    mine, found = os.getpid(), []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        pid = int(folder.parent.name)
        if pid != mine and _has_open(folder, (wanted.st_dev, wanted.st_ino)):
            found.append(pid)
    return found


def end_holders(path: Path) -> list[int]:
    """Sends KILL to every process that holds the lock; returns their ids."""
    found = holders(path)
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended in the meantime
    return found


def _has_open(folder: Path, wanted: tuple[int, int]) -> bool:
    try:
        for link in folder.iterdir():
            about = link.stat()
            if (about.st_dev, about.st_ino) == wanted:
                return True
    except OSError:
        pass  # it ended meanwhile, closed the file, or belongs to another user
    return False
