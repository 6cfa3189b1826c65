"""Stores the sandbox's tasks, links and replays, and an append-only ledger of charges.

All is in one SQLite file in the data directory, so that a restart loses nothing. Money
is kept as decimal text. The ledger refuses UPDATE and DELETE by trigger.
"""

import contextlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from videos.sandbox.film.recipe import Recipe

TABLES = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS task (
  id TEXT PRIMARY KEY, vendor TEXT, account TEXT, inner_id TEXT, trace_id TEXT, model TEXT, prompt TEXT,
  tags TEXT, body TEXT, recipes TEXT, amount TEXT, unit TEXT, callback TEXT, origin TEXT,
  made REAL, starts REAL, due REAL, ended REAL, outcome TEXT DEFAULT '', reason TEXT DEFAULT '',
  asked INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS task_open ON task (outcome, due);
CREATE TABLE IF NOT EXISTS ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, vendor TEXT, account TEXT, task TEXT, kind TEXT,
  amount TEXT, unit TEXT);
CREATE INDEX IF NOT EXISTS ledger_account ON ledger (vendor, account);
CREATE TRIGGER IF NOT EXISTS ledger_keeps BEFORE UPDATE ON ledger
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS ledger_stays BEFORE DELETE ON ledger
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE IF NOT EXISTS link (
  token TEXT PRIMARY KEY, task TEXT, place TEXT, name TEXT, dead INTEGER, expires REAL);
CREATE TABLE IF NOT EXISTS replay (
  account TEXT, key TEXT, body TEXT, answer TEXT, PRIMARY KEY (account, key));
"""


@dataclass(frozen=True, slots=True)
class Task:
    """One task. ``outcome`` is ``""`` while it runs, then ``done`` or ``failed``; times are Unix
    seconds; ``asked`` counts the answers that could have carried a result."""

    id: str
    vendor: str
    account: str
    inner_id: str
    trace_id: str
    model: str
    prompt: str
    tags: dict[str, str]
    body: dict
    recipes: tuple[Recipe, ...]
    amount: Decimal
    unit: str
    callback: str
    origin: str
    made: float
    starts: float
    due: float
    ended: float | None = None
    outcome: str = ""
    reason: str = ""
    asked: int = 0


COUNTED = 5
COLUMNS = tuple(Task.__slots__)


class SandboxStore:
    """Reads and writes the SQLite file. It is used from the server's event loop, so every statement
    has to be short."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.row_factory = sqlite3.Row
        self.base.executescript(TABLES)

    def close(self) -> None:
        self.base.close()

    @contextlib.contextmanager
    def _together(self) -> Iterator[None]:
        """Runs the block in one transaction. Where a full disk ends it, at any statement or at COMMIT, it
        is rolled back, so that the next one can begin."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.base.execute("COMMIT")
        finally:
            if self.base.in_transaction:
                self.base.execute("ROLLBACK")

    # --- tasks ---

    def open_task(self, task: Task) -> None:
        """Writes a task and its charge in one transaction."""
        values = {name: getattr(task, name) for name in COLUMNS}
        values["tags"], values["body"] = json.dumps(task.tags), json.dumps(task.body)
        values["recipes"] = json.dumps([recipe.to_json() for recipe in task.recipes])
        values["amount"] = str(task.amount)
        marks = ", ".join(f":{name}" for name in COLUMNS)
        with self._together():
            self.base.execute(f"INSERT INTO task ({', '.join(COLUMNS)}) VALUES ({marks})", values)
            self._enter(task, "charge", task.amount)

    def close_task(self, task: Task, outcome: str, reason: str, refund: bool) -> Task:
        with self._together():
            changed = self.base.execute(
                "UPDATE task SET outcome = ?, reason = ?, ended = ? WHERE id = ? AND outcome = ''",
                (outcome, reason, time.time(), task.id),
            )
            if changed.rowcount and refund:
                self._enter(task, "refund", -task.amount)
        return self.task(task.id)

    def task(self, task_id: str) -> Task | None:
        row = self.base.execute("SELECT * FROM task WHERE id = ?", (task_id,)).fetchone()
        return self._task(row) if row else None

    def tasks(self, only_open: bool = False, limit: int = 200) -> list[Task]:
        """Returns tasks, the newest first."""
        where = "WHERE outcome = ''" if only_open else ""
        rows = self.base.execute(f"SELECT * FROM task {where} ORDER BY made DESC LIMIT ?", (limit,))
        return [self._task(row) for row in rows]

    def count_asked(self, task: Task) -> int:
        """Counts one answer after the task's end, up to the few that any tag looks at; returns how
        many there were before it."""
        if task.asked < COUNTED:
            self.base.execute("UPDATE task SET asked = asked + 1 WHERE id = ?", (task.id,))
        return task.asked

    def hurry(self, now: float) -> None:
        self.base.execute("UPDATE task SET due = ?, starts = min(starts, ?) WHERE outcome = ''", (now, now))

    def _task(self, row: sqlite3.Row) -> Task:
        values = {name: row[name] for name in COLUMNS}
        values["tags"], values["body"] = json.loads(row["tags"]), json.loads(row["body"])
        values["recipes"] = tuple(Recipe.from_json(text) for text in json.loads(row["recipes"]))
        values["amount"] = Decimal(row["amount"])
        return Task(**values)

    # --- money ---

    def _enter(self, task: Task, kind: str, amount: Decimal) -> None:
        self.base.execute(
            "INSERT INTO ledger (at, vendor, account, task, kind, amount, unit) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (time.time(), task.vendor, task.account, task.id, kind, str(amount), task.unit),
        )

    def spent(self, vendor: str, account: str) -> Decimal:
        rows = self.base.execute(
            "SELECT amount FROM ledger WHERE vendor = ? AND account = ?", (vendor, account)
        )
        return sum((Decimal(row["amount"]) for row in rows), Decimal(0))

    def ledger(self) -> list[dict]:
        """Returns every entry, the oldest first; a refund has a negative amount."""
        return [dict(row) for row in self.base.execute("SELECT * FROM ledger ORDER BY id")]

    # --- links and replays ---

    def link(self, task: Task, place: str, name: str, dead: bool, expires: float) -> str:
        """Returns the unguessable part of a media address: the one that is valid, or a new one."""
        row = self.base.execute(
            "SELECT token FROM link WHERE task = ? AND place = ? AND dead = 0 AND expires > ?",
            (task.id, place, time.time()),
        ).fetchone()
        if row and not dead:
            return row["token"]
        token = secrets.token_urlsafe(18)
        row = (token, task.id, place, name, int(dead), expires)
        self.base.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?)", row)
        return token

    def followed(self, token: str) -> sqlite3.Row | None:
        """Returns the link with this token: token, task, place, name, dead, expires."""
        return self.base.execute("SELECT * FROM link WHERE token = ?", (token,)).fetchone()

    def remember(self, account: str, key: str, body: str, answer: str) -> None:
        self.base.execute("INSERT OR REPLACE INTO replay VALUES (?, ?, ?, ?)", (account, key, body, answer))

    def remembered(self, account: str, key: str) -> sqlite3.Row | None:
        """Returns the replay under this key: body (its digest) and answer."""
        return self.base.execute(
            "SELECT body, answer FROM replay WHERE account = ? AND key = ?", (account, key)
        ).fetchone()
