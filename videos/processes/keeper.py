"""Runs one command, ends it when told to, and kills every process that it leaves behind.

    python keeper.py PATIENCE COMMAND [ARGUMENT ...]

It is told by the end of its standard input. The parent holds the other end of that
pipe, so a keeper also stops when its parent dies (even by ``kill -9``). The command then gets TERM and, after PATIENCE seconds,
KILL. Only the command itself gets TERM: a gunicorn or a cluster ends its own
workers in its own order.

However the command ends, the processes that it left are adopted
(``PR_SET_CHILD_SUBREAPER``, prctl(2)) and killed, in whatever process group or session they
are, before the keeper exits. So a second copy never starts beside remains of the first one.

Exit code: the command's, or 128 + the signal that ended it.
"""

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


def adopt_orphans() -> None:
    """Makes this process adopt orphans. Linux only; elsewhere the parent's signal to the process group
    has to suffice."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), *[ctypes.c_ulong(0)] * 3)


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended in the meantime


def stop(command: int, patience: float) -> None:
    send(command, signal.SIGTERM)
    hard = threading.Timer(patience, send, (command, signal.SIGKILL))
    hard.daemon = True
    hard.start()


def stop_when_input_ends(command: int, patience: float) -> None:
    while os.read(0, 4096):
        pass
    stop(command, patience)


def wait_for(command: int) -> int:
    """Returns the command's exit code. Adopted orphans that end meanwhile are reaped as well."""
    while True:
        pid, status = os.wait()
        if pid == command:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def children() -> list[int]:
    """Returns our children's ids, from the fourth field of ``/proc/<pid>/stat`` (proc(5))."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The second field is a name in brackets, which may itself hold blanks and brackets.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid():
            found.append(int(stat.parent.name))
    return found


def end_orphans() -> None:
    """Kills adopted processes until none is left: each one that dies leaves us its own children."""
    while left := children():
        for pid in left:
            send(pid, signal.SIGKILL)
        os.wait()


def main() -> int:
    patience, command = float(sys.argv[1]), sys.argv[2:]
    adopt_orphans()
    no_input = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=no_input, setsigdef=[signal.SIGPIPE])
    # An operator or a service manager may signal every process at once; dying first would orphan the command.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop(pid, patience))
    threading.Thread(target=stop_when_input_ends, args=(pid, patience), daemon=True).start()
    code = wait_for(pid)
    end_orphans()
    return code


if __name__ == "__main__":
    sys.exit(main())
