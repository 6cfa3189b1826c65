"""Puts a template beside what is being typed. This is the only module of this room that imports the
templates' room (``videos.recipes``)."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from videos import access
from videos.create import drafts, form_state, reuse
from videos.models import Membership
from videos.recipes import using
from videos.signin import login_required


@login_required
@require_http_methods(["GET", "POST"])
def recipe_beside(request: HttpRequest, team: str, named: str) -> HttpResponse:
    """Fills an empty form with the words of a template, its gaps filled; else shows both side by side.
    ``named``: see ``using.source``."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    theirs = form_with_template(member, named)
    return reuse.fill_or_compare(request, member, theirs, f"{reverse('gallery', args=[team])}?recipe={named}")


def form_with_template(member: Membership, named: str) -> form_state.FormState:
    """The current form with the words of a template, as a draft of its own."""
    found, text = using.source_and_text(member, named)
    typed = replace(drafts.current_form(member), draft="")
    return form_state.with_template(member, typed, text, found.models, found.options, found.version)
