"""How django-allauth meets our people: an e-mail address, folded, and no user name."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from videos.accounts import invites, signins
from videos.models import User
from videos.models.people import fold
from videos.signin import is_local


def wants_invitation() -> bool:
    return settings.SIGNUP == "invite"


class StudioAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to everybody, or to who holds an invitation that still works."""
        return not wants_invitation() or invites.held(request) is not None

    def is_safe_url(self, url: str | None) -> bool:
        """Where ``next`` may lead after signing in or out."""
        return is_local(url or "")

    def populate_username(self, request: HttpRequest, user) -> None:
        """People have no user name here."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        signins.note(request, signins.IN, user, user)

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        signins.failed(request, fold(str(credentials.get("email", ""))))

    def clean_email(self, email: str) -> str:
        return fold(super().clean_email(email))
