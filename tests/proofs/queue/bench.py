"""A bench to put a queue on: a database, a broker, clusters in process groups of their own."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROLES = {"worker": "ready for work at", "monitor": "monitoring at", "pusher": "pushing tasks at", "sentinel": "guarding cluster"}  # fmt: skip
BASE = {"name": "proof", "workers": 1, "bulk": 1, "queue_limit": 1, "poll": 0.1, "timeout": 60, "retry": 120, "save_limit": 100, "guard_cycle": 0.5}  # fmt: skip


class Bench:
    def __init__(self, folder: Path, empty: Path | None = None, broker: dict | None = None, url: str = ""):
        """``empty``: a migrated SQLite file to begin with. ``broker``: orm, unless said. ``url``: of
        another database than this file."""
        self.folder, self.book = folder, folder / "book"
        self.database, self.secret, self.groups, self.sqlite = (
            folder / "queue.sqlite3",
            "one",
            [],
            {"timeout": 20},
        )
        self.url = url or f"sqlite:///{self.database}"
        self.broker = broker or {"orm": "default"}
        self.book.touch()
        if empty:
            shutil.copy(empty, self.database)

    # --- what runs ----------------------------------------------------------------------

    def environment(self, put=(), **conf) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.proofs.queue.settings", "QUEUE_SECRET": self.secret,
            "QUEUE_DATABASE": self.url, "QUEUE_SQLITE": json.dumps(self.sqlite),
            "QUEUE_CLUSTER": json.dumps(BASE | self.broker | conf), "QUEUE_PUT": json.dumps(list(put)),
        }  # fmt: skip

    def task(self, name: str, word: str, *args: object, **options: object) -> tuple:
        return name, [str(self.book), word, *args], options

    def run(self, *steps: str, put=(), **conf) -> None:
        self.popen(steps, put, subprocess.DEVNULL, **conf).wait(60)

    def cluster(self, *steps: str, put=(), **conf) -> subprocess.Popen:
        """Starts one (after ``steps``), in a group of its own."""
        self.log = self.folder / f"log-{len(self.groups)}"
        with self.log.open("wb") as log:
            running = self.popen((*steps, "qcluster"), put, log, **conf)
        self.groups.append(running)
        return running

    def popen(self, steps, put, output, **conf) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.proofs.queue.run", *steps]
        environment = self.environment(put, **conf)
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)  # fmt: skip

    def end(self) -> None:
        for group in self.groups:
            kill_group(group)

    # --- what is seen ---------------------------------------------------------------------

    def pids(self, role: str) -> list[int]:
        """By the log of the latest cluster, oldest first."""
        return [int(pid) for pid in re.findall(rf"{ROLES[role]}\D*(\d+)", self.log.read_text())]

    def ran(self) -> Counter[str]:
        """How often each task began, or ended ("a done")."""
        return Counter(self.book.read_text().split("\n")[:-1])

    def rows(self, table: str) -> int:
        line = sqlite3.connect(self.database, timeout=20)
        try:
            return line.execute(f"SELECT count(*) FROM django_q_{table}").fetchone()[0]
        finally:
            line.close()

    def until(self, seen: Callable[[], object], patience: float = 60) -> object:
        """Waits for it; AssertionError with what the cluster said, where it never comes."""
        ends = time.monotonic() + patience
        while not (found := seen()):
            assert time.monotonic() < ends, self.log.read_text()[-3000:]
            time.sleep(0.05)
        return found

    def never(self, seen: Callable[[], object], seconds: float) -> bool:
        """Nothing of the kind for so long."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if seen():
                return False
            time.sleep(0.1)
        return True


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_group(running: subprocess.Popen) -> None:
    try:
        os.killpg(running.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    running.wait(10)
