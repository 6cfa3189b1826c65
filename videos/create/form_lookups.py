"""Looks up the rows that a form names by id, among those this person may use.

An id of a row that has been deleted since is left out. An id of another team's row raises 404 where the
form is pressed or kept (``reject_foreign_ids``, ``require_team_rows``).
"""

from collections.abc import Iterable

from django.http import Http404, QueryDict

from videos import access, foreign_ids
from videos.access import whole
from videos.create import image_roles
from videos.models import Job, Membership, Project, RecipeVersion, Relation, Upload, VendorKey

Pictures = tuple[tuple[str, Upload], ...]


def team_uploads(member: Membership, named: Iterable[tuple[str, Iterable]]) -> Pictures:
    """Looks up (role, upload) for the ids of this team's own pictures, in the given order; the first 100
    ids count."""
    pairs = [(role, whole(number)) for role, numbers in named for number in numbers][:100]
    ids = [number for _role, number in pairs if number is not None]
    found = access.uploads_known(member).in_bulk(ids) if ids else {}
    return tuple(
        (role, found[number]) for role, number in pairs if number in found and role in image_roles.ROLES
    )


def relation_of(text: str | None) -> str:
    return text if text in Relation.values else ""


def reject_foreign_ids(member: Membership, data: QueryDict) -> None:
    """Raises 404 where a form that is pressed or kept names a row of another team, or a colleague's own
    key. A row of this team that has been deleted since is left out as usual."""
    pictures = [number for role in image_roles.ROLES for number in data.getlist(f"picture.{role}")]
    pictures += [one.partition(":")[2] for one in data.getlist("waiting")]
    pictures += [one.partition(":")[0] for one in data.getlist("given")]
    versions = RecipeVersion.objects.filter(recipe__team=member.team)
    foreign_ids.keep_out(member, "picture", access.uploads_known(member), pictures)
    foreign_ids.keep_out(member, "key", access.keys_known(member), data.getlist("key"))
    foreign_ids.keep_out(member, "project", access.projects_known(member), data.getlist("project"))
    foreign_ids.keep_out(member, "recipe", versions, data.getlist("recipe"))
    foreign_ids.keep_out_jobs(member, "parent", data.getlist("parent"))


def require_team_rows(member: Membership, data: QueryDict) -> None:
    """Raises 404 where a form that is pressed names a picture or a project that this team does not have. It
    is not left out in silence: what is paid for would then be made without it."""
    reject_foreign_ids(member, data)
    pictures = {whole(number) for role in image_roles.ROLES for number in data.getlist(f"picture.{role}")}
    if pictures and access.uploads_known(member).filter(pk__in=pictures - {None}).count() != len(pictures):
        raise Http404
    if data.get("project"):
        access.one(access.projects_known(member), pk=whole(data["project"]))


def key_of(member: Membership, number: object) -> VendorKey | None:
    """The key of this id, if this person may use it."""
    return access.usable_keys(member).filter(pk=whole(number)).first() if whole(number) else None


def project_of(member: Membership, number: object, *, archived: bool = False) -> Project | None:
    """The project of this id. ``archived``: also one that was archived since the form was drawn, so that
    the press can say so."""
    known = access.projects_known(member) if archived else access.projects_for(member)
    return known.filter(pk=whole(number)).first() if whole(number) else None


def parent_of(member: Membership, public_id: object) -> Job | None:
    """The job that this form was filled from, or None where it was deleted or is not this team's."""
    try:
        return access.job_for(member, str(public_id)) if public_id else None
    except Http404:
        return None


def recipe_of(member: Membership, number: object) -> RecipeVersion | None:
    """The template version that the words came from, where this person may see it."""
    return access.recipe_versions_for(member).filter(pk=whole(number)).first() if whole(number) else None
