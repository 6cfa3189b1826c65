"""Creates, renames, archives and restores the projects of a team. None is deleted, because what was made in
a project and what it cost are kept."""

from django.db import IntegrityError

from videos import access, audit, authority
from videos.models import Membership, Project
from videos.models.clock import now

IN_USE_MOST = 100  # so that a list in a form can be read
TOTAL_MOST = 1000  # the archived ones among them


class NameTaken(Exception):
    """The team has a project of this name. ``archived``: it is an archived one."""

    def __init__(self, *, archived: bool):
        super().__init__()
        self.archived = archived


class TooMany(Exception):
    """The team has as many projects as it may. ``most``: how many; ``archived``: whether the archived ones
    count."""

    def __init__(self, most: int, *, archived: bool):
        super().__init__(most)
        self.most, self.archived = most, archived


def start(by: Membership, name: str) -> Project:
    """Creates a project. Raises access.Forbidden, NameTaken or TooMany."""
    try:
        # everyone=True: of two who create the last project at once, one must count the other's.
        with authority.acting(by, "make", everyone=True):
            _require_room(by)
            if access.projects_known(by).count() >= TOTAL_MOST:
                raise TooMany(TOTAL_MOST, archived=True)
            project = Project.objects.create(team=by.team, name=name, created_by=by.user)
            audit.note(by.team, by.user, "project.made", project)
    except IntegrityError:
        raise _taken(by, name) from None
    return project


def rename(by: Membership, project: Project, name: str) -> None:
    """Renames a project. Raises access.Forbidden or NameTaken."""
    try:
        with authority.acting(by, "make"):
            Project.objects.filter(pk=project.pk).update(name=name)
            audit.note(by.team, by.user, "project.renamed", project)
    except IntegrityError:
        raise _taken(by, name) from None


def archive(by: Membership, project: Project) -> None:
    """Archives a project, so that nothing new is made in it: a press at the same moment comes before it or
    is refused."""
    with authority.acting(by, "make", everyone=True):
        if Project.objects.filter(pk=project.pk, archived_at=None).update(archived_at=now()):
            audit.note(by.team, by.user, "project.archived", project)


def unarchive(by: Membership, project: Project) -> None:
    """Restores an archived project. Raises access.Forbidden or TooMany."""
    with authority.acting(by, "make", everyone=True):
        archived = Project.objects.filter(pk=project.pk).exclude(archived_at=None)
        if archived.exists():
            _require_room(by)
            archived.update(archived_at=None)
            audit.note(by.team, by.user, "project.brought_back", project)


def _require_room(by: Membership) -> None:
    if access.projects_for(by).count() >= IN_USE_MOST:
        raise TooMany(IN_USE_MOST, archived=False)


def _taken(by: Membership, name: str) -> NameTaken:
    return NameTaken(archived=access.projects_known(by).exclude(archived_at=None).filter(name=name).exists())
