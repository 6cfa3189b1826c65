"""The right to change something, asked inside the transaction that changes it.

A page learns on its first line who asks. What it writes comes later, and meanwhile an owner may
have demoted or removed that person. So every verb of a person opens its transaction here: the row
of their membership is read anew and locked until the end. Whoever takes their right away locks the
same row, and one of the two comes first: what was done before stays, what comes after is refused.
(On SQLite a transaction has the only write lock there is from its first statement on.)

The membership is the first row that a transaction locks; docs/architecture.md has the whole order.
Commands of the operator act as an owner of the team, and what workers do is nobody's right."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import Http404

from videos import access
from videos.models import Membership


@contextmanager
def acting(member: Membership, verb: str, *, everyone: bool = False) -> Iterator[Membership]:
    """A transaction in which ``member`` may do ``verb`` (of ``access.MAY``); gives their membership
    as it is now. Raises Http404 where they were removed, access.Forbidden where their role no
    longer allows it. ``everyone``: all memberships of the team are locked, for what changes
    another one of them, or counts what the team has."""
    with transaction.atomic():
        held = _locked(member, everyone=everyone)
        access.require(held, verb)
        yield held


def _locked(member: Membership, *, everyone: bool) -> Membership:
    # No key: rows that point to a membership's person or team are written meanwhile.
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(team=member.team_id, user__is_active=True).order_by("pk")
    found = rows if everyone else rows.filter(pk=member.pk)
    held = next((one for one in list(found) if one.pk == member.pk), None)
    if held is None:
        raise Http404
    held.team, held.user = member.team, member.user
    return held
