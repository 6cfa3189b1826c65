"""Pages about people: the way home, and what to say when a form came back stale."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from videos import access
from videos.accounts.signin import login_required


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret is stale, usually after signing in elsewhere. What was typed
    still stands in the browser, one step back."""
    return render(request, "accounts/csrf_failure.html", status=403)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the newest team's gallery; without a team, to where one begins."""
    newest = access.teams_of(request.user).order_by("-id").first()
    return redirect("gallery", newest.slug) if newest else render(request, "accounts/no_team.html")
