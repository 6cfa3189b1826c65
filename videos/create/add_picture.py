"""Adds a picture from elsewhere in the studio (a frame of a clip, a picture of the library) to the form
that somebody is typing in.

Nothing typed is lost: the picture is added to the draft on the server, and the form is drawn from that
draft.
"""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from videos import access, foreign_ids, labels
from videos.create import drafts, form_state, image_roles, media_import
from videos.models import Membership, Upload
from videos.signin import login_required
from videos.uploads.pictures import BadPicture

SECONDS_MOST = 86_400.0  # seconds; past its end a film shows its last frame


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture was put. ``role`` is empty where the form has no slot for it; ``said`` is the
    sentence for the person."""

    role: str
    said: str


@login_required
@require_POST
def clip_frame(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Adds what output ``n`` shows at ``at`` seconds to the form; for a still the whole picture, and with
    ``whole`` the whole film."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    n = request.POST.get("n", "")
    output = access.output_for(member, public_id, int(n) if n.isdecimal() and len(n) < 6 else -1)
    if output.state != "stored" or not output.file:
        return redirect("clip", team, public_id)
    try:
        if output.kind != "video":
            upload = media_import.keep_still(member, output)
        elif request.POST.get("whole"):
            upload = media_import.keep_clip(member, output)
        else:
            upload = media_import.keep_frame(member, output, parse_seconds(request.POST.get("at", "")))
    except BadPicture as bad:
        messages.error(
            request,
            media_import.describe_refusal(
                bad, _("This clip") if output.kind == "video" else _("This picture")
            ),
        )
        return redirect("clip", team, public_id)
    return reply(request, add_to_form(member, upload), team)


@login_required
@require_POST
def draft_picture(request: HttpRequest, team: str) -> HttpResponse:
    """Adds a picture of the library to the form: in the slot that was asked for (``role``), else in the
    first that has room."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    foreign_ids.keep_out(member, "upload", access.uploads_known(member), request.POST.getlist("upload"))
    upload = access.one(access.uploads_for(member), pk=access.whole(request.POST.get("upload")))
    return reply(request, add_to_form(member, upload, request.POST.get("role", "")), team)


def reply(request: HttpRequest, joined: Placed, team: str) -> HttpResponse:
    """Shows the sentence of ``joined`` above the form."""
    (messages.success if joined.role else messages.warning)(request, joined.said)
    return redirect("gallery", team)


def add_to_form(member: Membership, upload: Upload, wish: str = "") -> Placed:
    """Adds ``upload`` to the draft of ``member``, with the role ``wish`` where that slot has room."""
    typed = drafts.current_form(member)
    here = image_roles.shot_of(typed.model, typed.shot, typed.pictures)
    others = [] if typed.pictures else image_roles.shots_of(typed.model)
    for shot in (here, *others):
        if role := image_roles.free_role(shot, typed.pictures, upload, wish):
            filled = replace(typed, shot=shot.name)
            drafts.save(
                member, form_state.with_pictures(filled, [(role, upload)]), typed.draft or token_urlsafe(24)
            )
            values = {"name": upload.name, "role": labels.role_name(role)}
            return Placed(role, _("%(name)s is in the form now, as %(role)s.") % values)
    return Placed("", describe_no_slot(typed, upload))


def describe_no_slot(typed: form_state.FormState, upload: Upload) -> str:
    """Why no slot of the form takes ``upload``."""
    values = {"name": upload.name, "model": typed.model.name}
    if not image_roles.shots_of(typed.model):
        return _("%(model)s takes no pictures. %(name)s waits among the pictures for another model.") % values
    if upload.media == "video" and not image_roles.takes_films(typed.model):
        return _("%(model)s takes no videos. %(name)s waits among the pictures for another model.") % values
    return _("There is no room for %(name)s: take a picture out of the form first.") % values


def parse_seconds(text: str) -> float:
    """Reads seconds as a player or a person writes them; 0.0 where the text is no number from 0 to a day."""
    try:
        seconds = float(text[:20].replace(",", "."))
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds <= SECONDS_MOST else 0.0
