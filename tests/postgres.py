"""Runs a command beside a PostgreSQL of its own: ``python -m tests.postgres COMMAND ...``

The server lives in a temporary folder and on a free port, belongs to nobody else, and is gone
afterwards. PostgreSQL refuses to run as root, so root starts it as the user ``postgres``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port
from videos.processes.kept import KeptProcess, Program


def newest_binaries() -> Path:
    """Where Debian puts ``initdb`` and ``postgres``, which are not on the PATH; else what the PATH has."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    if not found:
        raise SystemExit("PostgreSQL is missing: `make test-machine` says how to install it.")
    return Path(found).parent


class Server:
    """One PostgreSQL in ``folder``, on a port it keeps; ``url`` is that of a user who may create
    databases."""

    def __init__(self, folder: Path):
        self._binaries, self._folder, self._port = newest_binaries(), folder, free_port()
        self.url = f"postgres://studio@127.0.0.1:{self._port}/postgres"
        self._as_owner = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        if self._as_owner:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        initdb = (f"{self._binaries}/initdb", "-D", self._data, "-U", "studio", "-A", "trust")
        place = ("-E", "UTF8", "--locale", "C.UTF-8")
        subprocess.run((*self._as_owner, *initdb, *place), check=True, stdout=subprocess.DEVNULL, cwd=folder)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": self._folder,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = (*self._as_owner, f"{self._binaries}/postgres", "-D", self._data, *options)
        with (self._folder / "log").open("ab") as log:
            self._kept = KeptProcess(Program("postgres", server), patience=10, cwd=self._folder, output=log)
        wait_until_ready(self._binaries, self._port, self._folder / "log")

    def stop(self) -> None:
        self._kept.tell_to_stop()
        self._kept.wait(15)

    def drop(self) -> None:
        """As a power cut: every connection is gone and nothing is tidied up
        (https://www.postgresql.org/docs/current/server-shutdown.html, Immediate Shutdown)."""
        postmaster = int((Path(self._data) / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGQUIT)
        self._kept.wait(30)


@contextmanager
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="studio-postgres-") as folder:
        one = Server(Path(folder))
        one.start()
        try:
            yield one
        finally:
            one.stop()


def wait_until_ready(binaries: Path, port: int, log: Path, patience: float = 30) -> None:
    ready = (f"{binaries}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port))
    deadline = time.monotonic() + patience
    while subprocess.run(ready).returncode != 0:
        if time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


if __name__ == "__main__":
    with server() as one:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": one.url}).returncode)
