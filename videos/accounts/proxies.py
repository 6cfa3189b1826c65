"""Who asked, behind proxies of ours."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ProxiesMiddleware:
    """REMOTE_ADDR is the address that the outermost of our ``PROXY_COUNT`` proxies heard.

    Each proxy writes whom it heard at the end of X-Forwarded-For. What stands further left
    was sent by the client and is nobody's word: a limit that counted by it would count nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        heard = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < settings.PROXY_COUNT <= len(heard):
            try:
                address = ipaddress.ip_address(heard[-settings.PROXY_COUNT].strip())
            except ValueError:
                pass  # a proxy that writes no address: then it is the one who asks
            else:
                request.META["REMOTE_ADDR"] = str(address)
        return self.get_response(request)
