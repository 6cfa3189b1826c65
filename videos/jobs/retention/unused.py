"""Files that no row names any more leave the disk, and no other file ever does.

A file's name is the hash of its bytes, so one file may be the film of two jobs, a poster
and an upload at once. Rows let go first, files follow here. Between the look at the rows
and the deletion somebody may store the same bytes again and is about to write its row: a
file is first taken aside, then looked at once more, and put back if it is young or named.
Whoever dies in between leaves a file too many, never one too few that a row names."""

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
YOUNG = 86_400  # seconds; whoever stores a file writes its row within minutes
ASIDE = "aside"  # beside the files, so that taking one aside is a rename
LEASE, HELD_FOR = "media-files", 900  # a backup and a deletion never run at the same time


def names(store: Store) -> Iterator[str]:
    """Every file that has its name for ever; what is still being collected is not among them."""
    for folder in sorted(store.root.glob("[0-9a-f][0-9a-f]")):
        for path in sorted(folder.iterdir()):
            name = f"{folder.name}/{path.name}"
            with suppress(BadName):
                store.path(name)
                yield name


def remove_unused(candidates: Iterable[str], owner: str, *, young: float = YOUNG) -> int:
    """Delete those of ``candidates`` that no row names and that are older than ``young``
    seconds; how many bytes that made free. Nothing while somebody else holds the files."""
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
    return any(model.objects.filter(**{column: name}).exists() for model, column in NAMED_BY)


def _remove(store: Store, name: str, young: float) -> int:
    try:
        path = store.path(name)
    except BadName:
        return 0
    aside = store.root / ASIDE / path.name
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(path, aside)
    except FileNotFoundError:
        return 0  # somebody else was faster
    about = aside.stat()
    if time.time() - about.st_mtime < young or named(name):
        _put_back(aside, path)
        return 0
    aside.unlink(missing_ok=True)
    return about.st_size


def _finish_what_died(store: Store) -> None:
    """What somebody took aside before they died is put back, to be judged anew."""
    for aside in (store.root / ASIDE).glob("*"):
        _put_back(aside, store.root / aside.name[:2] / aside.name)


def _put_back(aside: Path, path: Path) -> None:
    """Not over what came meanwhile: that is the same bytes, and newer."""
    with suppress(FileExistsError):
        os.link(aside, path)
    aside.unlink(missing_ok=True)
