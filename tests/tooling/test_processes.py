"""What the parent promises about its programs, with small programs that misbehave."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from videos.processes.kept import KeptProcess, Program

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import sys
from pathlib import Path
from videos.processes.kept import Program
from videos.processes.parent import Supervisor

programs = [Program(f"p{n}", [sys.executable, "-uc", code]) for n, code in enumerate(sys.argv[2:])]
parent = Supervisor(programs, cwd=Path.cwd(), out=sys.stdout, patience=float(sys.argv[1]))
parent.run(lambda stopping: None)
print("all stopped", flush=True)
"""
READY = "print('ready')\nimport time\ntime.sleep(600)"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: print('not now'))\n" + READY.replace(
    "time.sleep(600)", "[time.sleep(1) for _ in range(600)]"
)
RUNAWAY = "import subprocess\nsubprocess.Popen(['sleep', '600'], start_new_session=True)\n" + READY
FALLS = "print('ready')\nraise SystemExit(3)"


class Running:
    def __init__(self, patience, *codes, prefix=()):
        command = [*prefix, sys.executable, "-uc", PARENT, str(patience), *codes]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []

    def read_until(self, *wanted):
        missing = set(wanted)
        while missing:
            line = self.process.stdout.readline()
            assert line, f"ended before {missing}:\n{''.join(self.lines)}"
            self.lines.append(line)
            missing = {text for text in missing if text not in line}

    def everybody(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number):
        self.process.send_signal(number)
        self.lines += self.process.stdout.readlines()
        return self.process.wait(20)


@pytest.fixture
def parent():
    started = []

    def start(*arguments, **more):
        started.append(Running(*arguments, **more))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)


def gone(processes, patience):
    return psutil.wait_procs(processes, timeout=patience)[1] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(parent, number):
    running = parent(10, READY, READY)
    running.read_until("p0 | ready", "p1 | ready")
    everybody = running.everybody()
    assert running.end(number) == 0
    assert "all stopped\n" in running.lines
    assert len(everybody) == 4 and gone(everybody, 0)


def test_one_that_will_not_hear_is_killed_when_patience_ends(parent):
    running = parent(1, DEAF)
    running.read_until("p0 | ready")
    everybody, began = running.everybody(), time.monotonic()
    assert running.end(signal.SIGTERM) == 0
    assert 1 <= time.monotonic() - began < 4
    assert "p0 | not now\n" in running.lines
    assert gone(everybody, 0)


def test_kill_9_of_the_parent_leaves_nothing(parent):
    running = parent(1, READY, DEAF, RUNAWAY)
    running.read_until("p0 | ready", "p1 | ready", "p2 | ready")
    everybody = running.everybody()
    assert "sleep" in {process.name() for process in everybody}
    running.end(signal.SIGKILL)
    assert gone(everybody, 10)


def test_what_hides_in_a_session_of_its_own_ends_with_its_program(parent):
    running = parent(10, RUNAWAY)
    running.read_until("p0 | ready")
    [keeper] = psutil.Process(running.process.pid).children()
    [program] = keeper.children()
    [runaway] = program.children()
    program.kill()
    running.read_until("p0 | ended by itself (exit code 137); starting it again in 1 s")
    assert gone([runaway], 0)
    running.read_until("p0 | ready")


def test_a_killed_keeper_takes_its_program_along(parent):
    running = parent(10, READY)
    running.read_until("p0 | ready")
    [keeper] = psutil.Process(running.process.pid).children()
    [program] = keeper.children()
    keeper.kill()
    running.read_until("p0 | ready")
    assert gone([program], 5)


def test_one_that_keeps_falling_starts_again_ever_more_slowly(parent):
    running = parent(10, FALLS)
    running.read_until("starting it again in 1 s")
    running.read_until("starting it again in 2 s")


def test_under_nohup_it_outlives_the_terminal(parent):
    running = parent(10, READY, prefix=["nohup"])
    running.read_until("p0 | ready")
    running.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(1)


def test_the_exit_code_of_a_killed_program_names_the_signal():
    """And a keeper runs from anywhere: it imports nothing of ours."""
    kept = KeptProcess(Program("short", ["sh", "-c", "kill -9 $$"]), patience=1, cwd=Path(os.sep))
    assert kept.wait(10) == 128 + signal.SIGKILL
