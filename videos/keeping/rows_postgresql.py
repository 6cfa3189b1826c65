"""PostgreSQL's own tools, as child processes: pg_dump out, pg_restore and psql in. The
password travels in the child's environment, never on a command line others can read."""

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.db import connection

from videos.keeping.manifest import Refused

# Of what Django hands psycopg, the names libpq knows: the rest is Django's and psycopg's own.
LIBPQ = (
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "passfile",
    "service",
)
NEEDED = "PostgreSQL's client tools (pg_dump, pg_restore, psql) are not on this machine: install them, in the server's version."


def copy_out(path: Path, facts: Callable) -> object:
    """A custom-format dump of one moment, and ``facts`` of that same moment."""
    apart = connection.copy()
    try:
        apart.set_autocommit(False)
        with apart.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            _run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={path}",
            )
            found = facts(_asking(cursor))
        apart.rollback()
    finally:
        apart.close()
    return found


def bring_in(
    path: Path, tables: Sequence[str], hold: Sequence[str], wanted: Mapping[str, int], scratch: Path
) -> None:
    """All in one transaction: our empty tables go, the dump comes, is counted and held back."""
    before, dump, after = scratch / "before.sql", scratch / "dump.sql", scratch / "after.sql"
    before.write_text("".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in tables))
    _run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        f"--file={dump}",
        str(path),
        connect=False,
    )
    statements = [f"{statement};\n" for statement in (*map(_count, wanted.items()), *hold)]
    # A dump empties search_path for the rest of its session.
    after.write_text("SET search_path TO public;\n" + "".join(statements))
    connection.close()
    files = [f"--file={file}" for file in (before, dump, after)]
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        *files,
    )


def _count(table: tuple[str, int]) -> str:
    """A statement that fails, and with it all of the others, where rows are missing."""
    name, count = table
    return (
        f"DO $$ BEGIN IF (SELECT COUNT(*) FROM {name}) <> {count} THEN "
        f"RAISE EXCEPTION '{name} does not have the {count} rows that the backup says'; END IF; END $$"
    )


def _asking(cursor) -> Callable[[str], list[tuple]]:
    def ask(sql: str) -> list[tuple]:
        cursor.execute(sql)
        return cursor.fetchall()

    return ask


def _run(tool: str, *words: str, connect: bool = True) -> None:
    """Raises Refused with what the tool said."""
    secret: dict[str, str] = {}
    if connect:
        given = connection.get_connection_params()
        words = (f"--dbname={_address(given)}", *words)
        secret = {"PGPASSWORD": given["password"]} if given.get("password") else {}
    done = subprocess.run([_tool(tool), *words], env=secret | {"LC_ALL": "C"}, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        said = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise Refused(f"{tool} did not succeed: {said}")


def _address(given: Mapping[str, object]) -> str:
    """A connection string of libpq: what DATABASE_URL says of it, but for the password."""
    words = {name: str(given[name]) for name in LIBPQ if given.get(name)}
    quoted = {name: value.replace("\\", r"\\").replace("'", r"\'") for name, value in words.items()}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())


def _tool(name: str) -> str:
    """The server's own version where Debian keeps one (a newer one's scripts set what an
    older server does not know), else what the PATH has."""
    debian = Path(f"/usr/lib/postgresql/{connection.pg_version // 10000}/bin/{name}")
    found = str(debian) if debian.is_file() else shutil.which(name)
    if not found:
        raise Refused(NEEDED)
    return found
