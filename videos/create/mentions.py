"""Lists the pictures that the words can mention: ``@image1`` with its thumbnail, its name and what the
vendor reads instead. While somebody types, static/js/mentions.js keeps the list up to date."""

from collections.abc import Sequence
from dataclasses import dataclass

from videos.create.image_roles import Shot
from videos.create.image_slots import PictureSlot
from videos.vendors import options
from videos.vendors.contract import Mode, Picture


@dataclass(frozen=True, slots=True)
class MentionChip:
    """One picture. ``called``: what the vendor reads instead of the mention, empty where it is the same.
    ``there``: whether the words mention it."""

    number: int
    name: str
    url: str
    called: str
    there: bool


@dataclass(frozen=True, slots=True)
class MentionStrip:
    """All pictures that can be mentioned. ``lost``: mentions in the words that name no picture."""

    chips: tuple[MentionChip, ...]
    lost: tuple[str, ...]


def mention_strip(prompt: str, shot: Shot | None, slots: Sequence[PictureSlot]) -> MentionStrip | None:
    """Builds the list for the slots of the form (image_slots.PictureSlot), in order. None where the model
    takes no pictures."""
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
