"""Two checks before a page: ``login_required`` lets in who is signed in; ``is_fresh`` asks whether the
password was typed a short while ago, before what a session that was left open, or stolen, must not do."""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

TYPED_AT = "password_typed_at"  # in a session: Unix seconds


def login_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anonymous people go to the sign-in page and come back to where they were.

    An htmx request is answered by ``HX-Redirect``: a plain redirect would be followed
    by the browser unseen and put the sign-in form inside a card.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            response = view(request, *args, **kwargs)
            # The same address answers a page or a fragment; Back must not show the fragment.
            patch_vary_headers(response, ("HX-Request",))
            return response
        sign_in_page = redirect_to_login(_where_they_were(request), reverse(settings.LOGIN_URL))
        return HttpResponseClientRedirect(sign_in_page.url) if request.htmx else sign_in_page

    return guarded


def password_typed(request: HttpRequest) -> None:
    """Notes in the session that its password was typed just now."""
    request.session[TYPED_AT] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password of this session was typed within ``PASSWORD_HOLDS``."""
    # Not negative: a clock that ran ahead then, and was set back since, must not prolong it.
    return 0 <= time.time() - request.session.get(TYPED_AT, 0) < settings.PASSWORD_HOLDS


def ask_for_password(request: HttpRequest, back: str) -> HttpResponse:
    """Redirects to the page that asks for the password, and from there to ``back``. What was posted is not
    kept: it may be a secret."""
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def is_local(address: str) -> bool:
    """Whether a person may be redirected to ``address``, which came from a visitor: only to a path of this
    host, from its root. Anything else (a word, another host, a scheme) is refused."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def came_from(request: HttpRequest) -> SplitResult:
    """Path and query of our own page that sent the request, as the browser says; empty where it names
    another host, or no valid address."""
    current = request.htmx.current_url if request.htmx else request.headers.get("Referer")
    try:
        address = urlsplit(current or "")
    except ValueError:
        return urlsplit("")
    ours = address.netloc == request.get_host() and address.path.startswith("/")
    return address._replace(scheme="", netloc="", fragment="") if ours else urlsplit("")


def _where_they_were(request: HttpRequest) -> str:
    """A path of ours that answers GET, to return to after signing in: the page an htmx request came from,
    the page a form stood on, or the address itself."""
    if not request.htmx and request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request).geturl() or reverse("home")
