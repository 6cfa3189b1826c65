"""Recognises browsers that signed in before, by a signed cookie that lists their accounts.

The cookie grants no access. Its one use is that wrong passwords which strangers type elsewhere do not lock
this browser out (``limits.py``). A mark names the account by its id, is valid for half a year, and ends
with the password or when somebody ends their other sessions.
"""

import hashlib
import secrets
import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from videos.models import User

SALT = "videos.accounts.known_browsers"
VALID_SECONDS = 180 * 86400  # seconds
ACCOUNTS = 4  # people who share one browser; the one who signed in longest ago is forgotten


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Marks the browser: ``user`` signed in with it."""
    others = [one for one in _marks(request) if one[0] != user.pk]
    mine = [user.pk, secrets.token_urlsafe(9), password_state(user), int(time.time())]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps([mine, *others[: ACCOUNTS - 1]], salt=SALT),
        max_age=VALID_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark(request: HttpRequest, user: User) -> str:
    """The name of this browser's mark for ``user``; empty where it has none."""
    for pk, name, was, at in _marks(request):
        # Signed under the present secret key or an earlier one.
        today = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
        if pk == user.pk and 0 <= time.time() - at < VALID_SECONDS and was in map(_password_digest, today):
            return f"{pk} {name}"
    return ""


def password_state(user: User | None) -> str:
    """A digest that changes when ``user`` gets a new password, and reveals nothing of it; empty for None."""
    return _password_digest(user.get_session_auth_hash()) if user is not None else ""


def _marks(request: HttpRequest) -> list[list]:
    """``[account, name, state, Unix seconds]`` each, as this studio wrote them; else nothing."""
    try:
        return signing.loads(
            request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=SALT, max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        return []


def _password_digest(auth_hash: str) -> str:
    return hashlib.sha256(f"{SALT} {auth_hash}".encode()).hexdigest()[:32]
