"""Sets language and time zone for each request."""

import zoneinfo
from functools import cache
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from videos import access

# Written by the browser (static/js), because no header tells a server where its reader is.
ZONE_COOKIE = "studio-zone"


class PreferencesMiddleware:
    """Language: the person's own choice, else the cookie, else Accept-Language. Time zone: the person's own
    choice, else what their browser reported, else ``settings.TIME_ZONE``.

    Also turns ``access.Forbidden`` into the 403 page, wherever it was raised."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language), timezone.override(zone_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        if not getattr(request.user, "language", ""):
            patch_vary_headers(response, ("Accept-Language",))
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, access.Forbidden):
            return render(request, "403.html", {"verb": str(exception)}, status=403)
        return None


def language_of(request: HttpRequest) -> str:
    chosen = getattr(request.user, "language", "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


@cache
def zones() -> frozenset[str]:
    """All time zones, read once: reading them walks the disk, ten milliseconds each time."""
    return frozenset(zoneinfo.available_timezones())


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """The time zone of the reader; a name that does not exist is ignored."""
    for name in (getattr(request.user, "time_zone", ""), unquote(request.COOKIES.get(ZONE_COOKIE, ""))):
        if name in zones():
            return zoneinfo.ZoneInfo(name)
    return zoneinfo.ZoneInfo(settings.TIME_ZONE)
