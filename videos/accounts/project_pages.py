"""Views that create, rename, archive and restore the projects of a team, on the team's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from videos import access
from videos.accounts import projects
from videos.accounts.forms import ProjectForm
from videos.accounts.members import page
from videos.signin import login_required


@require_POST
@login_required
def project_new(request: HttpRequest, team: str) -> HttpResponse:
    me = access.member_of(request.user, team)
    access.require(me, "make")
    form = ProjectForm(request.POST)
    if form.is_valid():
        try:
            projects.start(me, form.cleaned_data["name"])
            messages.success(request, _("The project is ready to be chosen."))
            return redirect("members", team)
        except (projects.NameTaken, projects.TooMany) as refused:
            form.add_error("name", describe_refusal(refused))
    return page(request, me, status=422, project_form=form)


@require_POST
@login_required
def project_rename(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    me = access.member_of(request.user, team)
    project = access.one(access.projects_for(me), pk=project_id)
    access.require(me, "make")
    form = ProjectForm(request.POST)
    problem = _("A project needs a name of at most 80 characters.")
    if form.is_valid():
        try:
            projects.rename(me, project, form.cleaned_data["name"])
            messages.success(request, _("Saved."))
            return redirect("members", team)
        except projects.NameTaken as taken:
            problem = describe_refusal(taken)
    typed = {"pk": project.pk, "name": request.POST.get("name", "")}
    return page(request, me, status=422, problem=problem, typed=typed)


@require_POST
@login_required
def project_archive(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Removes a project from every form; its clips, its budgets and what it cost stay."""
    me = access.member_of(request.user, team)
    project = access.one(access.projects_known(me), pk=project_id)
    projects.archive(me, project)
    messages.success(
        request, _("%(name)s is archived. Its clips stay where they are.") % {"name": project.name}
    )
    return redirect("members", team)


@require_POST
@login_required
def project_restore(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    me = access.member_of(request.user, team)
    project = access.one(access.projects_known(me), pk=project_id)
    try:
        projects.unarchive(me, project)
    except projects.TooMany as full:
        return page(request, me, status=422, problem=describe_refusal(full))
    messages.success(request, _("%(name)s can be chosen again.") % {"name": project.name})
    return redirect("members", team)


def describe_refusal(refused: projects.NameTaken | projects.TooMany) -> str:
    """Why the project cannot be created, renamed or restored, and what to do."""
    if isinstance(refused, projects.NameTaken):
        if refused.archived:
            return _("An archived project has this name: bring that one back, or choose another name.")
        return _("The team has a project of this name.")
    most = {"most": refused.most}
    if refused.archived:
        return (
            _(
                "A team has at most %(most)s projects, the archived ones among them: bring one back and rename it."
            )
            % most
        )
    return _("A team has at most %(most)s projects in use: archive one first.") % most
