"""Sends letters to the owner of an account about a change in how one signs in to it."""

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from videos import links
from videos.accounts.signin_events import browser, network
from videos.models import User


def send(request: HttpRequest, user: User, kind: str, *, to: str) -> None:
    """Sends the letter ``templates/account/email/<kind>_*.txt``, in the language of ``user``, to the
    address ``to``: the one they had before the change."""
    context = {
        "at": timezone.localtime(),
        "browser": browser(request.headers.get("User-Agent", "")),
        "network": network(request.META.get("REMOTE_ADDR", "")),
        "reset_url": links.absolute(reverse("account_reset_password")),
    }
    with translation.override(user.language or translation.get_language()):
        get_adapter(request).send_mail(f"account/email/{kind}", to, context)


@receiver([password_changed, password_reset])
def _password(request: HttpRequest, user: User, **_more: object) -> None:
    send(request, user, "password_new", to=user.email)
