"""Another e-mail address for somebody who has one: it counts once it is proved, not before."""

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
    """The address that ``user`` wants and has not proved."""
    return _unproved(user).order_by("pk").last()


def _unproved(user: User):
    return EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)


def may_confirm(request: HttpRequest, row: EmailAddress) -> bool:
    """Whether the one who asks is the owner of the account of ``row``: signed in, or with its password typed
    in this browser and only the address missing. Else whoever makes an account with somebody else's
    address could have them prove it by one press."""
    waits = unstash_login(request, peek=True)  # who typed a password, or made an account, a moment ago
    return row.user_id in (request.user.pk, waits and waits.user and waits.user.pk)


def ask_for(request: HttpRequest, user: User, email: str) -> bool:
    """Send a link to ``email`` (folded) and a word to the address of today, which stays until then.
    Where ``email`` is somebody else's, its owner is told and nobody else. False: too many letters."""
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
    """The link that was sent opens nothing any more."""
    _unproved(user).delete()


def prove(request: HttpRequest, row: EmailAddress) -> bool:
    """``row`` becomes the address of its user, and the only one. False: somebody else has it, or it
    is not waited for any more."""
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
    """Whoever could ask for another address knew the old password: that is over, too."""
    forget(user)
