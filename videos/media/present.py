"""Whether the file that a row names is really in the store. Disks lose files, and people delete
them by hand; a row cannot know that. One look at the file's entry, without reading it."""

from typing import Protocol

from django.conf import settings

from videos.media.store import Store


class StoredRow(Protocol):
    """A row that names a file of the store: an Output that is stored, or an Upload."""

    file: str
    bytes: int


def is_present(row: StoredRow) -> bool:
    """Whether the file of ``row`` is there, can be read, and is as long as the row says."""
    return Store(settings.MEDIA).holds(row.file, row.bytes)
