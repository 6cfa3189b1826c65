"""Invitations into a team by a link, which works once, for seven days. Only the hash of its token is
stored."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from videos import audit, authority
from videos.accounts import proved_addresses
from videos.models import Invite, Membership, Role, User
from videos.models.clock import now
from videos.models.email_addresses import fold

VALID_FOR = timedelta(days=7)
SESSION_KEY = "invite"  # a session holds the hash, because sessions can be read in the database


class NotForYou(Exception):
    """The invitation is bound to another address, or to one that this person has not proved."""


class NoLongerUsable(Exception):
    """The invitation is used, revoked or too old; perhaps since the page was opened."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def offer(by: Membership, role: str, email: str = "") -> str:
    """Creates an invitation and returns its token, which cannot be read again. Raises access.Forbidden:
    only owners make owners."""
    token = secrets.token_urlsafe(32)
    with authority.acting(by, "own" if role == Role.OWNER else "manage"):
        invite = Invite.objects.create(
            team=by.team,
            role=role,
            email=fold(email),
            token_hash=hash_of(token),
            created_by=by.user,
            expires_at=now() + VALID_FOR,
        )
        audit.note(by.team, by.user, "invite.made", invite, role=role, bound=bool(email))
    return token


def revoke(by: Membership, invite: Invite) -> None:
    with authority.acting(by, "manage"):
        if usable().filter(pk=invite.pk).update(revoked_at=now()):
            audit.note(by.team, by.user, "invite.revoked", invite)


def usable() -> QuerySet[Invite]:
    """The invitations that still work."""
    return Invite.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now())


def find(token: str) -> Invite | None:
    return usable().select_related("team", "created_by").filter(token_hash=hash_of(token)).first()


def is_for(invite: Invite, user: User) -> bool:
    """Whether ``user`` may accept. An invitation that is bound to an address is for the person who proved
    that address."""
    return not invite.email or (invite.email == user.email and proved_addresses.is_proved(user))


def accept(invite: Invite, user: User) -> None:
    """Makes ``user`` a member. A person who is one already keeps their role (an old link must not change
    it) and the invitation stays unused. Raises NotForYou or NoLongerUsable."""
    try:
        with transaction.atomic():
            # Locked, so that their address cannot change before they are a member.
            user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if not is_for(invite, user):
                raise NotForYou
            if Membership.objects.filter(team=invite.team_id, user=user).exists():
                return
            if not usable().filter(pk=invite.pk).update(used_at=now(), used_by=user):
                raise NoLongerUsable
            Membership.objects.create(team_id=invite.team_id, user=user, role=invite.role)
            audit.note(invite.team, user, "invite.used", invite, role=invite.role)
    except IntegrityError:
        return  # another press of the same button was faster: they are a member


# --- for somebody without an account ------------------------------------------


def remember(request: HttpRequest, invite: Invite) -> None:
    """Keeps the invitation in the session while its holder signs up."""
    request.session[SESSION_KEY] = invite.token_hash


def remembered(request: HttpRequest) -> Invite | None:
    """The invitation in the session, if it still works."""
    token_hash = request.session.get(SESSION_KEY)
    return usable().filter(token_hash=token_hash).first() if token_hash else None
