"""How django-allauth meets our people: an e-mail address, folded, and no user name."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from videos.accounts import invites
from videos.models.people import fold


class StudioAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to everybody, or to who holds an invitation that still works."""
        return settings.SIGNUP == "open" or invites.held(request) is not None

    def populate_username(self, request: HttpRequest, user) -> None:
        """People have no user name here."""

    def clean_email(self, email: str) -> str:
        email = fold(super().clean_email(email))
        if settings.SIGNUP == "invite":
            invite = invites.held(self.request)
            if invite is not None and invite.email and invite.email != email:
                raise ValidationError(_("This invitation is for another address."), code="not_invited")
        return email
