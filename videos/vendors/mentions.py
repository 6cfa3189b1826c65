"""Finds ``@image1`` and its like in a prompt, and replaces them by what a vendor reads instead.

People write ``@imageN`` whatever the model; N counts from 1 in the order of the pictures.
One vendor documents these words (docs/vendors/defapi.txt: "用 @image1、@image2… 引用图片")
and gets them as they are. The others document none, so each slot says in plain words how
its picture is called (``Slot.mention``), and the form shows that beside the picture.
"""

import re
from collections.abc import Mapping

from .contract import Mode, Model, Picture, Problem

_MENTION = re.compile(r"(?<![A-Za-z0-9_.])@image([0-9]{1,9})")
REMOVED_PICTURE = "@image0"  # written in place of a mention whose picture was taken out: N counts from 1


def find_mentions(prompt: str) -> list[str]:
    """Returns the mentions in ``prompt`` as written, each once."""
    return list(dict.fromkeys(f"@image{digits}" for digits in _MENTION.findall(prompt)))


def mention_problems(model: Model, prompt: str, pictures: tuple[Picture, ...]) -> list[Problem]:
    """Returns a problem for each mention without a picture. For a model without pictures a mention
    is a word like any other, except one whose picture was taken out when that model was chosen."""
    blind = not any(mode.slots for mode in model.modes)
    legal = tuple(f"@image{number}" for number in range(1, len(pictures) + 1))
    return [
        Problem(
            "prompt",
            "mention_of_removed" if mention == REMOVED_PICTURE else "mention_without_picture",
            {"mention": mention, "legal": legal},
        )
        for mention in find_mentions(prompt)
        if mention not in legal and (mention == REMOVED_PICTURE or not blind)
    ]


def vendor_words(mode: Mode, pictures: tuple[Picture, ...]) -> tuple[str, ...]:
    """Returns what the vendor reads for the mention of each of ``pictures``, in their order."""
    words = []
    for number, picture in enumerate(pictures, 1):
        slot = next((slot for slot in mode.slots if slot.takes(picture.role)), None)
        words.append(slot.mention.format(n=number, media=picture.media) if slot else f"@image{number}")
    return tuple(words)


def render_mentions(prompt: str, mode: Mode, pictures: tuple[Picture, ...]) -> str:
    """Returns the prompt as the vendor reads it; a mention without a picture stays as it is."""
    words = {str(number): word for number, word in enumerate(vendor_words(mode, pictures), 1)}
    return _MENTION.sub(lambda found: words.get(found[1], found[0]), prompt)


def renumber(prompt: str, mapping: Mapping[int, int]) -> str:
    """Returns the prompt after its pictures were reordered: ``mapping`` is old number -> new number,
    0 for one that was taken out. Its mention becomes REMOVED_PICTURE, which ``check`` refuses:
    otherwise it would name the picture that moved up."""
    changed = {str(old): f"@image{new}" for old, new in mapping.items() if old}
    return _MENTION.sub(lambda found: changed.get(found[1], found[0]), prompt)
