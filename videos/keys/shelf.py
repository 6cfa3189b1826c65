"""What a person may do with a vendor's key: bring it, name it, rest it, take it away.

The key itself goes straight into the vault; nothing here returns it."""

from django.db import transaction

from videos import access, audit
from videos.jobs.states import OBSERVED, UNFINISHED, State
from videos.keys import vault
from videos.models import Job, KeyState, Membership, VendorKey
from videos.models.clock import now

SENDING = (State.QUEUED, State.SUBMITTING)


class Known(Exception):
    """The same key is on the shelf already. ``row`` is it."""

    def __init__(self, row: VendorKey):
        super().__init__(row.pk)
        self.row = row


class InUse(Exception):
    """Generations still wait to be sent with it. ``count`` of them."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


def add(
    member: Membership,
    *,
    vendor: str,
    key: str,
    label: str = "",
    personal: bool = False,
    rehearsal: bool = False,
) -> VendorKey:
    """A new key of ``vendor`` (a slug), in use at once. Raises access.Forbidden or Known.
    Whether it rehearses is decided here and never changes."""
    access.require(member, "spend" if personal else "manage")
    if member.team.rehearsal_only and not rehearsal:
        raise access.Forbidden("spend")
    locked = vault.lock(member.team_id, vendor, key, rehearsal=rehearsal)
    twin = access.keys_for(member).filter(vendor=vendor, account=locked["account"]).first()
    if twin is not None:
        raise Known(twin)
    with transaction.atomic():
        row = VendorKey.objects.create(
            team=member.team,
            vendor=vendor,
            label=label,
            rehearsal=rehearsal,
            person=member.user if personal else None,
            created_by=member.user,
            **locked,
        )
        _note(member, "key.added", row, personal=personal)
    return row


def rename(member: Membership, row: VendorKey, label: str) -> None:
    VendorKey.objects.filter(pk=row.pk).update(label=label)
    _note(member, "key.renamed", row)


def pause(member: Membership, row: VendorKey) -> None:
    """No new generation is sent with it; what runs is looked after as before."""
    if VendorKey.objects.filter(pk=row.pk, state=KeyState.ACTIVE).update(state=KeyState.PAUSED):
        _note(member, "key.paused", row)


def resume(member: Membership, row: VendorKey) -> None:
    """Also after the vendor refused it: a person says that it is well again."""
    resting = VendorKey.objects.filter(pk=row.pk, state__in=(KeyState.PAUSED, KeyState.BROKEN))
    if resting.update(state=KeyState.ACTIVE, said=""):
        _note(member, "key.resumed", row)


def delete(member: Membership, row: VendorKey) -> None:
    """Takes the key off the shelf. Raises InUse while generations wait to be sent with it.
    It stays sealed while the vendor still has to be asked about some, else it is erased."""
    with transaction.atomic():
        waiting = Job.objects.filter(key=row.pk, state__in=SENDING).count()
        if waiting:
            raise InUse(waiting)
        gone = VendorKey.objects.filter(pk=row.pk, trashed_at=None)
        if gone.update(trashed_at=now(), state=KeyState.PAUSED):
            _note(member, "key.deleted", row)
        erase_settled(row.team_id)


def erase_settled(team_id: int) -> int:
    """Forgets the content of taken-away keys that nothing needs any more; how many."""
    needed = Job.objects.filter(state__in=UNFINISHED | OBSERVED).values("key")
    rows = VendorKey.objects.filter(team=team_id).exclude(trashed_at=None).exclude(sealed=b"")
    return rows.exclude(pk__in=needed).update(sealed=b"")


def _note(member: Membership, verb: str, row: VendorKey, **data: bool) -> None:
    audit.note(member.team, member.user, verb, row, vendor=row.vendor, rehearsal=row.rehearsal, **data)
