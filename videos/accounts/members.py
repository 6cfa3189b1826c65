"""Views of the team's page: its members, invitations, projects and name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from videos import access, after_commit, links
from videos.accounts import invites as doors
from videos.accounts import teams
from videos.accounts.forms import InviteForm, ProjectForm, RoleForm, TeamForm, roles_to_give
from videos.models import Membership
from videos.models.clock import now
from videos.signin import login_required


def page(request: HttpRequest, member: Membership, status: int = 200, **more) -> HttpResponse:
    manages, projects = access.can(member, "manage"), list(access.projects_known(member))
    context = {
        "member": member,
        "team": member.team,
        "manages": manages,
        "owns": access.can(member, "own"),
        "makes": access.can(member, "make"),
        "people": access.members_of(member),
        "roles": roles_to_give(member),
        "invites": access.invites_of(member).filter(expires_at__gt=now()) if manages else [],
        "projects": [one for one in projects if one.archived_at is None],
        "archived": [one for one in projects if one.archived_at is not None],
        "invite_form": InviteForm(member),
        "project_form": ProjectForm(),
        "team_form": TeamForm(instance=member.team),
    }
    return render(request, "accounts/members.html", context | more, status=status)


@require_GET
@login_required
def members(request: HttpRequest, team: str) -> HttpResponse:
    return page(request, access.member_of(request.user, team))


@require_POST
@login_required
def member(request: HttpRequest, team: str, user_id: int) -> HttpResponse:
    """Gives a member another role, or (``remove``) removes them from the team."""
    me = access.member_of(request.user, team)
    them = access.colleague(me, user_id)
    try:
        if "remove" in request.POST:
            teams.let_go(me, them)
            messages.success(request, _("%(name)s has left the team.") % {"name": them.user.shown_name})
            return redirect("home") if them == me else redirect("members", team)
        form = RoleForm(me, request.POST)
        if not form.is_valid():
            access.require(me, "manage")
            return page(request, me, status=422, problem=_("This role cannot be given."))
        teams.give_role(me, them, form.cleaned_data["role"])
    except teams.LastOwner:
        problem = _("A team needs an owner: make somebody else one first.")
        return page(request, me, status=422, problem=problem)
    messages.success(request, _("Saved."))
    return redirect("members", team)


@require_POST
@login_required
def invites(request: HttpRequest, team: str) -> HttpResponse:
    """Creates an invitation and shows its link in this answer only, because the link is stored nowhere."""
    me = access.member_of(request.user, team)
    access.require(me, "manage")
    form = InviteForm(me, request.POST)
    if not form.is_valid():
        return page(request, me, status=422, invite_form=form)
    token = doors.offer(me, form.cleaned_data["role"], form.cleaned_data["email"])
    link = links.absolute(reverse("invite", args=[token]))
    shown = {"link": link, "link_only_here": links.only_here()}
    return after_commit.answered(request, reverse("members", args=[team]), lambda: page(request, me, **shown))


@require_POST
@login_required
def invite_revoke(request: HttpRequest, team: str, invite_id: int) -> HttpResponse:
    me = access.member_of(request.user, team)
    doors.revoke(me, access.one(access.invites_of(me), pk=invite_id))
    messages.success(request, _("The link no longer works."))
    return redirect("members", team)


@require_POST
@login_required
def team_rename(request: HttpRequest, team: str) -> HttpResponse:
    me = access.member_of(request.user, team)
    access.require(me, "manage")
    form = TeamForm(request.POST)
    if not form.is_valid():
        return page(request, me, status=422, team_form=form)
    teams.rename(me, form.cleaned_data["name"])
    messages.success(request, _("Saved."))
    return redirect("members", team)
