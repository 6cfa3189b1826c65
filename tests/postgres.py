"""Runs a command beside a PostgreSQL of its own: ``python -m tests.postgres COMMAND ...``

The server lives in a temporary folder and on a free port, belongs to nobody else, and is gone
afterwards. PostgreSQL refuses to run as root, so root starts it as the user ``postgres``.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port
from videos.processes.kept import Kept, Program


def newest_binaries() -> Path:
    """Where Debian puts ``initdb`` and ``postgres``, which are not on the PATH; else what the PATH has."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    if not found:
        raise SystemExit("PostgreSQL is missing: `make test-machine` says how to install it.")
    return Path(found).parent


@contextmanager
def postgres() -> Iterator[str]:
    """Yields a DATABASE_URL whose user may create databases."""
    binaries, port = newest_binaries(), free_port()
    as_owner = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory(prefix="studio-postgres-") as folder:
        data = Path(folder) / "data"
        if as_owner:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        initdb = (
            f"{binaries}/initdb",
            "-D",
            data,
            "-U",
            "studio",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        subprocess.run((*as_owner, *map(str, initdb)), check=True, stdout=subprocess.DEVNULL, cwd=folder)
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = (*as_owner, f"{binaries}/postgres", "-D", str(data), *options)
        with (Path(folder) / "log").open("wb") as log:
            kept = Kept(Program("postgres", server), patience=10, cwd=Path(folder), output=log)
        try:
            wait_until_ready(binaries, port, Path(folder) / "log")
            yield f"postgres://studio@127.0.0.1:{port}/postgres"
        finally:
            kept.tell_to_stop()
            kept.wait(15)


def wait_until_ready(binaries: Path, port: int, log: Path, patience: float = 30) -> None:
    ready = (f"{binaries}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port))
    deadline = time.monotonic() + patience
    while subprocess.run(ready).returncode != 0:
        if time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


if __name__ == "__main__":
    with postgres() as url:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}).returncode)
