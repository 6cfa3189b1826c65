"""Every request has a name: the log, the book and the answer tell it apart from all others."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from videos.logs import REQUEST

HEADER = "X-Request-Id"


class RequestIdMiddleware:
    """Named here and by nobody else: what a client sent under that name could be another's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = secrets.token_hex(8)
        before = REQUEST.set(name)
        try:
            response = self.get_response(request)
        finally:
            REQUEST.reset(before)
        response.headers[HEADER] = name
        return response
