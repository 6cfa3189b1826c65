"""Prepares the data folder, and decides which commands may begin a new studio in an empty one.

Every command reads the settings. If that alone made a folder and secrets, one wrong letter in
STUDIO_DATA would make a second studio with keys of its own, and the real one could not read what was
encrypted with those."""

import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MAY_BEGIN = frozenset({"run", "migrate", "restore"})
# These need no database and no lasting secrets: without a studio they get temporary secrets.
NEEDS_NO_STUDIO = frozenset(
    {
        "help",
        "version",
        "check",
        "makemigrations",
        "makemessages",
        "compilemessages",
        "catalogues",
        "models",
        "sandbox",
    }
)
OWN_FILES = frozenset(
    {"secret_key", "field_keys", "account_pepper", "rehearsal-password", "studio.sqlite3", "media", "opening", "cache", "static",
     "sandbox", "run.lock", "worker.lock", "cluster-studio.lock", "cluster-media.lock"}
)  # fmt: skip
REPLACEABLE = frozenset({"secret_key"})  # a new one signs everybody out, and nothing else

command = ""  # what manage.py runs (studio/commands.py); empty: another program, such as the web server


def prepare(folder: Path) -> bool:
    """Makes the data folder where this command may, and refuses one that cannot be used. Returns False
    where there is no studio in it and this command must not create anything there."""
    if folder.exists() and not folder.is_dir():
        raise ImproperlyConfigured(f"STUDIO_DATA is {folder}, which is no folder.")
    if command in NEEDS_NO_STUDIO:
        return (folder / "cache").is_dir()
    if not folder.exists() and command not in MAY_BEGIN:
        raise ImproperlyConfigured(_nothing_in(folder))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"STUDIO_DATA is {folder}, which cannot be made: {error.strerror}."
        ) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"STUDIO_DATA is {folder}, which this user may not read and write.")
    return True


def kept_secret(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Returns the secret that is kept in the data folder. It is made only by a command that may begin a
    studio, and never beside a database that was encrypted with another."""
    path = folder / name
    with suppress(FileNotFoundError):
        return _read(path)
    if command in NEEDS_NO_STUDIO:
        return make()
    if command not in MAY_BEGIN:
        raise ImproperlyConfigured(_nothing_in(folder))
    if name not in REPLACEABLE and command == "restore":
        raise ImproperlyConfigured(
            f"A restore needs the secrets of the studio that the backup is of, and {folder} has no {name}: put that file "
            "there, or name it in the environment. Where they are lost: manage.py migrate, then restore --other-secrets."
        )
    if name not in REPLACEABLE and (folder / "studio.sqlite3").exists():
        raise ImproperlyConfigured(
            f"{folder} has a studio's database and lacks its {name}: put that file back, or name it in the environment. "
            "A new one could not read what the old one sealed."
        )
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in OWN_FILES and not path.name.startswith((".", "studio.sql"))
    )
    if others and others != ["lost+found"]:
        raise ImproperlyConfigured(
            f"{folder} holds other things ({others[0]}) and no studio: give STUDIO_DATA a folder of its own."
        )
    return _keep(path, make())


def _read(path: Path) -> str:
    try:
        value = path.read_text().strip()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error}.") from None
    if not value:
        raise ImproperlyConfigured(f"{path} is empty: put the secret back that was in it.")
    return value


def _keep(path: Path, value: str) -> str:
    """Writes the secret whole or not at all; two programs that start at once both get the same one."""
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)
        return _read(path)
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def _nothing_in(folder: Path) -> str:
    return (
        f"There is no studio in {folder}. STUDIO_DATA says where yours is; `make run` or `{Path(sys.argv[0]).name} migrate` "
        "begins a new one."
    )
