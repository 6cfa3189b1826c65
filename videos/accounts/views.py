"""Views about oneself (profile, language, shortcuts), the start page, new teams, invitations, and the
answer to a stale CSRF token."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap

from videos import access
from videos.accounts import invites, proved_addresses, signin_events, teams
from videos.accounts.context import THEME_COOKIE
from videos.accounts.forms import ProfileForm, TeamForm
from videos.models import Theme
from videos.signin import is_local, login_required

A_YEAR = 365 * 86400  # seconds


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form whose CSRF token is stale, usually after signing in elsewhere. What was typed is kept:
    it is one step back in the browser, or, where htmx asked, still in the page, whose forms get the new
    token (only a page of ours can read it)."""
    if request.htmx and request.user.is_authenticated:
        # htmx does not swap in a 403.
        return reswap(render(request, "accounts/_fresh_form.html", status=422), "none")
    return render(request, "accounts/csrf_failure.html", status=403)


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Redirects to the newest team's gallery; without a team, shows how to begin."""
    newest = access.teams_of(request.user).order_by("-id").first()
    if newest:
        return redirect("gallery", newest.slug)
    context = {"form": TeamForm(), "may_found": teams.may_found(request.user)}
    return render(request, "accounts/no_team.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    context = {"form": form, "signins": signin_events.recent(request.user)}
    if request.method == "GET":
        return render(request, "accounts/profile.html", context)
    if not form.is_valid():
        request.user.refresh_from_db()  # the shell must not show what was refused
        return render(request, "accounts/profile.html", context, status=422)
    user = form.save()
    with translation.override(user.language or translation.get_language_from_request(request)):
        messages.success(request, _("Saved."))
    return redirect("profile")


@require_GET
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Shows the list of shortcuts as a page, for a browser without scripts."""
    return render(request, "accounts/shortcuts.html")


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Sets language and theme for a person who is not signed in, in cookies. (Others have both in their
    profile.)"""
    back = request.POST.get("next", "")
    # Not redirect(): that would take a word for the name of a view.
    answer = HttpResponseRedirect(back if is_local(back) else reverse("account_login"))
    kept = {"max_age": A_YEAR, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE, "httponly": True}
    if (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **kept)
    if (theme := request.POST.get("theme")) in Theme.values:
        answer.set_cookie(THEME_COOKIE, theme, **kept)
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def team_new(request: HttpRequest) -> HttpResponse:
    if not teams.may_found(request.user):
        raise access.Forbidden("found")
    form = TeamForm(request.POST or None)
    if form.is_valid():
        return redirect("gallery", teams.create_as(request.user, form.cleaned_data["name"]).slug)
    return render(request, "accounts/team_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Shows an invitation. Opening the link changes nothing, because mail scanners open links: a signed-in
    person accepts by a button, others sign up first and come back."""
    found = invites.find(token)
    if found is None:
        return render(request, "accounts/invite_gone.html", status=404)
    provable = not found.email or proved_addresses.can_prove()
    if not request.user.is_authenticated:
        invites.remember(request, found)
        return render(request, "accounts/invite.html", {"invite": found, "provable": provable})
    if request.method == "GET":
        mine = invites.is_for(found, request.user)
        return render(request, "accounts/invite.html", {"invite": found, "mine": mine, "provable": provable})
    try:
        invites.accept(found, request.user)
    except invites.NotForYou:
        context = {"invite": found, "mine": False, "provable": provable}
        return render(request, "accounts/invite.html", context, status=403)
    except invites.NoLongerUsable:
        return render(request, "accounts/invite_gone.html", status=404)
    return redirect("gallery", found.team.slug)
