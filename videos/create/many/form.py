"""Reads the form of a batch as it was sent, so that it can be drawn again with nothing typed lost."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest

from videos import access, tablefile
from videos.access import whole
from videos.create import form_state as sheets
from videos.create import image_roles, media_import
from videos.create.form_state import FormState
from videos.create.many.rows import NamedUpload, normalized_name
from videos.create.typed_options import storable
from videos.models import Membership
from videos.tablefile import TableText, UnknownEncoding
from videos.uploads import receiving

# Bytes: a hundred of the longest prompts. No more than its field takes (templatetags/studio.py): a
# browser sends nothing that was changed in a field while it is longer than that.
FILE_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class BatchForm:
    """The form. ``text`` is what stands in the field, or came as a file; ``brought`` are pictures dropped
    into this form; ``refused`` says what was not taken; ``unread`` is a file whose encoding a person has to
    choose before anything else."""

    sheet: FormState
    text: str = ""
    brought: tuple[NamedUpload, ...] = ()
    role: str = ""
    token: str = ""
    refused: tuple[str, ...] = ()
    unread: UnknownEncoding | None = None

    @property
    def roles(self) -> list[str]:
        """The roles that the one picture of a row may have on this model."""
        shots = image_roles.shots_of(self.sheet.model)
        return list(dict.fromkeys(slot.role for shot in shots for slot in shot.slots))

    @property
    def chosen_role(self) -> str:
        return self.role if self.role in self.roles else next(iter(self.roles), "start")


def fresh(sheet: FormState, text: str = "", pictures: Sequence[NamedUpload] = ()) -> BatchForm:
    """A form that was not sent yet."""
    return BatchForm(
        replace(sheet, prompt="", pictures=()), text, tuple(pictures), token=secrets.token_urlsafe(24)
    )


def from_request(member: Membership, request: HttpRequest) -> BatchForm:
    """Reads the form that was sent."""
    data = request.POST
    text, file = _text(request)
    kept_pictures = _kept_pictures(member, data.getlist("given"))
    new, wrong = _new_pictures(member, request)
    return BatchForm(
        sheet=replace(sheets.from_request(member, data), prompt="", pictures=(), recipe=None, parent=None),
        text=text,
        brought=tuple(newest_last([*kept_pictures, *new])),
        role=data.get("role", ""),
        token=storable(data.get("client_token", ""))[:64] or secrets.token_urlsafe(24),
        refused=(*([file.refused] if file.refused else []), *wrong),
        unread=file.unread,
    )


def _text(request: HttpRequest) -> tuple[str, TableText]:
    """The rows as text. A file replaces what stood in the field, where it can then be corrected."""
    found = tablefile.read_upload(request.FILES.get("table"), request.POST, FILE_MOST)
    text = request.POST.get("rows", "") if found.text is None else found.text.strip("\ufeff\n")
    return storable(text).replace("\r\n", "\n"), found


def newest_last(pictures: Sequence[NamedUpload]) -> list[NamedUpload]:
    """Each picture once, at its last position: of two that share a name, the last one counts."""
    by_id: dict[int, NamedUpload] = {}
    for name, upload in pictures:
        by_id.pop(upload.pk, None)
        by_id[upload.pk] = (name, upload)
    return list(by_id.values())


def _kept_pictures(member: Membership, named: Sequence[str]) -> list[NamedUpload]:
    """Reads ``17:harbour.png`` for each picture that came with an earlier sending of this form. Raises 404
    for one that is not the team's: left out, what is paid for would be made without it."""
    pairs = [(whole(number), name) for number, _colon, name in (one.partition(":") for one in named)]
    found = access.uploads_known(member).in_bulk([number for number, _name in pairs if number])
    if any(number not in found for number, _name in pairs):
        raise Http404
    return [(storable(name), found[number]) for number, name in pairs]


def _new_pictures(member: Membership, request: HttpRequest) -> tuple[list[NamedUpload], list[str]]:
    sent = (("pictures", file) for file in request.FILES.getlist("pictures"))
    files, too_many = receiving.accept_files(request, sent)
    imported, refused = media_import.import_files(member, files)
    return [(normalized_name(file.name), upload) for (_field, file), upload in imported], [
        *too_many,
        *refused,
    ]
