"""Sets REMOTE_ADDR to the visitor's address where requests come through our own proxies."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ProxiesMiddleware:
    """Sets REMOTE_ADDR to the address that the outermost of our ``PROXY_COUNT`` proxies saw.

    Each proxy appends the address it saw to X-Forwarded-For. What stands further left was sent by the
    client and proves nothing: a rate limit that counted by it could be avoided at will."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        heard = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < settings.PROXY_COUNT <= len(heard):
            try:
                address = ipaddress.ip_address(heard[-settings.PROXY_COUNT].strip())
            except ValueError:
                pass  # the proxy wrote no valid address: its own address counts
            else:
                request.META["REMOTE_ADDR"] = str(address)
        return self.get_response(request)
