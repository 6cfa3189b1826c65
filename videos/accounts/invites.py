"""A way into a team by a link. Single use, seven days, only its hash is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from videos.models import Event, Invite, Membership, User
from videos.models.clock import now
from videos.models.people import fold

LIVES_FOR = timedelta(days=7)
HELD = "invite"  # the session's key; the hash, because sessions lie readable in the database


class NotForYou(Exception):
    """The invitation is bound to another address."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def offer(by: Membership, role: str, email: str = "") -> tuple[Invite, str]:
    """A new invitation and its token, which nobody can read again afterwards."""
    token = secrets.token_urlsafe(32)
    invite = Invite.objects.create(
        team=by.team,
        role=role,
        email=fold(email),
        token_hash=hash_of(token),
        created_by=by.user,
        expires_at=now() + LIVES_FOR,
    )
    record(by.team_id, by.user, "invite.made", invite)
    return invite, token


def usable():
    """Invitations that still open a door."""
    return Invite.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now())


def behind(token: str) -> Invite | None:
    return usable().select_related("team", "created_by").filter(token_hash=hash_of(token)).first()


def hold(request: HttpRequest, invite: Invite) -> None:
    """Remember it while its holder makes an account."""
    request.session[HELD] = invite.token_hash


def held(request: HttpRequest) -> Invite | None:
    kept = request.session.get(HELD)
    return usable().filter(token_hash=kept).first() if kept else None


def accept(invite: Invite, user: User) -> Membership | None:
    """The membership it gives, or None when somebody else was faster. A member stays
    what they are: an old link must not change a role.

    Raises NotForYou when it is bound to another address."""
    if invite.email and invite.email != user.email:
        raise NotForYou
    with transaction.atomic():
        existing = Membership.objects.filter(team=invite.team_id, user=user).first()
        if existing is not None:
            return existing
        if not usable().filter(pk=invite.pk).update(used_at=now(), used_by=user):
            return None
        member = Membership.objects.create(team_id=invite.team_id, user=user, role=invite.role)
        record(invite.team_id, user, "invite.used", invite)
        return member


def revoke(by: Membership, invite: Invite) -> None:
    if usable().filter(pk=invite.pk).update(revoked_at=now()):
        record(by.team_id, by.user, "invite.revoked", invite)


def record(team_id: int, actor: User, verb: str, invite: Invite) -> None:
    data = {"role": invite.role, "bound": bool(invite.email)}
    Event.objects.create(
        team_id=team_id, actor=actor, verb=verb, object=f"invite:{invite.pk}", data=data, at=now()
    )
