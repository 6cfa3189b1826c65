"""The places for pictures as a template draws them, and what is said about what is in them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from videos import cards, labels
from videos.create import image_roles
from videos.create.form_state import FormState
from videos.models import Membership, Upload
from videos.vendors.contract import Slot


@dataclass(frozen=True, slots=True)
class SlotPicture:
    """One picture in its place, or the poster of a film (``length``: how long it runs).
    ``note`` says what was changed about it."""

    id: int
    name: str
    url: str
    file: str
    length: str
    note: str
    at: int
    number: int
    last: bool


@dataclass(frozen=True, slots=True)
class PictureSlot:
    """One slot: the pictures in it, how many more may come, and whether they may be films."""

    role: str
    label: str
    pictures: tuple[SlotPicture, ...]
    more: int
    needed: bool
    films: bool


def picture_slot(member: Membership, slot: Slot, sheet: FormState) -> PictureSlot:
    own = [upload for role, upload in sheet.pictures if role == slot.role]
    return PictureSlot(
        role=slot.role,
        label=labels.role_name(slot.role),
        pictures=tuple(slot_picture(member, one, n, len(own)) for n, one in enumerate(own)),
        more=max(0, slot.maximum - len(own)),
        needed=slot.minimum > len(own) and image_roles.needs_picture(sheet.model),
        films="video" in slot.media,
    )


def slot_picture(member: Membership, upload: Upload, n: int, of: int) -> SlotPicture:
    address = [member.team.slug, upload.pk]
    film = upload.media == "video"
    return SlotPicture(
        id=upload.pk,
        name=upload.name,
        url=thumbnail(member, upload),
        file=reverse("upload_file", args=address),
        length=cards.duration(upload.seconds or 0) if film else "",
        note=labels.picture_changes(upload.notes),
        at=n,
        number=n + 1,
        last=n + 1 == of,
    )


def thumbnail(member: Membership, upload: Upload) -> str:
    name = "upload_poster" if upload.media == "video" else "upload_file"
    return reverse(name, args=[member.team.slug, upload.pk])


def describe_moved_pictures(sheet: FormState) -> list[str]:
    """Every picture that could not stay where it was, by name."""
    sentences = []
    for moved in sheet.moved:
        values = {
            "name": moved.name,
            "before": labels.role_name(moved.before),
            "after": labels.role_name(moved.after),
            "model": sheet.model.name,
        }
        if moved.after:
            sentences.append(
                gettext("The picture %(name)s was “%(before)s” and is now “%(after)s”.") % values
            )
        elif moved.film:
            sentences.append(
                gettext("%(model)s takes no video here: %(name)s waits for a model that does.") % values
            )
        else:
            sentences.append(
                gettext("There is no place for the picture %(name)s here; it waits for one.") % values
            )
    return sentences
