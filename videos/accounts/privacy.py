"""Keeps pages out of the browser's cache, and empties the cache after signing out."""

import logging
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)


class PrivacyMiddleware:
    """Forbids caching of every response that does not say how long it may be kept (OWASP ASVS 14.3.2).
    Films and pictures say so themselves; static files are answered before this.

    A 403 or 404 for a signed-in person is logged, because a person who tries other teams' addresses shows
    up nowhere else (ASVS 16.3.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user.pk
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        if person is not None and not request.user.is_authenticated:
            # Signed out by this request: the browser also drops cached films (it obeys over https only).
            response.headers["Clear-Site-Data"] = '"cache"'
        if person is not None and response.status_code in (403, 404):
            where = request.resolver_match
            log.warning("refused: person %s, %s, %s", person, response.status_code, where and where.view_name)
        return response
