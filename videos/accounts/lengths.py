"""How long a sending may be is asked before a byte of it is read: the secret of a form stands in
its body, so that the body of whoever comes along is read, and its files laid down, before
anybody is asked who they are."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class BodyTooLong(RequestDataTooBig):
    """``most``: how many bytes it may have had."""

    def __init__(self, most: int):
        super().__init__(most)
        self.most = most


class LengthMiddleware:
    """Behind whatever says who asks, in which language and by what: the answer is a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No browser does; its end is anybody's guess. A vendor may call back so, and is a wake-up
        # all the same: Django reads nothing of such a body.
        if "Transfer-Encoding" in request.headers and not request.path.startswith("/hooks/"):
            return HttpResponse(status=411)
        if (length := said(request)) > settings.STRANGERS_BYTES:
            most = settings.SENDING_BYTES if request.user.is_authenticated else settings.STRANGERS_BYTES
            if length > most:
                raise BodyTooLong(most)
        return self.get_response(request)


def said(request: HttpRequest) -> int:
    """How many bytes come, as the sender says; what is no number is none, as Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
