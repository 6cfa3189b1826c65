"""Whose address is proved: a letter to it was answered, or whoever runs the studio vouches for it."""

from allauth.account.models import EmailAddress
from django.conf import settings

from videos.models import User


def can_prove() -> bool:
    """Whether letters leave this studio (``EMAIL_URL``)."""
    return settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"


def is_proved(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def holder(email: str) -> User | None:
    """Who may be written to at ``email`` (folded) about a lost password: its address is proved, and
    it is the one they sign in with."""
    user = User.objects.filter(email=email, is_active=True).first()
    return user if user is not None and is_proved(user) else None


def vouch(user: User) -> None:
    """Take the address of ``user`` as proved; others that wait for them are forgotten."""
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
