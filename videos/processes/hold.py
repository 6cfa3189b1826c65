"""A lock that a program and all that it starts hold together, so that a second copy of the program
cannot begin while anything of the first one lives, whichever of its processes was killed.

It is an flock(2) on a file. The open file is handed down to the program and inherited by every
process that it forks; the kernel lets go of the lock when the last of them has ended. Nobody has to
notice or clean up anything. A process that is started by exec without being handed the file does
not hold it: on macOS, where multiprocessing starts its children like that, the lock is held by the
program's main process alone, and ``holders`` finds nobody."""

import fcntl
import os
import signal
from pathlib import Path
from typing import IO


def acquire(path: Path) -> IO[str] | None:
    """The open file that holds the lock, to be handed to a program (``Kept(..., holds=)``) and closed
    afterwards. None while anybody holds it."""
    file = open(path, "a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def holders(path: Path) -> list[int]:
    """The processes that have this file open, by ``/proc/<pid>/fd`` (proc(5)); none where there is no
    such folder, and none of those that belong to somebody else."""
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
    """KILL every process that holds the lock; who they were."""
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
        pass  # it ended meanwhile, closed the file, or is another person's
    return False
