"""How django-allauth meets our people: an e-mail address, folded, and no user name."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest

from videos.accounts import invites, signins
from videos.models import User
from videos.models.people import fold
from videos.signin import is_local, password_typed


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
        password_typed(request)
        signins.note(request, signins.IN, user, user)

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the person's own row: whom a command made, django-allauth has no address of."""
        found = self.authenticate(context.request, email=user.email, password=password)
        if found is None or found.pk != user.pk:
            return False
        password_typed(context.request)
        return True

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        signins.failed(request, fold(str(credentials.get("email", ""))))

    def clean_email(self, email: str) -> str:
        return fold(super().clean_email(email))
