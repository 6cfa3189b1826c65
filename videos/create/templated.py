"""A template beside what is being typed: the one place where this room knows templates."""

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
    """``named``: see ``using.source``. Its words, with their gaps filled, go into an empty form
    at once; else both stand side by side."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    theirs = form_with_template(member, named)
    return reuse.fill_or_compare(request, member, theirs, f"{reverse('gallery', args=[team])}?recipe={named}")


def form_with_template(member: Membership, named: str) -> form_state.FormState:
    """The form with these words, and with whatever else stands in it; a draft of its own."""
    found, text = using.source_and_text(member, named)
    typed = replace(drafts.current_form(member), draft="")
    return form_state.with_template(member, typed, text, found.models, found.options, found.version)
