"""Views that use a template: a field for each gap, a preview of the words, and on to the composer. What is
typed is stored, so that the same button works without JavaScript."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from videos import access, after_commit, labels
from videos.access import whole
from videos.models import Membership
from videos.recipes import changes, using, wording
from videos.signin import login_required


@require_http_methods(["GET", "POST"])
@login_required
def recipe_use(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Uses the newest version, or ``?version=``."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    found = access.one(access.recipes_for(member), pk=number)
    rows = found.versions.select_related("recipe")
    asked = whole(request.GET.get("version"))
    version = access.one(rows, number=asked) if asked else rows[0]
    return use(request, member, using.of_version(version))


@require_http_methods(["GET", "POST"])
@login_required
def recipe_shipped(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """Shows a template that ships to everybody; only those who may make something use it."""
    member = access.member_of(request.user, team)
    if request.method == "POST":
        access.require(member, "make")
    return use(request, member, using.of_shipped(slug))


def use(request: HttpRequest, member: Membership, found: using.Source) -> HttpResponse:
    """Shows the page; ``do=preview`` shows it with these values; any other post goes on to the composer,
    unless a gap is still empty."""
    if request.method == "GET":
        return page(request, member, found, changes.answers(member, found.of))
    values = changes.save_answers(member, found.of, found.text, request.POST)
    return after_commit.answered(
        request, request.get_full_path(), lambda: reply_saved(request, member, found, values)
    )


def reply_saved(
    request: HttpRequest, member: Membership, found: using.Source, values: dict[str, str]
) -> HttpResponse:
    if request.POST.get("do") == "preview":
        return page(request, member, found, values)
    if wording.missing(found.text, values):
        return page(request, member, found, values, pressed=True)
    destination = using.composer_address(member.team.slug, found)
    return HttpResponse(status=303, headers={"Location": destination})


def page(
    request: HttpRequest,
    member: Membership,
    found: using.Source,
    values: dict[str, str],
    *,
    pressed: bool = False,
) -> HttpResponse:
    open_ = wording.missing(found.text, values) if pressed else ()
    context = {
        "member": member,
        "team": member.team,
        "makes": access.can(member, "make"),
        "source": found,
        "gaps": [
            (name, values.get(wording.normalized_name(name), ""), name in open_) for name in found.variables
        ],
        "open": open_,
        "pieces": wording.pieces(found.text, values),
        "models": [labels.model_name(key) for key in found.models],
        "asked": labels.described(found.options),
        "most": changes.ANSWER_MOST,
    }
    template = "recipes/_preview.html" if request.htmx and not pressed else "recipes/use.html"
    return render(request, template, context, status=422 if pressed else 200)
