"""How often a password may be guessed, and a letter asked for.

Failed guesses are counted four ways, and the first that is full refuses:

- per network, whatever account is tried (one password over many people);
- per account and network: whoever knows an address keeps nobody out but their own network;
- per account, from all networks together: ten networks at full speed. It bounds guessing that is
  spread over many machines to a thousand passwords a day;
- a browser that signed in to this account before (``known_browsers.py``) is counted by itself, and by
  none of the others: what strangers do elsewhere does not keep it out.

A right password gives its count back. Counting is django-allauth's, in the shared cache."""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from videos.accounts import known_browsers
from videos.accounts.signin_events import network
from videos.models import User

RATES = {
    "guess_network": "10/m/ip",
    "guess_here": "5/5m/key,20/h/key",
    "guess_anywhere": "200/h/key,1000/d/key",
    "guess_known": "10/5m/key,100/d/key",
    # Letters to one address. Earlier letters have links that still work, so nobody is locked out.
    "letter_here": "5/h/key",
    "letter_anywhere": "20/d/key",
    "letter_new_address": "5/h/user",
}


def spend_guess(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Counts one guess at the password of ``email`` (folded). None: too many, do not even look."""
    user = User.objects.filter(email=email).first()
    if user is not None and (mark := known_browsers.mark(request, user)):
        return _spend(request, "guess_known", mark)
    # Counted per password: after a reset the count starts anew, and its owner is let in at once.
    account = f"{email} {known_browsers.password_state(user)}"
    spent = []
    for name, key in (
        ("guess_network", None),
        ("guess_here", f"{account} {_network_of(request)}"),
        ("guess_anywhere", account),
    ):
        usage = _spend(request, name, key)
        if usage is None:
            return None
        spent += usage.usage
    return RateLimitUsage(usage=spent)


def may_have_letter(request: HttpRequest, email: str) -> bool:
    """Counts one letter to ``email`` (folded) that somebody who is not signed in asked for."""
    here = _spend(request, "letter_here", f"{email} {_network_of(request)}")
    return here is not None and _spend(request, "letter_anywhere", email) is not None


def may_write_to_new_address(request: HttpRequest) -> bool:
    """Counts one letter that the signed-in person sends to an address which may be anybody's."""
    return _spend(request, "letter_new_address", None) is not None


def _network_of(request: HttpRequest) -> str:
    return network(request.META.get("REMOTE_ADDR", ""))


def _spend(request: HttpRequest, name: str, key: str | None) -> RateLimitUsage | None:
    return ratelimit.consume(request, app="videos.accounts", action=name, config=RATES, key=key)
