"""Views of the trash: what is in it, until when it can be taken back, and taking it back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from videos import access, after_commit, words
from videos.jobs import verbs
from videos.signin import login_required
from videos.trash import queries


@login_required
@require_GET
def trash(request: HttpRequest, team: str) -> HttpResponse:
    """Shows the page; for htmx (``before``) the entries that come after."""
    member = access.member_of(request.user, team)
    before = request.GET.get("before", "")
    found = queries.page(member, before)
    context = {
        "member": member,
        "team": member.team,
        "entries": found.entries,
        "older": found.older,
        "later_page": bool(before),
        "days": settings.TRASH_DAYS,
        "may_trash": access.can(member, "trash"),
    }
    part = request.htmx and not request.htmx.history_restore_request and before
    response = render(request, "trash/_entries.html" if part else "trash/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_POST
def trash_restore(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Takes a generation out of the trash. htmx gets the line that says so, in the entry's place."""
    member = access.member_of(request.user, team)
    job = access.one(access.trash_for(member).select_related("prompt", "team"), public_id=public_id)
    try:
        verbs.restore(member, job)
    except verbs.CannotBe as cannot:
        if request.htmx:
            return render(
                request, "clips/_sorry.html", {"sentence": words.describe_refusal(cannot.code)}, status=422
            )
        messages.error(request, words.describe_refusal(cannot.code))
        return redirect("trash", team)
    if request.htmx:
        context = {"job": job, "team": member.team}
        return after_commit.answered(
            request, reverse("trash", args=[team]), lambda: render(request, "trash/_back.html", context)
        )
    messages.success(request, _("It is back in the gallery."))
    return redirect("trash", team)
