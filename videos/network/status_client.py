"""Opens aiohttp sessions for many status calls at once, with the same rule for addresses.

httpx's own asynchronous pool costs the square of its connections (encode/httpx
#3215), aiohttp's does not; and httpx above aiohttp costs a look two thirds more than
aiohttp alone (bench, T1). aiohttp never asks a resolver about an address that is
written as a number, so the rule is applied twice: where a name is resolved, and where
the socket is made, which sees the very address that is about to be connected to.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from videos.network.addresses import BlockedAddress, Trusted, refusal
from videos.network.client import CONNECT_SECONDS, check_answers, tls_context


class _Resolver(AbstractResolver):
    def __init__(self, trusted: Trusted, allow: Callable[[str, int], None]) -> None:
        self._trusted = trusted
        self._allow = allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answers = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, family=family
        )
        check_answers([str(answer[4][0]) for answer in answers], host, port, self._trusted)
        if (host, port) in self._trusted:
            for answer in answers:
                self._allow(str(answer[4][0]), port)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in answers
        ]

    async def close(self) -> None:
        """Nothing is held open."""


def status_session(trusted: Trusted, connections: int) -> aiohttp.ClientSession:
    """Returns the session for one set of trusted hosts: keep-alive, at most ``connections`` to each
    host, so that a vendor that hangs does not delay the status calls to others. Must be called
    inside a running loop."""
    inside = set(trusted)

    def make_socket(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if (address[0], address[1]) not in inside and (reason := refusal(address[0])):
            raise BlockedAddress(reason)
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=_Resolver(trusted, lambda ip, port: inside.add((ip, port))),
        socket_factory=make_socket,
        ssl=tls_context(),
        limit=0,
        limit_per_host=connections,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("User-Agent", "Accept-Encoding"),
        # Beside the caller's own deadline: a host that cannot be reached is known sooner.
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
    )
