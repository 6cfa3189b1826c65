"""Adds, renames, pauses, replaces and deletes the vendor keys of a team.

The key itself goes straight into the vault; nothing here returns it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q, QuerySet

from videos import access, audit, authority, vault
from videos.jobs.account import credit_shortage
from videos.jobs.retention.erasing import erase_settled
from videos.models import Job, KeyState, Membership, Team, User, VendorKey
from videos.models.clock import now
from videos.states import State

SENDING = (State.QUEUED, State.SUBMITTING)


class AlreadyKnown(Exception):
    """The team has this very key already. ``row`` is its row."""

    def __init__(self, row: VendorKey):
        super().__init__(row.pk)
        self.row = row


class OnlyRehearsal(Exception):
    """The team only rehearses, and so takes rehearsal keys and no others."""


class InUse(Exception):
    """Generations still wait to be sent with this key. ``count`` of them."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


@contextmanager
def changing(member: Membership, row: VendorKey) -> Iterator[None]:
    """A transaction in which ``member`` may change this key: their own, or the team's if they manage it.
    Raises Http404 or access.Forbidden. The row is not locked here: where one change is for all keys of an
    account, these are locked in the order of their ids."""
    with authority.acting(member, "see") as held:
        access.key_for(held, row.pk)
        yield


def add(
    member: Membership,
    *,
    vendor: str,
    key: str,
    label: str = "",
    personal: bool = False,
    rehearsal: bool = False,
) -> VendorKey:
    """Adds a key of ``vendor`` (a slug), usable at once. Whether it rehearses is decided here and never
    changes. Raises access.Forbidden, AlreadyKnown or OnlyRehearsal."""
    with authority.acting(member, "spend" if personal else "manage"):
        row = create_key(
            member.team,
            vendor=vendor,
            key=key,
            label=label,
            rehearsal=rehearsal,
            person=member.user if personal else None,
            by=member.user,
        )
        _note(member, "key.added", row, personal=personal)
    return row


def create_key(
    team: Team,
    *,
    vendor: str,
    key: str,
    label: str = "",
    rehearsal: bool = False,
    person: User | None = None,
    by: User | None = None,
) -> VendorKey:
    """Creates the row of a new key, without asking who may. Raises AlreadyKnown or OnlyRehearsal."""
    if team.rehearsal_only and not rehearsal:
        raise OnlyRehearsal
    locked = vault.lock(team.pk, vendor, key, rehearsal=rehearsal)
    if (twin := _twins(team, by, locked["fingerprint"]).first()) is not None:
        raise AlreadyKnown(twin)
    # A key that replaced another one before belongs to the account of that one.
    first = VendorKey.objects.filter(fingerprint=locked["fingerprint"]).order_by("pk").first()
    if first is not None:
        locked["account"] = first.account
    return VendorKey.objects.create(
        team=team, vendor=vendor, label=label, rehearsal=rehearsal, person=person, created_by=by, **locked
    )


def replace(member: Membership, row: VendorKey, key: str) -> None:
    """Replaces a key that the vendor no longer takes with ``key``: the account stays the same, and so does
    the kind, real or rehearsal. Jobs that waited for the key go on at once. Raises AlreadyKnown."""
    new = vault.relock(row.team_id, row.vendor, key, rehearsal=row.rehearsal)
    with changing(member, row):
        twin = _twins(member.team, member.user, new["fingerprint"]).exclude(pk=row.pk).first()
        if twin is not None:
            raise AlreadyKnown(twin)
        present = VendorKey.objects.filter(pk=row.pk, trashed_at=None)
        credit_shortage.clear_by_person(
            row
        )  # first: all keys of an account are taken in the order of their ids
        if present.update(**new, state=KeyState.ACTIVE, said="", quiet_until=None, tested_at=None):
            Job.objects.filter(key=row.pk, waiting_for="key").exclude(next_at=None).update(next_at=now())
            _note(member, "key.replaced", row)


def _twins(team: Team, person: User | None, fingerprint: str) -> QuerySet[VendorKey]:
    """The rows with this very key that this person may know of. A colleague's personal key is left out,
    because only its owner may tell that it exists."""
    seen = Q(person=None) | Q(person=person) if person else Q(person=None)
    return VendorKey.objects.filter(seen, team=team, fingerprint=fingerprint, trashed_at=None)


def rename(member: Membership, row: VendorKey, label: str) -> None:
    with changing(member, row):
        VendorKey.objects.filter(pk=row.pk).update(label=label)
        _note(member, "key.renamed", row)


def pause(member: Membership, row: VendorKey) -> None:
    """Stops new generations from being sent with the key; what was sent already is watched and fetched as
    before."""
    with changing(member, row):
        if VendorKey.objects.filter(pk=row.pk, state=KeyState.ACTIVE).update(state=KeyState.PAUSED):
            _note(member, "key.paused", row)


def resume(member: Membership, row: VendorKey) -> None:
    """Makes a paused key usable again, or one that the vendor refused: a person says that it works now."""
    resting = VendorKey.objects.filter(
        pk=row.pk, state__in=(KeyState.PAUSED, KeyState.BROKEN), trashed_at=None
    )
    with changing(member, row):
        if resting.update(state=KeyState.ACTIVE, said=""):
            _note(member, "key.resumed", row)


def mark_topped_up(member: Membership, row: VendorKey) -> None:
    """Records that a person says the account has credits again. If that is not true, the next refusal marks
    it as short again."""
    with changing(member, row):
        if credit_shortage.clear_by_person(row):
            _note(member, "key.topped_up", row)


def delete(member: Membership, row: VendorKey) -> None:
    """Deletes the key. Raises InUse while generations wait to be sent with it. The sealed key is kept while
    the vendor still has to be asked about some generations, and erased otherwise."""
    with changing(member, row):
        waiting = Job.objects.filter(key=row.pk, state__in=SENDING).count()
        if waiting:
            raise InUse(waiting)
        present = VendorKey.objects.filter(pk=row.pk, trashed_at=None)
        if present.update(trashed_at=now(), state=KeyState.PAUSED):
            _note(member, "key.deleted", row)
        erase_settled(row.team_id)


def _note(member: Membership, verb: str, row: VendorKey, **data: bool) -> None:
    audit.note(member.team, member.user, verb, row, vendor=row.vendor, rehearsal=row.rehearsal, **data)
