"""The pictures beside the words that mention them: ``@image1`` with its thumbnail, its name
and what the vendor reads for it. static/js/mentions.js keeps it true while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass

from videos.create.image_roles import Shot
from videos.create.image_slots import PictureSlot
from videos.vendors import options
from videos.vendors.contract import Mode, Picture


@dataclass(frozen=True, slots=True)
class MentionChip:
    """``called``: what the vendor reads instead of the mention; empty where it is the same.
    ``there``: do the words mention it?"""

    number: int
    name: str
    url: str
    called: str
    there: bool


@dataclass(frozen=True, slots=True)
class MentionStrip:
    """``lost``: mentions that point nowhere."""

    chips: tuple[MentionChip, ...]
    lost: tuple[str, ...]


def mention_strip(prompt: str, shot: Shot | None, slots: Sequence[PictureSlot]) -> MentionStrip | None:
    """``places`` are those of the form (slots.Place), in order. None where a model takes
    no pictures."""
    if shot is None:
        return None
    found = [(place.role, picture) for place in slots for picture in place.pictures]
    pictures = tuple(Picture(role, media="video" if picture.length else "image") for role, picture in found)
    called = options.vendor_words(Mode("", shot.slots), pictures)
    named = options.find_mentions(prompt)
    chips = tuple(
        MentionChip(
            number=number,
            name=picture.name,
            url=picture.url,
            called=word if word != f"@image{number}" else "",
            there=f"@image{number}" in named,
        )
        for number, ((_role, picture), word) in enumerate(zip(found, called, strict=True), 1)
    )
    known = {f"@image{chip.number}" for chip in chips}
    return MentionStrip(chips, tuple(one for one in named if one not in known))
