"""A studio of its own to be cruel to: web and worker as ``make run`` starts them, its database
looked into from outside, and every process of its worker by its part."""

import json
import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg

from tests.stack import Stack

# What the database has to be given before anything runs: people, teams, a rehearsal key for every
# vendor in each, and somebody who is signed in.
SETTING = """
import json, sys
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from videos.keys import changes
from videos.models import Membership, Team, User
from videos.vendors import registry

call_command("collectstatic", interactive=False, verbosity=0) if {pages} else None
alice = User.objects.create_user("alice@example.com", "correct horse battery", name="Alice")
for n in range({teams}):
    team = Team.objects.create(name=f"Unit {{n}}", slug=f"unit-{{n}}")
    Membership.objects.create(team=team, user=alice, role="owner")
    for vendor in registry.VENDORS:
        changes.create_key(team, vendor=vendor, key=f"rehearsal-{{n}}-{{vendor}}", rehearsal=True)
client = Client()
client.force_login(alice)
print(json.dumps({{
    "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
}}))
"""
FORGERY = "c" * 32  # a csrf secret: whoever sends it in the cookie and in the form is no forger
START = 120.0  # seconds that a busy machine may take to start a web server
MOVING = ("queued", "submitting", "running", "downloading", "expired")
PARTS = re.compile(r"Process-\w+ (ready for work|monitoring|pushing tasks) at (\d+)")
PART = {"ready for work": "worker", "monitoring": "monitor", "pushing tasks": "pusher"}


class House(Stack):
    """``programs`` are those that run: web, worker, or both. ``database`` is the DATABASE_URL of
    one that is there already; without it the studio has a file of its own."""

    def __init__(
        self, folder: Path, vendor: str, *, teams: int = 1, database: str = "", pages: bool = False,
        programs: tuple[str, ...] = ("web", "worker"), **env: str,
    ):  # fmt: skip
        given = {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "STUDIO_DEMO": "0",
            "STUDIO_PRESSES_PER_MINUTE": "0",
            "STUDIO_DISK_RESERVE": "0",
        }
        super().__init__(folder, given | env | ({"DATABASE_URL": database} if database else {}), vendor)
        self.teams, self._pages, self._wanted = teams, pages, programs

    def __enter__(self) -> "House":
        self.manage("migrate", "--verbosity", "0")
        script = SETTING.format(teams=self.teams, pages=self._pages)
        said = self.manage("shell", "--no-imports", "--verbosity", "0", "--command", script)
        self._door = json.loads(said.splitlines()[-1])
        for name in self._wanted:
            self.start(name)
        self.wait_until_it_answers(START)
        return self

    @property
    def cookies(self) -> str:
        session, csrf = self._door["names"]
        return f"{session}={self._door['session']}; {csrf}={FORGERY}"

    # --- its rows ---

    def rows(self, sql: str) -> list[tuple]:
        """What the database holds, by a connection that nobody else has. Waits for one that is away."""
        url = self.env["DATABASE_URL"]
        for _again in range(60):
            try:
                if url.startswith("sqlite"):
                    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as database:
                        return database.execute(sql).fetchall()
                with psycopg.connect(url) as database:
                    return database.execute(sql).fetchall()
            except (sqlite3.OperationalError, psycopg.OperationalError):
                time.sleep(0.5)
        raise TimeoutError("the database stays away")

    def events(self) -> int:
        return self.rows("SELECT count(*) FROM videos_event")[0][0]

    def jobs(self) -> int:
        return self.rows("SELECT count(*) FROM videos_job")[0][0]

    def moving(self) -> int:
        """Jobs that are not where they stay: UNKNOWN is, until somebody claims a task for it."""
        states = ", ".join(f"'{state}'" for state in MOVING)
        asked = "state = 'unknown' AND hint_task_id <> ''"
        return self.rows(f"SELECT count(*) FROM videos_job WHERE state IN ({states}) OR ({asked})")[0][0]

    def restarts(self, cluster: str) -> int:
        """How often the supervisor ended this cluster and started it again."""
        found = self.rows(f"SELECT data FROM videos_heartbeat WHERE name = 'restart-{cluster}'")
        return (
            (found[0][0] if isinstance(found[0][0], dict) else json.loads(found[0][0]))["n"] if found else 0
        )

    # --- its processes ---

    def supervisor(self) -> psutil.Process | None:
        return first_child(self.pid("worker")) if self.runs("worker") else None

    def cluster(self, name: str) -> psutil.Process | None:
        """The keeper of ``studio`` or ``media``: leader of the group that everything of it is in."""
        for keeper in children(self.supervisor()):
            main = first_child(keeper.pid)
            if main is not None and environment(main).get("Q_CLUSTER_NAME") == name:
                return keeper
        return None

    def main(self, name: str) -> psutil.Process | None:
        keeper = self.cluster(name)
        return first_child(keeper.pid) if keeper else None

    def sentinel(self, name: str) -> psutil.Process | None:
        main = self.main(name)
        return first_child(main.pid) if main else None

    def parts(self, name: str, part: str) -> list[psutil.Process]:
        """The processes below the sentinel that are ``worker``, ``monitor`` or ``pusher``."""
        told = {int(pid): PART[what] for what, pid in PARTS.findall(self.log("worker"))}
        return [process for process in children(self.sentinel(name)) if told.get(process.pid) == part]

    def everybody(self) -> list[psutil.Process]:
        """All that belongs to the worker, also what lost its parent."""
        found = []
        for process in psutil.process_iter():
            if environment(process).get("STUDIO_DATA") == str(self.data) and process.pid != os.getpid():
                if "studio.wsgi" not in command(process):
                    found.append(process)
        return found


def children(process: psutil.Process | None) -> list[psutil.Process]:
    try:
        return process.children() if process else []
    except psutil.Error:
        return []


def first_child(pid: int) -> psutil.Process | None:
    try:
        found = psutil.Process(pid).children()
    except psutil.Error:
        return None
    return found[0] if found else None


def environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
