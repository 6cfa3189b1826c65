"""Which of the files that rows name the store does not have, or not as it was given them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from videos.media.store import Store, digest
from videos.models import Output, Upload


@dataclass(frozen=True, slots=True)
class Lack:
    """``what``: missing (or unreadable, or of another length than its row says), or changed (its
    bytes are not those that its name is the hash of). ``whose``: the row, for a person to find."""

    name: str
    what: str
    whose: str


def lacking(*, hashes: bool = False) -> Iterator[Lack]:
    """Every such file of every row, the oldest row first. ``hashes``: each file is read whole, which
    takes as long as a backup."""
    store, known = Store(settings.MEDIA), {}
    for name, size, whose in _named():
        if (name, size) not in known:
            known[name, size] = _wrong(store, name, size, hashes)
        if known[name, size]:
            yield Lack(name, known[name, size], whose)


def _wrong(store: Store, name: str, size: int | None, hashes: bool) -> str:
    if not store.holds(name, size):
        return "missing"
    try:
        return "changed" if hashes and digest(path := store.path(name)) != path.stem else ""
    except OSError:
        return "missing"


def _named() -> Iterator[tuple[str, int | None, str]]:
    """(name, bytes where the row says them, whose)."""
    for file, poster, size, team, job in _rows(
        Output.objects.exclude(file=""), "file", "poster", "bytes", "job__team__slug", "job__public_id"
    ):
        yield from _both(file, poster, size, f"generation {job} of {team}")
    for file, poster, size, team, name in _rows(
        Upload.objects.exclude(file=""), "file", "poster", "bytes", "team__slug", "name"
    ):
        yield from _both(file, poster, size, f"picture {name!r} of {team}")


def _rows(rows: QuerySet, *columns: str) -> Iterator[tuple]:
    return rows.order_by("pk").values_list(*columns).iterator(chunk_size=2000)


def _both(file: str, poster: str, size: int, whose: str) -> Iterator[tuple[str, int | None, str]]:
    yield file, size, whose
    if poster:
        yield poster, None, f"poster of {whose}"
