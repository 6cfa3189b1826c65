"""Assigns pictures to the slots of a model, and decides what becomes of them when another model or shot is
chosen.

A "shot" is a set of slots that may be filled together: a start and an end, or references, but not both.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from videos.models import Upload
from videos.vendors.contract import Model, Picture, Slot

ROLES = ("start", "end", "reference")
UNPLACED_MOST = 20


@dataclass(frozen=True, slots=True)
class Shot:
    """Slots that may be filled together. ``name`` is the roles of the slots, joined by "-"."""

    name: str
    slots: tuple[Slot, ...]

    def slot(self, role: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.takes(role)), None)


@dataclass(frozen=True, slots=True)
class MovedPicture:
    """A picture that changed its role. ``after`` is empty where this model has no slot for it; ``film``: it
    is a video, which fewer slots take."""

    name: str
    before: str
    after: str
    film: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Pictures as they stand in slots. ``waiting``: (role, upload) of those that no slot takes now."""

    pictures: tuple[tuple[str, Upload], ...]
    moved: tuple[MovedPicture, ...]
    waiting: tuple[tuple[str, Upload], ...]


def shots_of(model: Model) -> tuple[Shot, ...]:
    """The largest sets of slots of this model. A smaller mode is one of them left partly empty, and so is
    no choice of its own."""
    modes = [mode for mode in model.modes if mode.slots]
    roles = [frozenset(slot.role for slot in mode.slots) for mode in modes]
    found: dict[frozenset, Shot] = {}
    for mode, own in zip(modes, roles, strict=True):
        if not any(own < other for other in roles):
            found.setdefault(own, Shot("-".join(slot.role for slot in mode.slots), mode.slots))
    return tuple(found.values())


def needs_picture(model: Model) -> bool:
    """Whether every mode of this model needs a picture."""
    return all(mode.slots for mode in model.modes)


def takes_films(model: Model) -> bool:
    """Whether any slot of this model takes videos."""
    return any("video" in slot.media for mode in model.modes for slot in mode.slots)


def shot_of(model: Model, name: str, pictures: Sequence[tuple[str, Upload | Picture]]) -> Shot | None:
    """The shot that was chosen (``name``), else the first in which all these pictures have a slot, else the
    first. A video that was dropped onto a slot for pictures selects the shot that takes videos."""
    shots = shots_of(model)
    misplaced = any(
        upload.media == "video" and not _role_takes_films(shots, role) for role, upload in pictures
    )
    filming = [shot for shot in shots if misplaced and any("video" in slot.media for slot in shot.slots)]
    chosen = [shot for shot in shots if shot.name == name]
    with_all_roles = [shot for shot in shots if all(shot.slot(role) for role, _upload in pictures)]
    return next(iter([*filming, *chosen, *with_all_roles, *shots]), None)


def _role_takes_films(shots: Sequence[Shot], role: str) -> bool:
    """Whether a slot for ``role`` in any of these shots takes videos."""
    return any(slot.takes(role) and "video" in slot.media for shot in shots for slot in shot.slots)


def arrange(
    shot: Shot | None, pictures: Iterable[tuple[str, Upload]], waiting: Iterable[tuple[str, Upload]] = ()
) -> Arrangement:
    """Puts each picture into the slot of its role, else into the first slot with room, else it waits for a
    model or a shot that has one. Every picture that did not stay where it was is named in ``moved``.
    Pictures that waited already come after the others, and are named only when they get a slot."""
    placed, moved, out = [], [], []
    used: Counter[str] = Counter()
    known = [*((*pair, False) for pair in pictures), *((*pair, True) for pair in waiting)]
    for role, upload, waited in known:
        slot = _free_slot(shot, role, upload.media, used)
        if slot:
            used[slot.role] += 1
            placed.append((slot.role, upload))
        else:
            out.append((role, upload))
        if not (slot and slot.takes(role)) and not (waited and slot is None):
            film = upload.media == "video"
            moved.append(MovedPicture(upload.name, role, slot.role if slot else "", film))
    order = [slot.role for slot in shot.slots] if shot else []
    placed.sort(key=lambda pair: order.index(pair[0]))
    return Arrangement(tuple(placed), tuple(moved), tuple(out[:UNPLACED_MOST]))


def free_role(
    shot: Shot | None, pictures: Sequence[tuple[str, Upload]], upload: Upload, wish: str = ""
) -> str:
    """The role that one more picture gets: ``wish`` if a slot for it has room, else the first slot that
    has; empty where none has."""
    used = Counter(role for role, _upload in pictures)
    with_room = [slot for slot in (shot.slots if shot else ()) if _has_room(slot, upload.media, used)]
    return next((slot.role for slot in with_room if slot.takes(wish)), with_room[0].role if with_room else "")


def _free_slot(shot: Shot | None, role: str, media: str, used: Counter) -> Slot | None:
    if shot is None:
        return None
    own = shot.slot(role)
    if own and media in own.media:
        return own if _has_room(own, media, used) else None
    return next((slot for slot in shot.slots if _has_room(slot, media, used)), None)


def _has_room(slot: Slot, media: str, used: Counter) -> bool:
    return media in slot.media and used[slot.role] < slot.maximum


def apply_button(pictures: Sequence[tuple[str, object]], what: str) -> tuple:
    """Applies ``remove:role:n``, ``left:role:n``, ``right:role:n`` or ``swap`` to the pictures. A button
    that names no picture changes nothing."""
    if what == "swap":
        turned = {"start": "end", "end": "start"}
        return tuple(sorted(((turned.get(role, role), upload) for role, upload in pictures), key=_by_role))
    verb, _colon, target = what.partition(":")
    role, _colon, number = target.partition(":")
    group = [pair for pair in pictures if pair[0] == role]
    if not number.isdecimal() or int(number) >= len(group):
        return tuple(pictures)
    at = int(number)
    if verb == "remove":
        del group[at]
    other = at + {"left": -1, "right": 1}.get(verb, 0)
    if verb in ("left", "right") and 0 <= other < len(group):
        group[at], group[other] = group[other], group[at]
    return tuple(sorted([pair for pair in pictures if pair[0] != role] + group, key=_by_role))


def _by_role(pair: tuple[str, object]) -> int:
    return ROLES.index(pair[0])
