"""Answers whether a person's e-mail address is proved: a link in a letter to it was opened, or an operator
vouched for it."""

from allauth.account.models import EmailAddress
from django.conf import settings

from videos.models import User


def can_prove() -> bool:
    """Whether this studio can send letters (``EMAIL_URL``)."""
    return settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"


def is_proved(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def holder(email: str) -> User | None:
    """The person who may be written to at ``email`` (folded) about a lost password: the address is proved,
    and they sign in with it."""
    user = User.objects.filter(email=email, is_active=True).first()
    return user if user is not None and is_proved(user) else None


def vouch(user: User) -> None:
    """Records the address of ``user`` as proved; unproved addresses of theirs are deleted."""
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
