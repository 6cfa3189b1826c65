"""The door in front of every page that needs somebody signed in."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


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
        away = redirect_to_login(_where_they_were(request), reverse(settings.LOGIN_URL))
        return HttpResponseClientRedirect(away.url) if request.htmx else away

    return guarded


def _where_they_were(request: HttpRequest) -> str:
    """A path of ours that answers GET: the page an htmx request came from, the page a
    form stood on, or the address itself."""
    if request.htmx:
        return request.htmx.current_url_abs_path or reverse("home")
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path.startswith("/"):
        return came_from._replace(scheme="", netloc="", fragment="").geturl()
    return reverse("home")
