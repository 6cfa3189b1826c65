"""Runs several programs under one parent, for a terminal or a service manager."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from videos.processes.kept import KeptProcess, Program

STEADY_SECONDS = 60.0  # a program that ran this many seconds starts again without the waits of earlier falls


def restart_pauses() -> Iterator[float]:
    """Yields the seconds before each restart of a program that keeps ending by itself."""
    seconds = 1.0
    while True:
        yield seconds
        seconds = min(seconds * 2, 30.0)


class Supervisor:
    def __init__(self, programs: Sequence[Program], *, cwd: Path, out: TextIO, patience: float = 25.0):
        """``patience``: seconds a program has between TERM and KILL; all stop at the same time."""
        self.programs = programs
        self.cwd = cwd
        self.patience = patience
        self._out = out
        self._width = max(len(program.name) for program in programs)
        self._lock = threading.Lock()
        self._speaking = threading.Lock()  # separate: a blocked terminal must not delay a stop
        self._stopping = threading.Event()
        self._running: dict[str, KeptProcess] = {}

    def run(self, started: Callable[[threading.Event], None]) -> None:
        """Runs all programs until INT, TERM or HUP, then stops them. ``started`` runs on a thread
        beside the programs; its argument is set when it should give up."""
        bell, ring = os.pipe()
        stops = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            stops.remove(signal.SIGHUP)  # started by nohup: it is meant to outlive its terminal
        for number in stops:
            # A write and nothing else: a handler may interrupt code that holds any lock.
            signal.signal(number, lambda *_: os.write(ring, b"."))
        threads = [threading.Thread(target=self._keep_running, args=(program,)) for program in self.programs]
        threads.append(threading.Thread(target=started, args=(self._stopping,)))
        for thread in threads:
            thread.start()
        os.read(bell, 1)
        self._stop()
        for thread in threads:
            thread.join()

    def say(self, name: str, line: str) -> None:
        try:
            with self._speaking:
                print(f"{name:<{self._width}} | {line}", file=self._out, flush=True)
        except OSError:
            pass  # the terminal is gone; the programs go on

    def _stop(self) -> None:
        deadline = time.monotonic() + self.patience + 2
        with self._lock:
            self._stopping.set()
            running = list(self._running.values())
        for kept in running:
            kept.tell_to_stop()
        for kept in running:
            try:
                kept.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kept.end()

    def _start(self, program: Program) -> KeptProcess | None:
        """Starts a program; None when everything is being stopped, so that nothing starts after ``_stop``."""
        with self._lock:
            if self._stopping.is_set():
                return None
            kept = self._running[program.name] = KeptProcess(program, patience=self.patience, cwd=self.cwd)
            return kept

    def _keep_running(self, program: Program) -> None:
        pauses = restart_pauses()
        while kept := self._start(program):
            began = time.monotonic()
            relay = threading.Thread(target=self._relay, args=(program.name, kept), daemon=True)
            relay.start()
            code = kept.wait()
            relay.join(2)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > STEADY_SECONDS:
                pauses = restart_pauses()
            pause = next(pauses)
            self.say(program.name, f"ended by itself (exit code {code}); starting it again in {pause:g} s")
            self._stopping.wait(pause)

    def _relay(self, name: str, kept: KeptProcess) -> None:
        for line in kept.output:
            self.say(name, line.decode(errors="replace").rstrip("\r\n"))
