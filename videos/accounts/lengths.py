"""Limits the size of a request, and whether it may contain files, before a byte of its body is read.

The CSRF token of a form stands in its body, so Django reads the body of any visitor, and stores its files,
before anybody is asked who they are.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from videos import access
from videos.uploads.receiving import IgnoreFilesHandler

# What an address takes: bytes in all, by its name. One that is not named takes one small form
# (settings.FORM_BYTES). Files come to these, from people who may make something in that team:
BYTES_WITH_FILES = {
    "uploads": 2 * settings.FILE_BYTES,  # so that a file which is a little too long is refused with its name
    "generate": settings.SENDING_BYTES,
    "draft": settings.SENDING_BYTES,
    "batch": settings.SENDING_BYTES,
    "recipes_import": settings.FILE_BYTES + settings.FORM_BYTES,
}
# Prompts and templates as long as their fields, from people who are signed in.
LONG_TEXT_PAGES = {
    *BYTES_WITH_FILES, "race", "reuse", "recipe_beside", "draft_picture", "model_choice", "recipe_new", "recipe_edit",
    "recipe_use", "recipe_shipped", "recipe_copy",
}  # fmt: skip


class BodyTooLong(RequestDataTooBig):
    """The body is longer than this address takes. ``most``: how many bytes it may have."""

    def __init__(self, most: int):
        super().__init__(most)
        self.most = most


class LengthMiddleware:
    """Stands behind the middleware for sessions, languages and htmx, because its refusal is a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No browser sends a chunked body, and its length is unknown. A vendor's callback may be chunked: it
        # still wakes the job, because Django reads nothing of such a body.
        if "Transfer-Encoding" in request.headers and not request.path.startswith("/hooks/"):
            return HttpResponse(status=411)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            most, files = allowed(request)
            if declared_length(request) > most:
                raise BodyTooLong(most)
            if not files:
                request.upload_handlers = [IgnoreFilesHandler(request)]
        return self.get_response(request)


def allowed(request: HttpRequest) -> tuple[int, bool]:
    """How many bytes this request may have, and whether files, by its address and by who asks. A request
    that is short and has no files makes no query."""
    name, team = _address(request)
    if name not in LONG_TEXT_PAGES or not request.user.is_authenticated:
        return settings.FORM_BYTES, False
    if name in BYTES_WITH_FILES and _is_a_form_with_files(request) and _may_make(request, team):
        return BYTES_WITH_FILES[name], True
    return settings.WORDS_BYTES, False


def _address(request: HttpRequest) -> tuple[str, str]:
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return "", ""
    return found.url_name or "", str(found.kwargs.get("team", ""))


def _is_a_form_with_files(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _may_make(request: HttpRequest, team: str) -> bool:
    try:
        return access.can(access.member_of(request.user, team), "make")
    except Http404:
        return False


def declared_length(request: HttpRequest) -> int:
    """The length that the request declares; 0 where it is no number, as Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
