"""Deletes files that no row names any more, and no other file.

A file's name is the hash of its bytes, so one file may be the film of two jobs, a poster and an upload at
once. Rows are purged first, files follow here. Between the look at the rows and the deletion, another
process may store the same bytes again and be about to write its row. So a file is first moved aside, then
looked up once more, and put back if it is young or named. A process that dies in between leaves an
unneeded file behind, and never deletes one that a row names."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db.models import Model

from videos import leases
from videos.media.store import BadName, Store
from videos.models import Output, Upload

# Every column that names a file of the store (tests/keeping looks for others).
NAMED_BY: tuple[tuple[type[Model], str], ...] = (
    (Output, "file"),
    (Output, "poster"),
    (Upload, "file"),
    (Upload, "poster"),
)
YOUNG = 86_400  # seconds; a process that stores a file writes its row within minutes
ASIDE = "aside"  # a folder on the files' own disk, so that moving one aside is a rename
LEASE, HELD_FOR = "media-files", 900  # a backup and a deletion never run at the same time


def names(store: Store) -> Iterator[str]:
    """The name of every stored file; part files of running downloads are not among them."""
    for folder in sorted(store.root.glob("[0-9a-f][0-9a-f]")):
        for path in sorted(folder.iterdir()):
            name = f"{folder.name}/{path.name}"
            with suppress(BadName):
                store.path(name)
                yield name


def remove_unused(candidates: Iterable[str], owner: str, *, young: float = YOUNG) -> int:
    """Delete those of ``candidates`` that no row names and that are older than ``young``
    seconds; the bytes freed. Nothing while a backup or another deletion holds the lease."""
    if not leases.take(LEASE, owner, HELD_FOR):
        return 0
    store, freed = Store(settings.MEDIA), 0
    try:
        _finish_what_died(store)
        for name in candidates:
            if not named(name):
                freed += _remove(store, name, young)
            if not leases.renew(LEASE, owner, HELD_FOR):
                break
    finally:
        leases.give_back(LEASE, owner)
    return freed


def named(name: str) -> bool:
    """Does any row name this file?"""
    return any(model.objects.filter(**{column: name}).exists() for model, column in NAMED_BY)


def _remove(store: Store, name: str, young: float) -> int:
    """Delete one file, unless it is young or named once it is aside; the bytes freed."""
    try:
        path = store.path(name)
    except BadName:
        return 0
    aside = store.root / ASIDE / path.name
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(path, aside)
    except FileNotFoundError:
        return 0  # another process moved it first
    about = aside.stat()
    if time.time() - about.st_mtime < young or named(name):
        _put_back(aside, path)
        return 0
    aside.unlink(missing_ok=True)
    return about.st_size


def _finish_what_died(store: Store) -> None:
    """Put back what a process moved aside before it died, so that it is judged anew."""
    for aside in (store.root / ASIDE).glob("*"):
        _put_back(aside, store.root / aside.name[:2] / aside.name)


def _put_back(aside: Path, path: Path) -> None:
    """Put a file back, but not over one that came meanwhile: that has the same bytes, and is newer."""
    with suppress(FileExistsError):
        os.link(aside, path)
    aside.unlink(missing_ok=True)
