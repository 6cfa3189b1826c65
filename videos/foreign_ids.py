"""A form that names a row of somebody else. Such a row is nobody's here, as behind any other
address (404); and because no page of ours ever drew that form, it is written down who sent it."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404

from videos import access, audit
from videos.models import Membership


def keep_out(member: Membership, field: str, known: QuerySet, named: Iterable[object]) -> None:
    """``known``: every row of the kind that this person's pages ever drew, those thrown away since
    too. ``named``: ids as the form has them. One that no row has is for the caller to judge: a
    row may be gone for good, and whoever typed beside it loses nothing. Raises 404."""
    ids = [one for one in map(access.whole, named) if one is not None]
    _keep_out(member, field, known, pk__in=ids)


def keep_out_jobs(member: Membership, field: str, named: Iterable[object]) -> None:
    """The same for generations, by their public ids."""
    _keep_out(member, field, access.presses_for(member), public_id__in=[*filter(None, map(_public, named))])


def _keep_out(member: Membership, field: str, known: QuerySet, **where: list) -> None:
    if not any(where.values()):
        return
    if known.model.objects.filter(**where).exclude(pk__in=known.order_by().values("pk")).exists():
        audit.note(member.team, member.user, "stranger.id", field=field)
        raise Http404


def _public(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
