"""Starts, awaits and stops a command under its keeper (keeper.py)."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run: a name for people, the command, and what its environment has on top of ours."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class KeptProcess:
    """A running program. Its keeper leads a session and process group of its own, so a Ctrl-C
    at our terminal does not reach it: we tell it to stop, in our order."""

    def __init__(
        self,
        program: Program,
        *,
        patience: float,
        cwd: Path,
        output: int | IO = subprocess.PIPE,
        env: Mapping[str, str] | None = None,
        holds: IO | None = None,
    ):
        """``patience``: seconds between TERM and KILL. ``output`` takes stdout and stderr. ``env``:
        the environment to which the program's own is added; ours by default. ``holds``: an open
        file that the program and all it starts keep open (videos/processes/hold.py)."""
        self.program = program
        self._keeper = subprocess.Popen(
            # Isolated and without site: it needs nothing of either, and starts in a few milliseconds.
            [sys.executable, "-I", "-S", str(KEEPER), str(patience), *program.command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[holds.fileno()] if holds else (),
            cwd=cwd,
            env={**(os.environ if env is None else env), **program.env},
        )
        self.output = self._keeper.stdout

    @property
    def pid(self) -> int:
        """Returns the keeper's process id, which is also that of its process group."""
        return self._keeper.pid

    def tell_to_stop(self) -> None:
        """Asks the program to stop and returns at once; ``wait`` awaits the end. Calling it twice is harmless."""
        self._keeper.stdin.close()

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the end; returns the exit code. Raises subprocess.TimeoutExpired."""
        code = self._keeper.wait(timeout)
        self._end_group()  # empty, unless somebody killed the keeper itself
        return code

    def end(self) -> int:
        """Kills the whole process group, for a program that does not stop when asked."""
        self._end_group()
        return self._keeper.wait()

    def _end_group(self) -> None:
        try:
            os.killpg(self._keeper.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
