"""The wall of what a team made, and the poller that keeps it alive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from videos import access, cards, live, takes
from videos.gallery import queries, replies
from videos.signin import came_from, login_required

DENSITY_COOKIE, DENSITIES = "studio-density", ("s", "m", "l")


@login_required
@require_GET
def gallery(request: HttpRequest, team: str) -> HttpResponse:
    """The whole page, or for htmx the next cards of it."""
    member = access.member_of(request.user, team)
    wall = queries.Wall.asked(member, request.GET)
    found = list(cards.with_cards(queries.jobs_of(member, wall))[: queries.PAGE + 1])
    shown, more = found[: queries.PAGE], len(found) > queries.PAGE
    stacks = takes.stacks(member, shown)
    behind = takes.behind(shown, stacks)
    density = request.GET.get("density") or request.COOKIES.get(DENSITY_COOKIE)
    context = {
        "member": member,
        "team": member.team,
        "wall": wall,
        "may_make": access.can(member, "make"),
        "cards": takes.wall(shown, member, stacks),
        "older": wall.address(before=shown[-1].public_id.hex, page=wall.page + 1) if more else "",
        "density": density if density in DENSITIES else "m",
    }
    if request.htmx and not request.htmx.history_restore_request and wall.before:
        asked = request.GET.get("watch", "")
        watched = replies.watched_jobs(member, asked)
        response = render(
            request,
            "gallery/_more.html",
            context | {"watch": live.Watch.over([*watched, *behind], live.read(asked))},
        )
    else:
        response = render(request, "gallery/page.html", context | replies.whole_page(member, wall, behind))
    if request.GET.get("density") in DENSITIES:
        response.set_cookie(
            DENSITY_COOKIE, context["density"], max_age=31_536_000, samesite="Lax", httponly=True
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_GET
def changes(request: HttpRequest, team: str) -> HttpResponse:
    """What changed among the watched cards, as those cards; 204 when nothing did."""
    watched = live.read(request.GET.get("watch", ""))
    marks = access.marks_for(request.user, team, list(watched))
    if not marks:
        access.member_of(request.user, team)  # a stranger is told nothing, not even "no change"
    same = all(watched[found] == live.mark(version, percent) for found, version, percent, _state in marks)
    if same and len(marks) == len(watched) and watched:
        return HttpResponse(status=204)
    member = access.member_of(request.user, team)
    wall = reverse("gallery", args=[team])
    asked_from = came_from(request).path or wall  # other pages that poll keep their own title
    context = replies.changed(member, watched) | {"on_the_wall": asked_from == wall}
    return render(request, "gallery/_changes.html", context)


@login_required
@require_POST
def late(request: HttpRequest, team: str) -> HttpResponse:
    """Seen: what came home late is news no longer, for this person."""
    member = access.member_of(request.user, team)
    access.late_for(member).update(came_late_at=None)
    return HttpResponse() if request.htmx else redirect("gallery", team)
