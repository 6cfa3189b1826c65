"""Records who signed in, failed to, signed out, and whose password changed (OWASP ASVS 16.3.1), for a
season. Neither a machine's full address nor an address that a stranger typed is stored."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from videos import audit
from videos.models import Event, User

IN, FAILED, OUT, PASSWORD = "signin.ok", "signin.failed", "signin.out", "signin.password"
ADDRESS, ELSEWHERE = "signin.address", "signin.elsewhere"  # another address; all other sessions ended
SHOWN = 8
# What a browser calls itself, the more particular first: each of the upper ones also says the lower.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in. ``net``: the network it came from, empty where that is not known."""

    at: datetime
    browser: str
    net: str


def browser(user_agent: str) -> str:
    """The browser family that a User-Agent names; empty for anything else."""
    return next((name for sign, name in BROWSERS if sign in user_agent), "")


def network(address: str) -> str:
    """``203.0.113.0/24``: the network of an address, without the machine."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((one, 24 if one.version == 4 else 48), strict=False))


def note(request: HttpRequest, verb: str, actor: User | None, whose: User | None) -> None:
    """Writes one audit event that belongs to no team."""
    agent, address = request.headers.get("User-Agent", ""), request.META.get("REMOTE_ADDR", "")
    audit.note(None, actor, verb, whose, browser=browser(agent), net=network(address))


def failed(request: HttpRequest, address: str) -> None:
    """Writes one event whether an account with this address exists or not, so that both take equally long."""
    whose = User.objects.filter(email=address).first()
    note(request, FAILED, request.user if request.user.is_authenticated else None, whose)


@receiver(user_logged_out)
def _out(request: HttpRequest, user: User | None, **_more: object) -> None:
    if user is not None:
        note(request, OUT, user, user)


@receiver([password_changed, password_reset])
def _password(request: HttpRequest, user: User, **_more: object) -> None:
    """Records the new password; every session of this person has ended with it."""
    note(request, PASSWORD, user, user)


def recent(user: User) -> list[SignIn]:
    """The person's own sign-ins, newest first."""
    rows = Event.objects.filter(actor=user, verb=IN).order_by("-id")[:SHOWN]
    return [
        SignIn(row.at, row.data.get("browser") or _("another program"), row.data.get("net") or "")
        for row in rows
    ]
