"""Keeps the numbers of mentions (``@image2``) in step with the pictures that they name."""

from collections.abc import Iterable

from videos.access import whole
from videos.create.form_lookups import Pictures
from videos.vendors import options


def renumber_mentions(prompt: str, before: Iterable[object], after: Pictures) -> str:
    """Renumbers the mentions in ``prompt`` after its pictures changed from ``before`` (ids, in the old
    order) to ``after``."""
    now = [upload.pk for _role, upload in after]
    mapping = {
        number: now.index(pk) + 1 if pk in now else 0 for number, pk in enumerate(map(whole, before), 1)
    }
    return options.renumber(prompt, mapping)


def mentions_of_unplaced(prompt: str, waits: Pictures) -> list[str]:
    """The mentions of pictures that wait for a slot, where the model takes no pictures at all. Such a
    mention would be sent as plain words, and the vendor be paid for a film of "@image1"."""
    return [
        one
        for one in options.find_mentions(prompt)
        if one in {f"@image{n}" for n in range(1, len(waits) + 1)}
    ]
