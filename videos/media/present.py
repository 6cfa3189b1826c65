"""Checks whether the file that a row names is really in the store. Disks lose files, and people
delete them by hand, which no row records. Only the file's entry is looked at, not its bytes."""

from typing import Protocol

from django.conf import settings

from videos.media.store import Store


class StoredRow(Protocol):
    """A row that names a file of the store: an Output that is stored, or an Upload."""

    file: str
    bytes: int


def is_present(row: StoredRow) -> bool:
    """Returns whether the file of ``row`` exists, can be read, and is as long as the row says."""
    return Store(settings.MEDIA).holds(row.file, row.bytes)
