"""What a form names, as rows that this person may use. What is gone by now, or was never theirs,
is left out."""

from collections.abc import Iterable

from django.http import Http404, QueryDict

from videos import access, foreign_ids
from videos.access import whole
from videos.create import image_roles
from videos.models import Job, Membership, Project, RecipeVersion, Relation, Upload, VendorKey

Pictures = tuple[tuple[str, Upload], ...]


def team_uploads(member: Membership, named: Iterable[tuple[str, Iterable]]) -> Pictures:
    """(role, upload) for the ids of this team's own pictures, in order."""
    pairs = [(role, whole(number)) for role, numbers in named for number in numbers][:100]
    ids = [number for _role, number in pairs if number is not None]
    found = access.uploads_known(member).in_bulk(ids) if ids else {}
    return tuple(
        (role, found[number]) for role, number in pairs if number in found and role in image_roles.ROLES
    )


def relation_of(text: str | None) -> str:
    return text if text in Relation.values else ""


def reject_foreign_ids(member: Membership, data: QueryDict) -> None:
    """A form, pressed or kept, that names what is another team's, or a colleague's own key: raises
    404. What is the team's and gone by now is left out as ever."""
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
    """A form that is pressed names pictures and a project of its own team. One that is nobody's
    here is not left out (what is paid for would come without it): raises 404."""
    reject_foreign_ids(member, data)
    pictures = {whole(number) for role in image_roles.ROLES for number in data.getlist(f"picture.{role}")}
    if pictures and access.uploads_known(member).filter(pk__in=pictures - {None}).count() != len(pictures):
        raise Http404
    if data.get("project"):
        access.one(access.projects_known(member), pk=whole(data["project"]))


def key_of(member: Membership, number: object) -> VendorKey | None:
    return access.usable_keys(member).filter(pk=whole(number)).first() if whole(number) else None


def project_of(member: Membership, number: object, *, archived: bool = False) -> Project | None:
    """``archived``: also one that was put away since the form was drawn, so that the press can say so."""
    known = access.projects_known(member) if archived else access.projects_for(member)
    return known.filter(pk=whole(number)).first() if whole(number) else None


def parent_of(member: Membership, public_id: object) -> Job | None:
    """Where this came from; a job that is gone by now, or is no job of theirs, is no parent."""
    try:
        return access.job_for(member, str(public_id)) if public_id else None
    except Http404:
        return None


def recipe_of(member: Membership, number: object) -> RecipeVersion | None:
    """The version of a template that the words began as, where it is one that they may see."""
    return access.recipe_versions_for(member).filter(pk=whole(number)).first() if whole(number) else None
