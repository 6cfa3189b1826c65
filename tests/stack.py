"""A whole studio in real processes, for tests that press what people press.

Web, worker and sandbox run as ``make run`` starts them, on free ports and with a data folder of
their own; durations run at a twentieth.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.ports import free_port
from videos.management.commands.run import Deployment, programs
from videos.processes.kept import KeptProcess

ROOT = Path(__file__).resolve().parent.parent
SPEED = 20


class Stack:
    """``with Stack(folder) as stack: ...``; ``env`` comes on top of the test environment. With
    the address of a ``vendor`` rehearsals go there, and no sandbox is started."""

    def __init__(self, folder: Path, env: dict[str, str] | None = None, vendor: str = ""):
        self.data = folder / "data"
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.sandbox_url = vendor or f"http://127.0.0.1:{free_port()}"
        self.env = (
            dict(os.environ)
            | {
                "DJANGO_SETTINGS_MODULE": "studio.settings",
                "DATABASE_URL": f"sqlite:///{self.data / 'studio.sqlite3'}",
                "STUDIO_DATA": str(self.data),
                "STUDIO_PORT": str(urlsplit(self.base_url).port),
                "STUDIO_PUBLIC_URL": self.base_url,
                "STUDIO_SANDBOX_URL": self.sandbox_url,
                "STUDIO_TIME_SCALE": str(SPEED),
                "STUDIO_DEMO": "1",
            }
            | (env or {})
        )
        sandbox = None if vendor else self.sandbox_url
        place = Deployment(ROOT, self.data, self.base_url, sandbox, urlsplit(self.base_url).port, SPEED)
        self._programs = {program.name: program for program in programs(place)}
        self._running: dict[str, KeptProcess] = {}

    def __enter__(self) -> "Stack":
        for command in (("migrate",), ("catalogues",), ("collectstatic", "--no-input")):
            self.manage(*command, "--verbosity", "0")
        for name in self._programs:
            self.start(name)
        self.wait_until_it_answers()
        return self

    def __exit__(self, *_) -> None:
        for kept in self._running.values():
            kept.tell_to_stop()
        for kept in self._running.values():
            kept.wait(30)

    def manage(self, *arguments: str, input: str = "", expect: int = 0) -> str:
        """What ``manage.py`` says on standard output. Fails unless it exits with ``expect``."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.env, input=input, capture_output=True, text=True)
        assert done.returncode == expect, f"{arguments} exits {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        """``name``: web, worker or sandbox."""
        program = self._programs[name]
        with self.log_file(name).open("ab") as log:
            self._running[name] = KeptProcess(program, patience=20, cwd=ROOT, output=log, env=self.env)

    def stop(self, name: str) -> None:
        kept = self._running.pop(name)
        kept.tell_to_stop()
        kept.wait(30)

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)
        self.wait_until_it_answers()

    def kill(self, name: str) -> None:
        """``kill -9`` of the program and everything below it, at once. ``start`` brings it back."""
        kept = self._running.pop(name)
        keeper = psutil.Process(kept.pid)
        for process in [keeper, *keeper.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself just now
                process.kill()
        kept.wait(10)

    def runs(self, name: str) -> bool:
        return name in self._running

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def sandbox(self, path: str, wish: dict | None = None) -> str:
        return ask_sandbox(self.sandbox_url, path, wish)

    def hurry(self) -> None:
        """Whatever the sandbox is making is finished now."""
        self.sandbox("/control", {"hurry": True})

    def log_file(self, name: str) -> Path:
        return self.data.parent / f"{name}.log"

    def log(self, name: str) -> str:
        return self.log_file(name).read_text(errors="replace")

    def wait_until_it_answers(self, patience: float = 30) -> None:
        """Of web and sandbox, those that run."""
        deadline = time.monotonic() + patience
        for name, url in (("web", self.base_url), ("sandbox", self.sandbox_url)):
            while name in self._running and not answers(url):
                assert time.monotonic() < deadline, f"{name} does not answer:\n{self.log(name)}"
                time.sleep(0.1)


def answers(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ask_sandbox(url: str, path: str, wish: dict | None = None) -> str:
    """What it answers at ``path``; with a ``wish`` (of its control page), after obeying it."""
    data = json.dumps(wish).encode() if wish is not None else None
    request = urllib.request.Request(f"{url}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return reply.read().decode()


@pytest.fixture(scope="session")
def stack():
    """One per pytest worker; tests make teams of their own in it."""
    with tempfile.TemporaryDirectory(prefix="studio-stack-") as folder, Stack(Path(folder)) as stack:
        yield stack
