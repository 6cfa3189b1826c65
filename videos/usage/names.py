"""Names the groups of the usage page: people, projects, keys, models, vendors."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext

from videos import labels, words
from videos.models import Membership, Project, User, VendorKey


def names_of(member: Membership, by: str, found: Collection[int | str | None]) -> dict[int | str | None, str]:
    """A name for each id (or key of the registry) in ``found``; one query at most."""
    return NAMES[by](member, found)


def _people(member: Membership, found: Collection) -> dict:
    """Names people by their rows. Somebody who left the team is still named, because what they made stays."""
    return {pk: user.shown_name for pk, user in User.objects.in_bulk(list(found)).items()}


def _projects(member: Membership, found: Collection) -> dict:
    rows = Project.objects.filter(team=member.team).in_bulk([pk for pk in found if pk is not None])
    return {None: gettext("No project")} | {pk: project.shown_name for pk, project in rows.items()}


def _keys(member: Membership, found: Collection) -> dict:
    keys = VendorKey.objects.filter(team=member.team).select_related("person").in_bulk(list(found))
    return {pk: words.key_name(key, member.user_id) for pk, key in keys.items()}


NAMES: dict[str, Callable[[Membership, Collection], dict]] = {
    "person": _people,
    "project": _projects,
    "key": _keys,
    "model": lambda _member, found: {key: labels.model_name(key) for key in found},
    "vendor": lambda _member, found: {slug: labels.vendor_name(slug) for slug in found},
}
