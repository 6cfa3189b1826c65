"""Changes a person's e-mail address. The new address counts once a link that was sent to it is opened, not
before."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from videos.accounts import limits, notices, signin_events
from videos.models import User


def waiting(user: User) -> EmailAddress | None:
    """The address that ``user`` asked for and has not proved."""
    return _unproved(user).order_by("pk").last()


def _unproved(user: User):
    return EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)


def may_confirm(request: HttpRequest, row: EmailAddress) -> bool:
    """Whether the visitor owns the account of ``row``: signed in, or with its password typed in this
    browser and only the address unproved. Without this check, whoever makes an account with somebody else's
    address could have them prove it by one press."""
    waits = unstash_login(request, peek=True)  # the login that waits for this address to be proved
    return row.user_id in (request.user.pk, waits and waits.user and waits.user.pk)


def ask_for(request: HttpRequest, user: User, email: str) -> bool:
    """Sends a link to ``email`` (folded) and a notice to the present address, which counts until the link
    is opened. Where ``email`` is somebody else's, its owner is told and nobody else. False: too many
    letters were sent."""
    if not limits.may_write_to_new_address(request):
        return False
    with transaction.atomic():
        _unproved(user).delete()
        row, _made = EmailAddress.objects.get_or_create(user=user, email=email)
    if limits.may_have_letter(request, email):
        if User.objects.filter(email=email).exclude(pk=user.pk).exists():
            get_adapter(request).send_account_already_exists_mail(email)
        else:
            row.send_confirmation(request)
    notices.send(request, user, "address_asked", to=user.email)
    return True


def forget(user: User) -> None:
    """Drops the unproved address, so that the link that was sent no longer works."""
    _unproved(user).delete()


def prove(request: HttpRequest, row: EmailAddress) -> bool:
    """Makes ``row`` the only address of its user. False: somebody else has the address, or the user no
    longer waits for it."""
    if not may_confirm(request, row):
        return False
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=row.user_id)
            here = EmailAddress.objects.filter(pk=row.pk, verified=False).first()
            if here is None or _is_taken(here):
                return False
            was = user.email
            EmailAddress.objects.filter(user=user).exclude(pk=here.pk).delete()
            EmailAddress.objects.filter(pk=here.pk).update(verified=True, primary=True)
            User.objects.filter(pk=user.pk).update(email=here.email)
    except IntegrityError:
        return False  # somebody else proved it at the same moment
    row.refresh_from_db()
    if was != row.email:
        signin_events.note(request, signin_events.ADDRESS, user, user)
        notices.send(request, user, "address_changed", to=was)
    return True


def _is_taken(row: EmailAddress) -> bool:
    others = User.objects.filter(email=row.email).exclude(pk=row.user_id)
    proved = EmailAddress.objects.filter(email=row.email, verified=True).exclude(user=row.user_id)
    return others.exists() or proved.exists()


@receiver([password_changed, password_reset])
def _password(request: HttpRequest, user: User, **_more: object) -> None:
    """Drops the unproved address after a password change, because whoever asked for it knew the old
    password."""
    forget(user)
