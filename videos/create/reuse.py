"""Pages that fill the form from a job or from an older draft. Where something is being typed, both are
shown side by side, and what is typed is never overwritten unseen."""

import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from videos import access
from videos.create import controls, drafts, form_state, image_slots, merging
from videos.models import Draft, Membership
from videos.signin import login_required


@login_required
@require_http_methods(["GET", "POST"])
def reuse(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Fills the form from a job. Where something is being typed, the page shows both, and the person
    chooses field by field."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    job = access.job_for(member, public_id)
    asked = {name: request.GET[name] for name in ("as", "picture") if name in request.GET}
    query = urlencode({"from": job.public_id.hex} | asked)
    return fill_or_compare(
        request, member, drafts.form_of_job(member, job, asked), f"{reverse('gallery', args=[team])}?{query}"
    )


def fill_or_compare(
    request: HttpRequest, member: Membership, theirs: form_state.FormState, filled: str
) -> HttpResponse:
    """Redirects to ``filled`` (the address of a form filled with ``theirs``) where nothing typed differs
    from it; else shows ``theirs`` beside what is being typed, and merges the two on POST."""
    mine = drafts.typed_form(member)
    found = merging.rows(member, mine, theirs) if mine else []
    if not found:
        return redirect(filled)
    if request.method == "POST":
        take = request.POST.get("take")
        choice = dict.fromkeys((row.name for row in found), take) if take else request.POST.dict()
        return save_merged(request, member, merging.merged(member, mine, theirs, choice))
    context = {"rows": found, "member": member, "team": member.team}
    return render(request, "create/merge.html", context)


def save_merged(request: HttpRequest, member: Membership, merged: form_state.FormState) -> HttpResponse:
    """Stores the merged form as a draft, so that the next page shows it, and names what could not be taken
    along."""
    drafts.save(member, merged, secrets.token_urlsafe(24))
    for sentence in controls.describe_changes(merged):
        messages.info(request, sentence)
    return redirect("gallery", member.team.slug)


@login_required
@require_GET
def draft_list(request: HttpRequest, team: str) -> HttpResponse:
    """Lists every draft with something typed in it, newest first; the first one is in the form now."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    found = draft_entries(member, [draft for draft in access.drafts_for(member) if draft.typed])
    return render(request, "create/drafts.html", {"drafts": found, "member": member, "team": member.team})


@login_required
@require_POST
def draft_choose(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Puts the draft into the form, or deletes it (``do=drop``)."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    draft = access.one(access.drafts_for(member), pk=number)
    if request.POST.get("do") == "drop":
        drafts.delete(member, draft)
        return redirect("drafts", team)
    drafts.make_newest(member, draft)
    return redirect("gallery", team)


def draft_entries(member: Membership, found: list[Draft]) -> list[dict[str, object]]:
    """What the list shows of each draft, with one query for all their pictures."""
    named = [
        [access.whole(number) for _role, number in draft.content.get("pictures") or []] for draft in found
    ]
    known = access.uploads_known(member).in_bulk([pk for numbers in named for pk in numbers if pk])
    return [
        {
            "draft": draft,
            "text": draft.content.get("prompt") or "",
            "model": form_state.known_model(draft.content.get("model")).name,
            "pictures": [image_slots.thumbnail(member, known[pk]) for pk in numbers if pk in known],
        }
        for draft, numbers in zip(found, named, strict=True)
    ]
