"""Views that export templates to a file and import them from one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from videos import access, authority, tablefile
from videos.models import Membership, clock
from videos.recipes import changes, files, views
from videos.signin import login_required


@require_GET
@login_required
def recipes_export(request: HttpRequest, team: str) -> HttpResponse:
    """Exports every template that this person sees: ``format=json`` with every version, else CSV with the
    newest."""
    member = access.member_of(request.user, team)
    rows = access.recipes_for(member).prefetch_related("versions").order_by("-changed_at", "-pk")
    json = request.GET.get("format") == "json"
    text = files.as_json(rows) if json else files.as_csv(rows)
    answer = HttpResponse(text, content_type=f"{'application/json' if json else 'text/csv'}; charset=utf-8")
    name = f"templates-{team}-{clock.now():%Y-%m-%d}.{'json' if json else 'csv'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@login_required
def recipes_import(request: HttpRequest, team: str) -> HttpResponse:
    """Imports all templates of a file or none."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    file = tablefile.read_upload(request.FILES.get("file"), request.POST, files.BYTES_MOST)
    if file.unread:
        return render_refused(request, member, [], file.unread)
    if request.POST.get("do") == "forget" and file.text is None:
        return redirect("recipes", team)
    if file.text is None:
        return render_refused(request, member, [file.refused or _("Choose a file first.")])
    try:
        found = files.read(file.text)
    except files.Unreadable as unreadable:
        return render_refused(request, member, unreadable.reasons)
    with authority.acting(member, "make"):
        for one in found:
            versions = [(version.text, version.model, dict(version.options)) for version in one.versions]
            changes.import_recipe(member, one.title, one.description, one.private, versions)
    sentence = ngettext("%(count)s template came in.", "%(count)s templates came in.", len(found))
    messages.success(request, sentence % {"count": len(found)})
    return redirect("recipes", team)


def render_refused(
    request: HttpRequest,
    member: Membership,
    reasons: list[str],
    unread: tablefile.UnknownEncoding | None = None,
) -> HttpResponse:
    shown = reasons[:20]
    context = views.list_context(member, request) | {
        "reasons": shown,
        "further": len(reasons) - len(shown),
        "unread": unread,
    }
    return render(request, "recipes/list.html", context, status=422)
