"""Views that write a template: a new one, from what stands in the composer or was asked for before, or the
next version of one."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from videos import access
from videos.access import whole
from videos.models import Membership, Recipe, RecipeVersion
from videos.recipes import changes
from videos.recipes.forms import RecipeForm, values_of
from videos.signin import login_required


@require_http_methods(["GET", "POST"])
@login_required
def recipe_new(request: HttpRequest, team: str) -> HttpResponse:
    """Creates a template. ``?from=draft`` begins with what is being typed in the composer, ``?from=<id>``
    with the words and settings of a generation."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    if request.method == "GET":
        return page(request, member, RecipeForm(initial=initial_for_new(member, request.GET.get("from", ""))))
    if drawn_for_another(request.POST):
        return page(request, member, RecipeForm(initial=request.POST.dict()))
    form = RecipeForm(request.POST)
    if not form.is_valid():
        return page(request, member, form)
    made = changes.create(member, **columns(form))
    messages.success(request, _("The template is saved."))
    return redirect("recipe", team, made.pk)


@require_http_methods(["GET", "POST"])
@login_required
def recipe_edit(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Saves the next version. ``?version=`` begins with an older one: saving it makes it the newest."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    found = access.one(access.recipes_for(member), pk=number)
    mine = found.created_by_id == member.user_id
    if request.method == "GET":
        asked = whole(request.GET.get("version"))
        version = access.one(found.versions.all(), number=asked) if asked else found.versions.first()
        form = RecipeForm(initial=initial(found, version), may_hide=mine)
        return page(request, member, form, found, seen=found.versions.first().number)
    seen = whole(request.POST.get("seen"))
    if drawn_for_another(request.POST):
        return page(request, member, RecipeForm(initial=request.POST.dict(), may_hide=mine), found, seen=seen)
    form = RecipeForm(request.POST, may_hide=mine)
    if not form.is_valid():
        return page(request, member, form, found, seen=seen)
    made = changes.save(member, found, **columns(form))
    if seen is not None and made.number > seen + 1:
        other = {"seen": seen + 1, "number": made.number}
        messages.warning(
            request,
            _(
                "Meanwhile somebody else saved version %(seen)s; yours is version %(number)s, and both are kept."
            )
            % other,
        )
    else:
        messages.success(request, _("Saved. The newest is version %(number)s.") % {"number": made.number})
    return redirect("recipe", team, found.pk)


def page(
    request: HttpRequest,
    member: Membership,
    form: RecipeForm,
    recipe: Recipe | None = None,
    seen: int | None = None,
) -> HttpResponse:
    drawn = request.POST.get("do") == "draw"
    again = request.method == "POST" and not drawn
    context = {
        "member": member,
        "team": member.team,
        "form": form,
        "recipe": recipe,
        "seen": seen,
        "other_model": again and not form.is_bound,
    }
    template = "recipes/_settings.html" if request.htmx and drawn else "recipes/form.html"
    return render(request, template, context, status=422 if again else 200)


def drawn_for_another(data: Mapping[str, str]) -> bool:
    """Whether the settings have to be drawn for another model: because that was asked for, or because the
    model was changed since, and what is saved must be seen first."""
    settings = any(name.startswith("option.") and value for name, value in data.items())
    return data.get("do") == "draw" or (settings and data.get("was", "") != data.get("model", ""))


def columns(form: RecipeForm) -> dict[str, object]:
    names = ("title", "description", "private", "text", "model", "options")
    return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}


def initial(recipe: Recipe, version: RecipeVersion) -> dict[str, object]:
    about = {"title": recipe.title, "description": recipe.description, "private": recipe.private}
    words = {"text": version.text, "model": version.model}
    return about | words | values_of(version.model, version.options)


def initial_for_new(member: Membership, named: str) -> dict[str, object]:
    """What a new template begins with: nothing, unless the address says from what."""
    if not named:
        return {}
    if named == "draft":
        draft = access.drafts_for(member).first()
        content = draft.content if draft else {}
        model, asked = str(content.get("model") or ""), content.get("options") or {}
        return {"text": content.get("prompt") or "", "model": model} | values_of(model, asked)
    job = access.job_for(member, named)
    return {"text": job.prompt.text, "model": job.model} | values_of(job.model, job.options)
