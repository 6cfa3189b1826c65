"""Views of a team's templates: the list, one of them, and its history."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from videos import access, labels
from videos.access import whole
from videos.models import Membership, Recipe
from videos.recipes import changes, files, queries, using
from videos.signin import login_required
from videos.vendors import options, registry


@require_GET
@login_required
def recipes(request: HttpRequest, team: str) -> HttpResponse:
    """Shows the page; for htmx the list, or (``before``) the entries that come after."""
    member = access.member_of(request.user, team)
    response = render(request, template(request), list_context(member, request))
    if request.htmx and not request.GET.get("before"):
        response["HX-Push-Url"] = request.path + address(request)
    return response


def list_context(member: Membership, request: HttpRequest) -> dict[str, object]:
    typed, before, trash = request.GET.get("q", ""), request.GET.get("before", ""), "trash" in request.GET
    found = queries.page(member, typed, before, trash=trash)
    thrown = whole(request.GET.get("thrown"))
    return {
        "member": member,
        "team": member.team,
        "makes": access.can(member, "make"),
        "entries": found.entries,
        "older": address(request, before=found.older) if found.older else "",
        "later_page": bool(before),
        "q": typed,
        "trash": trash,
        "shipped": [] if before or trash else queries.shipped_matching(typed),
        "thrown": access.recipes_known(member).exclude(trashed_at=None).filter(pk=thrown).first()
        if thrown
        else None,
        "most": files.MOST,
    }


def template(request: HttpRequest) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "recipes/list.html"
    return "recipes/_entries.html" if request.GET.get("before") else "recipes/_list.html"


def address(request: HttpRequest, **changed: str) -> str:
    asked = {name: request.GET.get(name, "") for name in ("q", "trash")} | changed
    return "?" + urlencode({name: value for name, value in asked.items() if value})


@require_GET
@login_required
def recipe(request: HttpRequest, team: str, number: int, version: int | None = None) -> HttpResponse:
    """Shows the newest version, or one by its number, compared with the one before it or with
    ``?against=``."""
    member = access.member_of(request.user, team)
    found = access.one(access.recipes_known(member).select_related("created_by"), pk=number)
    rows = found.versions.select_related("recipe", "created_by")
    shown = access.one(rows, number=version) if version is not None else rows[0]
    others, older = queries.versions(found, whole(request.GET.get("before")))
    other, compared = queries.compared(shown, whole(request.GET.get("against")))
    numbers = queries.version_stats(member, {shown, *others})
    context = {
        "member": member,
        "team": member.team,
        "makes": access.can(member, "make"),
        "recipe": found,
        "until": queries.deleted_at(member, found) if found.trashed_at else None,
        "version": shown,
        "source": using.of_version(shown),
        "model": labels.model_name(shown.model) if shown.model else "",
        "asked": labels.described(shown.options),
        "numbers": numbers.get(shown.pk, queries.VersionStats()),
        "versions": [(one, numbers.get(one.pk, queries.VersionStats())) for one in others],
        "newest": found.versions.first().number,
        "older": older,
        "other": other,
        "compared": compared,
    }
    return render(request, "recipes/page.html", context)


@require_POST
@login_required
def recipe_trash(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Puts a template in the trash; the page that follows offers to undo that."""
    member = access.member_of(request.user, team)
    changes.trash(member, access.one(access.recipes_for(member), pk=number))
    return redirect(f"{reverse('recipes', args=[team])}?thrown={number}")


@require_POST
@login_required
def recipe_restore(request: HttpRequest, team: str, number: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    found: Recipe = access.one(access.recipes_known(member).exclude(trashed_at=None), pk=number)
    changes.restore(member, found)
    messages.success(request, _("“%(title)s” is back in the list.") % {"title": found.title})
    return redirect("recipe", team, number)


@require_POST
@login_required
def recipe_copy(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """Copies a template that ships, as the team's own, in the language of whoever copies it."""
    member = access.member_of(request.user, team)
    one = using.of_shipped(slug)
    paid = set(access.usable_keys(member).values_list("vendor", flat=True))
    model = next((key for key in one.models if registry.MODELS[key].vendor in paid), "")
    asked = options.carry_over(registry.MODELS[model], one.options)[0] if model else {}
    words = {"title": one.title, "description": one.description, "text": one.text}
    made = changes.create(member, **words, model=model, options=asked)
    messages.success(request, _("It is your team's own now, to be changed as you like."))
    return redirect("recipe_edit", team, made.pk)
