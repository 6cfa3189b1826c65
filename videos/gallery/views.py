"""Views of the gallery: the page of cards, more cards, and the poll for what changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from videos import access, authority, live
from videos.gallery import queries, replies
from videos.signin import came_from, login_required

DENSITY_COOKIE, DENSITIES = "studio-density", ("s", "m", "l")


@login_required
@require_GET
def gallery(request: HttpRequest, team: str) -> HttpResponse:
    """Shows the whole page."""
    member = access.member_of(request.user, team)
    wall = queries.Wall.asked(member, request.GET)
    context, behind = replies.cards_context(member, wall)
    asked = request.GET.get("density", "")
    density = asked or request.COOKIES.get(DENSITY_COOKIE)
    context |= replies.page_context(member, wall, behind)
    context |= {"density": density if density in DENSITIES else "m"}
    response = render(request, "gallery/page.html", context)
    if asked in DENSITIES:
        response.set_cookie(DENSITY_COOKIE, asked, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@csrf_exempt  # changes nothing; a page left open must not fail with a stale token
@login_required
@require_POST
def older(request: HttpRequest, team: str) -> HttpResponse:
    """Answers htmx with the cards after the last one. What the page watches comes in the body of a POST,
    because it is longer than the first line of a request may be."""
    member = access.member_of(request.user, team)
    wall = queries.Wall.asked(member, request.GET)
    context, behind = replies.cards_context(member, wall)
    asked = request.POST.get("watch", "")
    watched = replies.watched_jobs(member, asked)
    context |= {"watch": live.Watch.over([*watched, *behind], live.read(asked))}
    return render(request, "gallery/_more.html", context)


@csrf_exempt  # changes nothing, as above
@login_required
@require_POST
def changes(request: HttpRequest, team: str) -> HttpResponse:
    """Answers with the watched cards that changed; 204 where none did."""
    watched = live.read(request.POST.get("watch", ""))
    marks = access.marks_for(request.user, team, list(watched))
    if not marks:
        access.member_of(
            request.user, team
        )  # raises 404 for a stranger, before "no change" could tell them anything
    same = all(watched[found] == live.mark(version, percent) for found, version, percent, _state in marks)
    if same and len(marks) == len(watched) and watched:
        return HttpResponse(status=204)
    member = access.member_of(request.user, team)
    wall = reverse("gallery", args=[team])
    asked_from = came_from(request).path or wall  # other pages that poll keep their own title
    context = replies.changes_context(member, watched) | {"on_the_wall": asked_from == wall}
    return render(request, "gallery/_changes.html", context)


@login_required
@require_POST
def late(request: HttpRequest, team: str) -> HttpResponse:
    """Marks results that arrived late as seen by this person."""
    member = access.member_of(request.user, team)
    with authority.acting(member, "see"):
        access.late_for(member).update(came_late_at=None)
    return HttpResponse() if request.htmx else redirect("gallery", team)
