"""Gives every request an id, which the log, the audit events and the answer all carry."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from videos.logs import REQUEST

HEADER = "X-Request-Id"


class RequestIdMiddleware:
    """Creates the id here and ignores one that the client sent: that could be the id of another request."""

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
