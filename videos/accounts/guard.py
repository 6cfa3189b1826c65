"""The outermost middleware but one: sets security headers on every response, and answers where an error
page itself fails."""

import codecs
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template

log = logging.getLogger(__name__)

# django.http.request parses these two as forms; the charset matters for no other type.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HSTS = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains" if settings.SECURE_HSTS_SECONDS else ""
HEADERS = {
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Cache-Control": "no-store, private",
}


class GuardMiddleware:
    """Stands inside the content security policy (which every response gets) and outside all other
    middleware.

    The middleware further in sets the same headers more precisely, but not on every path: a response that
    one of them gives never reaches those below it. An error page that fails is answered here, without the
    request: what failed is likely to fail in the next page too. A form that is not in UTF-8 is refused
    (415)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.content_type in FORMS and not is_utf8(request):
            response = HttpResponse("A form is sent in UTF-8.\n", status=415, content_type="text/plain")
        else:
            response = self.answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if HSTS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except Exception:
            log.exception("an error page broke")
            return HttpResponse(get_template("500.html").render(), status=500)


def is_utf8(request: HttpRequest) -> bool:
    """Whether the request names UTF-8, or no charset at all."""
    try:
        return codecs.lookup(request.content_params.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False
