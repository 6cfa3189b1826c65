"""A backup becomes a studio: an empty one, on which nothing runs.

Everything is checked before anything is changed. Files come first, because a file that no
row names harms nobody; then the rows, held back, in one transaction; then the jobs that
may have been sent since are parked (videos/keeping/park_unsent.py). Whatever dies in between,
the same command again goes on from there."""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from videos.jobs.retention import unused
from videos.keeping import manifest, park_unsent, rows
from videos.keeping.manifest import Kept, Paper, Refused
from videos.media.store import Store, digest
from videos.models import Heartbeat, Job, Lease, Team, User, clock

# Whoever runs a studio on this data folder holds one, and so does what a killed one left.
LOCKS = ("run.lock", "worker.lock", "cluster-studio.lock", "cluster-media.lock")
RECENT = 60  # seconds: somebody who was alive so long ago may still be
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    paper: Paper
    parked: int


def restore(folder: Path, say: Say = lambda line: None, *, other_secrets: bool = False) -> Restored:
    """Raises Refused, having changed nothing but files that no row names. ``other_secrets``:
    go on although sealed things (vendor keys, unsent requests) will stay closed for ever."""
    paper = manifest.read(folder)
    _check_paper(folder, paper, other_secrets)
    _check_files(folder, paper)
    say(f"The backup of {paper.taken_at} is whole: {paper.files} files, every hash right.")
    with _nobody_runs():
        call_command("migrate", interactive=False, verbosity=0)
        unfinished = Lease.objects.filter(name=rows.RESTORING).exists()
        if not unfinished:
            _check_empty(folder)
            _bring_files(folder)
            with tempfile.TemporaryDirectory(prefix="studio-restore-", dir=settings.DATA) as scratch:
                rows.bring_in(folder / paper.database_file, paper, Path(scratch))
            call_command("migrate", interactive=False, verbosity=0)  # the backup may be of an older version
        parked = park_unsent.park(paper.taken_at)
        _check_arrived(folder)
        Lease.objects.filter(name=rows.RESTORING).delete()
    return Restored(paper, parked)


def _check_paper(folder: Path, paper: Paper, other_secrets: bool) -> None:
    if paper.database != connection.vendor:
        raise Refused(
            f"This backup is of a {paper.database} database, and this studio runs on {connection.vendor}."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [name for name in paper.migrations if tuple(name.split(".", 1)) not in known]
    if newer:
        raise Refused(
            f"This backup is of a newer version of the studio, which has {newer[-1]}. Update first."
        )
    wrong = manifest.same_secrets(paper)
    if wrong and not other_secrets:
        raise Refused(
            f"{' and '.join(wrong)}: not the secrets this backup was taken with. With others no vendor key and no "
            "unsent request can be read again. Set the right ones; --other-secrets goes on without."
        )


def _check_files(folder: Path, paper: Paper) -> None:
    """Every byte of the backup is what it was when it was written."""
    for name, sha256 in (
        (paper.database_file, paper.database_sha256),
        (manifest.MANIFEST, paper.manifest_sha256),
    ):
        if not (folder / name).is_file() or digest(folder / name) != sha256:
            raise Refused(f"{name} of this backup is missing or damaged.")
    files = list(manifest.manifest(folder))
    bad = [file.name for file in files if not _same(folder / manifest.MEDIA / file.name, file)]
    if bad:
        raise Refused(f"{len(bad)} files of this backup are missing or damaged, the first of them {bad[0]}.")


def _check_empty(folder: Path) -> None:
    for model in (User, Team, Job):
        if model.objects.exists():
            raise Refused(
                "This studio is not empty, and a restore replaces everything. Give it a data folder (STUDIO_DATA) or "
                "a database (DATABASE_URL) of its own."
            )
    mine = {file.name for file in manifest.manifest(folder)}
    if any(name not in mine for name in unused.names(Store(settings.MEDIA))):
        raise Refused(
            f"{settings.MEDIA} holds files that are not of this backup: give the studio an empty folder."
        )


def _bring_files(folder: Path) -> None:
    store = Store(settings.MEDIA)
    for file in manifest.manifest(folder):
        if _same(store.path(file.name), file):
            continue  # an earlier run brought it
        part = store.part("restore", file.name, 0)
        shutil.copyfile(folder / manifest.MEDIA / file.name, part)
        if not _same(part, file):
            raise Refused(f"{file.name} did not arrive whole: look at the disk.")
        store.keep(part, file.sha256, Path(file.name).suffix)


def _check_arrived(folder: Path) -> None:
    store = Store(settings.MEDIA)
    bad = [file.name for file in manifest.manifest(folder) if not _same(store.path(file.name), file)]
    if bad:
        raise Refused(f"The rows are restored, but {len(bad)} files are not, the first of them {bad[0]}.")


def _same(path: Path, file: Kept) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and digest(path) == file.sha256


@contextmanager
def _nobody_runs() -> Iterator[None]:
    """Nobody starts a studio on this data folder meanwhile, and nobody runs one elsewhere
    on this database."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        for name in LOCKS:
            lock = held.enter_context(open(settings.DATA / name, "a+"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Refused(f"A studio runs on {settings.DATA}. Stop it first.") from None
        if Heartbeat._meta.db_table in connection.introspection.table_names():
            seen = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
            if seen and (clock.now() - seen).total_seconds() < RECENT:
                raise Refused(
                    f"A worker was alive on this database less than {RECENT} seconds ago. Stop it first."
                )
        yield
