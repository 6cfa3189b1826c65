"""Creates and renames teams, gives roles, and removes members. A team always has an owner."""

from django.conf import settings
from django.db import transaction

from videos import access, audit, authority
from videos.models import Invite, KeyState, Membership, Role, Team, User, VendorKey
from videos.models.clock import now


class LastOwner(Exception):
    """The change would leave the team without an owner."""


def may_found(user: User) -> bool:
    """Whether this person may create a team: in an open studio everybody, in a closed one those who already
    manage a team."""
    if settings.SIGNUP == "open":
        return True
    return Membership.objects.filter(user=user, role__in=access.MAY["manage"]).exists()


def create_as(user: User, name: str) -> Team:
    """Creates a team. Raises access.Forbidden where ``user`` may not: in a closed studio the right comes
    with the teams they manage, and these memberships are locked until the new team exists."""
    with transaction.atomic():
        list(Membership.objects.select_for_update(no_key=True).filter(user=user).order_by("pk"))
        if not may_found(user):
            raise access.Forbidden("found")
        return found(name, user)


def found(name: str, owner: User, *, rehearsal_only: bool = False) -> Team:
    """Creates a team without asking who may."""
    with transaction.atomic():
        team = Team.objects.create(name=name, slug=Team.free_slug(name), rehearsal_only=rehearsal_only)
        Membership.objects.create(team=team, user=owner, role=Role.OWNER)
        audit.note(team, owner, "team.made", team)
    return team


def rename(by: Membership, name: str) -> None:
    """Renames a team. Its address stays the same, because links in mails and bookmarks are kept for longer
    than a name."""
    with authority.acting(by, "manage"):
        Team.objects.filter(pk=by.team_id).update(name=name)
        audit.note(by.team, by.user, "team.renamed", by.team)


def give_role(by: Membership, member: Membership, role: str) -> None:
    """Gives a member another role. Raises access.Forbidden (only owners make or unmake owners) or
    LastOwner, and Http404 where either of the two has left."""
    with authority.acting(by, "manage", everyone=True) as by:
        member = access.colleague(by, member.user_id)
        if Role.OWNER in (member.role, role):
            access.require(by, "own")
        if role != Role.OWNER:
            _keep_an_owner(member)
        Membership.objects.filter(pk=member.pk).update(role=role)
        if role not in access.MAY["manage"] or member.role == Role.OWNER != role:
            _take_back_invitations(member)
        audit.note(by.team, by.user, "member.role", member.user, role=role, was=member.role)


def let_go(by: Membership, member: Membership) -> None:
    """Removes a member from the team, with their personal keys. Everybody may remove themselves. What they
    made stays. Raises access.Forbidden or LastOwner, and Http404 where either of the two has left."""
    with authority.acting(by, "see", everyone=True) as by:
        member = access.colleague(by, member.user_id)
        if by.user_id != member.user_id:
            access.require(by, "own" if member.role == Role.OWNER else "manage")
        _keep_an_owner(member)
        own_keys = VendorKey.objects.filter(team=by.team_id, person=member.user_id, trashed_at=None)
        own_keys.update(trashed_at=now(), state=KeyState.PAUSED)
        Membership.objects.filter(pk=member.pk).delete()
        _take_back_invitations(member)
        audit.note(by.team, by.user, "member.left", member.user, role=member.role)


def _take_back_invitations(member: Membership) -> None:
    """Revokes the open invitations of this person, so that who may no longer invite cannot come back by a
    link made earlier."""
    open_ones = Invite.objects.filter(team=member.team_id, created_by=member.user_id, used_at=None)
    open_ones.filter(revoked_at=None).update(revoked_at=now())


def _keep_an_owner(member: Membership) -> None:
    """Raises LastOwner where this is the only owner. Called inside ``acting(everyone=True)``: of two owners
    who leave at once, each would otherwise still see the other."""
    owners = Membership.objects.filter(team=member.team_id, role=Role.OWNER)
    if owners.filter(pk=member.pk).exists() and not owners.exclude(pk=member.pk).exists():
        raise LastOwner
