"""``manage.py run`` as a person meets it: in a terminal, with Ctrl-C."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def environment(folder, **more):
    """A person's: nothing of the tests' own settings."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STUDIO_", "FIELD_", "DJANGO_"))
    }
    plain.pop("DATABASE_URL", None)
    port = free_port()
    places = {"STUDIO_DATA": str(folder), "STUDIO_PORT": str(port)}
    return plain | places | {"STUDIO_SANDBOX_URL": f"http://127.0.0.1:{free_port()}"} | more


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, command, env):
        self.screen = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(command[0], command, env)

    def read_until(self, pattern, patience):
        deadline = time.monotonic() + patience
        while not (found := re.search(pattern, self.screen)):
            assert self._read(deadline - time.monotonic()), (
                f"no {pattern!r} within {patience} s:\n{self.screen}"
            )
        return found

    def _read(self, patience):
        ready, _, _ = select.select([self.terminal], [], [], max(0, patience))
        try:
            text = os.read(self.terminal, 65536) if ready else b""
        except OSError:  # EIO: nobody is left at the other end
            return False
        self.screen += text.decode(errors="replace")
        return bool(text)

    def press(self, key):
        os.write(self.terminal, key)

    def wait(self, patience):
        """The exit code; what is still printed is read on the way, or nobody could finish printing."""
        deadline = time.monotonic() + patience
        while self._read(deadline - time.monotonic()):
            pass
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        while not pid and time.monotonic() < deadline:
            time.sleep(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        assert pid, f"still running after {patience} s:\n{self.screen}"
        return os.waitstatus_to_exitcode(status)

    def everybody(self):
        return psutil.Process(self.pid).children(recursive=True)


@contextmanager
def studio(env):
    terminal = Terminal([sys.executable, "manage.py", "run"], env)
    try:
        yield terminal
    finally:
        if psutil.pid_exists(terminal.pid):
            everybody = terminal.everybody()
            os.kill(terminal.pid, signal.SIGKILL)
            psutil.wait_procs(everybody, timeout=35)
        os.close(terminal.terminal)


def gone(processes, patience):
    return psutil.wait_procs(processes, timeout=patience)[1] == []


@pytest.mark.long
@pytest.mark.alone
def test_first_start_second_start_and_ctrl_c(tmp_path):
    env = environment(tmp_path / "var")
    invitation = rf"Open http://127\.0\.0\.1:{env['STUDIO_PORT']} and sign in as (.*@.*)\r\n"

    with studio(env) as terminal:
        first = terminal.read_until(invitation, 60).group(1)
        address = f"http://127.0.0.1:{env['STUDIO_PORT']}/"
        assert urllib.request.urlopen(address, timeout=10).status == 200
        everybody = terminal.everybody()
        running = " ".join(" ".join(process.cmdline()) for process in everybody)
        assert "gunicorn" in running and "studio_worker" in running and "manage.py sandbox" in running
        terminal.press(b"\x03")
        assert terminal.wait(30) == 0
        assert gone(everybody, 0)
        assert "Traceback" not in terminal.screen

    began = time.monotonic()
    with studio(env) as terminal:
        assert terminal.read_until(invitation, 30).group(1) == first
        # 8 s on an idle machine; the other half of the tests runs beside this one.
        assert time.monotonic() - began < 16
        everybody = terminal.everybody()
        os.kill(terminal.pid, signal.SIGKILL)
        assert gone(everybody, 30)


@pytest.mark.long
@pytest.mark.alone
def test_an_empty_studio_has_no_sandbox_and_no_team(tmp_path):
    env = environment(tmp_path / "var", STUDIO_DEMO="0")
    with studio(env) as terminal:
        terminal.read_until("Open http://.* and sign up", 60)
        assert not any("sandbox" in process.cmdline() for process in terminal.everybody())
        terminal.press(b"\x03")
        assert terminal.wait(30) == 0


def refused(env):
    command = [sys.executable, "manage.py", "run"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    return done.stderr


@pytest.mark.parametrize("setting", ["STUDIO_PORT", "STUDIO_SANDBOX_URL"])
def test_a_taken_port_is_said_in_a_sentence(tmp_path, setting):
    with socket.create_server(("127.0.0.1", 0)) as neighbour:
        port = neighbour.getsockname()[1]
        value = str(port) if setting == "STUDIO_PORT" else f"http://127.0.0.1:{port}"
        said = refused(environment(tmp_path, **{setting: value}))
    assert f"Port {port} " in said and setting in said
    assert "Traceback" not in said


def test_two_studios_do_not_share_a_data_folder(tmp_path):
    import fcntl

    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "already running" in refused(environment(tmp_path))
