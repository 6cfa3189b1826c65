"""Decides which pictures of a request a model takes together."""

from collections import Counter
from collections.abc import Mapping

from .contract import Mode, Model, Picture, Problem, Slot
from .reading import web_address


def mode_of(model: Model, pictures: tuple[Picture, ...]) -> Mode | None:
    """Returns the first mode whose slots fit these pictures, or None."""
    return next((mode for mode in model.modes if not _misfits(model, mode, pictures)), None)


def picture_problems(model: Model, pictures: tuple[Picture, ...]) -> list[Problem]:
    """Returns why no mode fits, measured against the one that comes nearest, and which addresses
    no vendor could read."""
    if mode_of(model, pictures) is not None:
        return _address_problems(model, pictures)

    def distance(mode: Mode) -> tuple[int, int]:
        strangers = sum(_slot(mode, picture.role) is None for picture in pictures)
        return strangers, len(_misfits(model, mode, pictures))

    nearest = min(model.modes, key=distance)
    return _misfits(model, nearest, pictures) + _address_problems(model, pictures)


def _slot(mode: Mode, role: str) -> Slot | None:
    return next((slot for slot in mode.slots if slot.takes(role)), None)


def _misfits(model: Model, mode: Mode, pictures: tuple[Picture, ...]) -> list[Problem]:
    counts: Counter[str] = Counter()
    problems = []
    for picture in pictures:
        slot = _slot(mode, picture.role)
        if slot is None:
            problems.append(_role_problem(model, mode, picture.role))
            continue
        counts[slot.role] += 1
        if picture.media not in slot.media:
            values = {"role": picture.role, "media": picture.media, "legal": slot.media}
            problems.append(Problem("pictures", "media_not_allowed", values))
    for slot in mode.slots:
        problems += _count_problems(slot, counts) + _length_problems(slot, pictures)
    return problems


def _role_problem(model: Model, mode: Mode, role: str) -> Problem:
    known = tuple(dict.fromkeys(slot.role for any_mode in model.modes for slot in any_mode.slots))
    if any(_slot(any_mode, role) for any_mode in model.modes):
        here = tuple(slot.role for slot in mode.slots)
        return Problem("pictures", "roles_not_together", {"role": role, "legal": here})
    return Problem("pictures", "role_not_offered", {"role": role, "legal": known})


def _count_problems(slot: Slot, counts: Mapping[str, int]) -> list[Problem]:
    count = counts[slot.role]
    if count > slot.maximum:
        values = {"role": slot.role, "count": count, "maximum": slot.maximum, "legal": slot.maximum}
        return [Problem("pictures", "too_many_pictures", values)]
    if count < slot.minimum:
        values = {"role": slot.role, "count": count, "minimum": slot.minimum, "legal": slot.minimum}
        return [Problem("pictures", "picture_needed", values)]
    return []


def _length_problems(slot: Slot, pictures: tuple[Picture, ...]) -> list[Problem]:
    """Returns a problem where the films of a slot are too long together. A film "of 5 s" lasts a frame
    or two longer, so each may be 0.1 s over: three of them count as 15 s."""
    lengths = [
        picture.seconds for picture in pictures if slot.takes(picture.role) and picture.media == "video"
    ]
    together = sum(lengths)
    if together <= slot.film_seconds + 0.1 * len(lengths):
        return []
    values = {"seconds": round(together, 1), "maximum": slot.film_seconds, "legal": slot.film_seconds}
    return [Problem("pictures", "films_too_long", values)]


def _address_problems(model: Model, pictures: tuple[Picture, ...]) -> list[Problem]:
    """Returns a problem for each address that no vendor could read. An empty one is allowed: the form
    is still being filled. Whether plain http may be used (rehearsal, trusted hosts) is decided
    where the address is made."""
    inside = [picture.url for picture in pictures if picture.url.startswith("data:image/")]
    if inside and not model.data_pictures:
        return [Problem("pictures", "needs_public_address", {"legal": "https"})]
    if sum(map(len, inside)) > model.data_pictures:
        limit = model.data_pictures // 1_000_000
        return [Problem("pictures", "too_big_inside", {"limit": limit, "legal": limit})]
    others = [picture.url for picture in pictures if picture.url and picture.url not in inside]
    broken = [url[:200] for url in others if not web_address(url)]
    return [Problem("pictures", "not_an_address", {"url": url}) for url in broken]
