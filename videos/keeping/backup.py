"""One copy of everything, taken while the studio runs: the database as of one moment,
then the files, which never change and of which none is deleted meanwhile.

Everything is written into a folder beside the wanted one and gets its name last, so that
a backup that died half way never looks like one."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat

from videos import leases
from videos.jobs.retention import unused
from videos.keeping import manifest, rows
from videos.keeping.manifest import Kept, Paper, Refused
from videos.media.store import Store, digest
from videos.models import clock

PATIENCE = 120  # seconds to wait for a purge that is deleting files
Say = Callable[[str], None]


def backup(folder: Path, say: Say = lambda line: None, *, link: bool = False) -> Paper:
    """Makes ``folder``, which must not exist. ``link``: files become further names of the store's own
    files instead of copies, which needs the store's own disk: what damages one damages the other.
    Raises Refused."""
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} exists already: a backup gets a folder of its own.")
    if settings.MEDIA.resolve() in (folder, *folder.parents):
        raise Refused("A backup inside the media folder would copy itself.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _look_at_disk(folder.parent, say, link)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-half-", dir=folder.parent))
    owner = f"backup-{os.uname().nodename[:20]}-{os.getpid()}-{time.monotonic_ns():x}"[:64]
    try:
        _hold_files(owner)
        try:
            paper = _take(part, owner, say, link)
        finally:
            leases.give_back(unused.LEASE, owner)
        manifest.write(part, paper)
        os.replace(part, folder)  # over an empty folder, never over a full one
        manifest.sync_folder(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return paper


def _look_at_disk(target: Path, say: Say, link: bool) -> None:
    """Which disk it goes to, and whether that has room."""
    own = settings.MEDIA if settings.MEDIA.exists() else settings.DATA
    same = target.stat().st_dev == own.stat().st_dev
    if link and not same:
        raise Refused(
            f"{target} is on another disk than the studio, and files cannot be linked there. Leave --link out."
        )
    if same:
        say(f"{target} is on the studio's own disk: a backup there does not survive that disk.")
    else:
        say(f"{target} is on another disk than the studio.")
    needed = 0 if link else _bytes_of_files()
    if connection.vendor == "sqlite":
        needed += Path(connection.settings_dict["NAME"]).stat().st_size
    room = shutil.disk_usage(target).free - (settings.DISK_RESERVE if same else 0)
    if needed > room:
        raise Refused(
            f"The backup needs {_size(needed)}, and {target} has room for {_size(max(room, 0))}"
            f"{' besides what the studio keeps free' if same else ''}. Choose another disk"
            f"{', or --link' if same and not link else ''}."
        )


def _bytes_of_files() -> int:
    store, found = Store(settings.MEDIA), 0
    for name in unused.names(store):
        with suppress(FileNotFoundError):  # purged this instant
            found += store.path(name).stat().st_size
    return found


def _size(number: int) -> str:
    return filesizeformat(number).replace("\xa0", " ")


def _hold_files(owner: str) -> None:
    """No file is deleted from here on: the database's copy will name them."""
    ends = time.monotonic() + PATIENCE
    while not leases.take(unused.LEASE, owner, unused.HELD_FOR):
        if time.monotonic() > ends:
            raise Refused("Another backup runs, or the trash is being emptied. Try again in a few minutes.")
        time.sleep(1)


def _take(part: Path, owner: str, say: Say, link: bool) -> Paper:
    at = clock.now().isoformat()
    database = rows.connection.vendor
    path = part / ("database.sqlite3" if database == "sqlite" else "database.pgdump")
    facts = rows.copy_out(path)
    say(f"The database as of {at}: {sum(facts.rows.values())} rows.")
    files, damaged = _files(part / manifest.MEDIA, owner, link)
    size = sum(file.bytes for file in files)
    say(f"{len(files)} files, {size} bytes.")
    return Paper(
        taken_at=at, database=database, database_sha256=digest(path), migrations=facts.migrations,
        rows=facts.rows, files=len(files), bytes=size, manifest_sha256=manifest.write_manifest(part, files),
        lost=sorted((facts.files - {file.name for file in files}) | damaged), **manifest.probe(),
    )  # fmt: skip


def _files(target: Path, owner: str, link: bool) -> tuple[list[Kept], set[str]]:
    """Every file of the store, each held against its name; and the names of those whose
    bytes are not what their name says, which are not taken."""
    store, kept, damaged = Store(settings.MEDIA), [], set()
    target.mkdir()
    for name in unused.names(store):
        copy = target / name
        copy.parent.mkdir(exist_ok=True)
        if _copied(store, name, copy, link) and copy.stem == digest(copy):
            kept.append(Kept(name, copy.stat().st_size, copy.stem))
        else:
            copy.unlink(missing_ok=True)
            damaged.add(name)
        if not leases.renew(unused.LEASE, owner, unused.HELD_FOR):
            raise Refused("Copying one file took too long: the studio may have deleted others meanwhile.")
    for below in (*target.iterdir(), target):
        manifest.sync_folder(below)
    return kept, damaged


def _copied(store: Store, name: str, copy: Path, link: bool) -> bool:
    """False where the studio's own file cannot be read."""
    if not store.holds(name):
        return False
    if link:
        os.link(store.path(name), copy)
        return True
    shutil.copyfile(store.path(name), copy)
    with open(copy, "rb") as file:
        os.fsync(file.fileno())
    return True
