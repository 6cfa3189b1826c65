"""The database, copied out while the studio runs and brought in as one step.

SQLite by its own online backup (https://www.sqlite.org/backup.html): a consistent copy of
a database that is being written to, and, in the other direction, one transaction.
PostgreSQL in rows_postgresql.py."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from videos.jobs.retention.unused import NAMED_BY
from videos.keeping import rows_postgresql
from videos.keeping.manifest import Paper, Refused

Ask = Callable[[str], list[tuple]]
# Of a past that is over: nudges, signs of life and rights of processes that are gone,
# sign-ins, which could have been ended since, and letters, which may have been sent since.
FORGOTTEN = (
    "django_session", "django_q_ormq", "django_q_task", "django_q_schedule", "videos_heartbeat", "videos_lease",
    "videos_letter",
)  # fmt: skip
RESTORING = "restoring"  # a Lease that stands from the moment the rows are in until all is done
# In the same transaction as the rows themselves, so that there is no moment at which a
# worker could find a job of the past due to be sent. Who is not due is not sent.
HELD = (
    "UPDATE videos_job SET next_at = NULL WHERE state IN ('queued', 'submitting')",
    "UPDATE videos_job SET lease_owner = '', lease_until = NULL, version = version + 1 WHERE lease_owner <> ''",
    f"INSERT INTO videos_lease (name, owner) VALUES ('{RESTORING}', 'unfinished')",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the copy holds, read from the copy itself (or from the very snapshot it is of)."""

    rows: dict[str, int]
    migrations: list[str]
    files: frozenset[str]


def hold(paper: Paper) -> tuple[str, ...]:
    """Statements on the rows as they come. A backup of an older version may lack a table."""
    forget = (f"DELETE FROM {table}" for table in FORGOTTEN if table in paper.rows)
    return (*forget, *HELD)


def tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed})


def _ours() -> list[str]:
    """Every table there is of our applications, also of a version that was here before."""
    prefixes = tuple(f"{config.label}_" for config in apps.get_app_configs())
    known = {*tables(), MigrationRecorder.Migration._meta.db_table}
    there = connection.introspection.table_names()
    return [name for name in there if name in known or name.startswith(prefixes)]


def facts(ask: Ask) -> Facts:
    files: set[str] = set()
    for model, column in NAMED_BY:
        found = ask(f"SELECT DISTINCT {column} FROM {model._meta.db_table} WHERE {column} <> ''")
        files |= {name for (name,) in found}
    applied = ask(f"SELECT app, name FROM {MigrationRecorder.Migration._meta.db_table} ORDER BY id")
    return Facts(counted(ask, tables()), [f"{app}.{name}" for app, name in applied], frozenset(files))


def counted(ask: Ask, names: list[str]) -> dict[str, int]:
    return {name: ask(f"SELECT COUNT(*) FROM {name}")[0][0] for name in names}


def copy_out(path: Path) -> Facts:
    """The database as of one moment, in ``path``."""
    if connection.vendor == "postgresql":
        return rows_postgresql.copy_out(path, facts)
    with _sqlite(_own()) as live, _sqlite(path) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        _sound(copy, path)
        found = facts(lambda sql: copy.execute(sql).fetchall())
    with open(path, "rb") as file:
        os.fsync(file.fileno())
    return found


def bring_in(path: Path, paper: Paper, scratch: Path) -> None:
    """The rows of ``path`` instead of all there are, held back (``hold``), or nothing at all.
    Raises Refused. ``scratch`` is a folder on a local disk that is deleted afterwards."""
    if connection.vendor == "postgresql":
        rows_postgresql.bring_in(path, _ours(), hold(paper), _lasting(paper), scratch)
        return
    held = scratch / "held.sqlite3"
    connection.close()
    with _sqlite(path, readonly=True) as copy, _sqlite(held) as mine, _sqlite(_own()) as live:
        copy.backup(mine)
        _sound(mine, path)
        with mine:
            for statement in hold(paper):
                mine.execute(statement)
        _compare(lambda sql: mine.execute(sql).fetchall(), paper)
        mine.backup(live)


def _compare(ask: Ask, paper: Paper) -> None:
    """Every table has as many rows as it had, but for what is forgotten on purpose."""
    wanted = _lasting(paper)
    there = counted(ask, list(wanted))
    wrong = [
        f"{name}: {there[name]} instead of {wanted[name]}" for name in wanted if there[name] != wanted[name]
    ]
    if wrong:
        raise Refused("The backup does not hold the rows it says: " + "; ".join(wrong))


def _lasting(paper: Paper) -> dict[str, int]:
    return {name: count for name, count in paper.rows.items() if name not in FORGOTTEN}


def _own() -> Path:
    return Path(connection.settings_dict["NAME"])


def _sound(database: sqlite3.Connection, path: Path) -> None:
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise Refused(f"{path.name} is damaged: {said}")


@contextmanager
def _sqlite(path: Path, *, readonly: bool = False) -> Iterator[sqlite3.Connection]:
    address = f"{path.resolve().as_uri()}{'?mode=ro' if readonly else ''}"
    database = sqlite3.connect(address, uri=True, timeout=20)
    try:
        yield database
    finally:
        database.close()
