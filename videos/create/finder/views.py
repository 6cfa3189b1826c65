"""Views that find a model by wishes: beside the composer, or as a page of its own."""

import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from videos import access, after_commit
from videos.create import controls, drafts, form_state
from videos.create.finder import results
from videos.create.finder.forms import FinderForm, wishes_of
from videos.create.typed_options import storable
from videos.models import Membership
from videos.signin import came_from, login_required
from videos.vendors import registry


@login_required
@require_GET
def models(request: HttpRequest, team: str) -> HttpResponse:
    """Lists the models that can do what the address asks; without a wish in the address, what the form
    asks."""
    member = access.member_of(request.user, team)
    typed = drafts.current_form(member)
    context = finder_context(request, member, typed, request.GET.dict() or wishes_of(typed))
    template = "create/_found.html" if request.htmx else "create/models.html"
    answer = render(request, template, context, status=422 if context["wanted"].errors else 200)
    if request.htmx and not context["beside"]:
        answer["HX-Replace-Url"] = context["address"]
    return answer


@login_required
@require_POST
def model_choice(request: HttpRequest, team: str) -> HttpResponse:
    """Puts a model of the list into the form, with the wishes of the address. htmx sends the form along;
    without it the form is the stored draft."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    model = registry.MODELS.get(request.POST.get("choose", ""))
    finder = FinderForm(request.GET.dict(), access.rates_for(member))
    if model is None or finder.errors:
        raise Http404
    typed = (
        form_state.from_request(member, request.POST)
        if "was" in request.POST
        else drafts.current_form(member)
    )
    filled = results.with_found_model(member, typed, model, finder)
    form = storable(request.POST.get("client_token", ""))[:64]
    drafts.save(member, filled, form or typed.draft or secrets.token_urlsafe(24))
    return after_commit.answered(
        request, reverse("gallery", args=[team]), lambda: render_filled_form(request, member, filled)
    )


def render_filled_form(
    request: HttpRequest, member: Membership, filled: form_state.FormState
) -> HttpResponse:
    """Answers with the form as the choice filled it."""
    if request.htmx:
        context = {"composer": controls.compose(member, filled), "member": member, "team": member.team}
        return render(request, "create/_chosen.html", context | {"chosen": True})
    for note in controls.describe_changes(filled):
        messages.info(request, note)
    return redirect("gallery", member.team.slug)


def render_finder(request: HttpRequest, member: Membership, typed: form_state.FormState) -> HttpResponse:
    """Opens the list, filled from what stands in the composer now."""
    wishes = wishes_of(typed)
    if not request.htmx:
        return redirect(f"{reverse('models', args=[member.team.slug])}?{urlencode(wishes)}")
    return render(request, "create/_finder.html", finder_context(request, member, typed, wishes))


def finder_context(
    request: HttpRequest, member: Membership, typed: form_state.FormState, wishes: dict[str, str]
) -> dict[str, object]:
    """What the list's templates print."""
    finder = FinderForm(wishes, access.rates_for(member))
    groups = [] if finder.errors else results.groups(member, finder, typed)
    path = reverse("models", args=[member.team.slug])
    return {
        "wanted": finder,
        "groups": groups,
        "able": sum(len(rows) for group, rows in groups if group in ("can", "unpriced")),
        "query": urlencode(finder.asked),
        "address": f"{path}?{urlencode(finder.asked)}",
        "beside": bool(request.htmx) and not came_from(request).path.startswith(path),
        "makes": access.can(member, "make"),
        "member": member,
        "team": member.team,
    }
