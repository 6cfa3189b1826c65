"""Builds the picture slots of the form as a template draws them, and the sentences about pictures that were
moved between slots."""

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
    """One picture in its slot, or the poster of a film (``length``: how long it runs). ``note`` says what
    was changed about the picture when it was uploaded; ``at`` counts from 0 within the slot, ``number``
    from 1."""

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
    """One slot of the form: the pictures in it, how many more fit, whether it must be filled, and whether
    it takes films."""

    role: str
    label: str
    pictures: tuple[SlotPicture, ...]
    more: int
    needed: bool
    films: bool


def picture_slot(member: Membership, slot: Slot, sheet: FormState) -> PictureSlot:
    """Builds the slot with the pictures that the form holds for its role."""
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
    """Builds the ``n``-th of ``of`` pictures in a slot."""
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
    """The address of the picture, or of the poster of a film."""
    name = "upload_poster" if upload.media == "video" else "upload_file"
    return reverse(name, args=[member.team.slug, upload.pk])


def describe_moved_pictures(sheet: FormState) -> list[str]:
    """Names every picture that could not stay in its slot."""
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
