"""Drops cookies that would be expensive to parse."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class CookiesMiddleware:
    """Removes every cookie with a backslash, before anything parses the header.

    Python takes backslashes out of a quoted cookie in time that grows with the square of its length
    (CVE-2024-7592; mended in 3.11.10, and the studio runs on 3.11.0), with the interpreter locked: minutes
    for what a server takes as headers. No cookie of the studio has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.META.get("HTTP_COOKIE", "")
        if "\\" in sent:
            request.META["HTTP_COOKIE"] = ";".join(pair for pair in sent.split(";") if "\\" not in pair)
        return self.get_response(request)
