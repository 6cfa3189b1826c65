"""One call to a vendor and its reply, with the one distinction money needs:

``NotSent``: surely nothing reached the vendor, so trying again is free.
``Lost``: bytes may have left and no usable reply came; nobody knows whether the
vendor acted, and a paid call is never repeated on it.

``send`` is for calls that may spend: a fresh connection (a stale pooled one
fails ambiguously), no retries, no redirects. ``Looker`` is for asking about
tasks: many at once over kept connections, repeatable by nature.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import aiohttp
import httpcore
import httpx
from yarl import URL

from videos.network.addresses import TRUST_NONE, Address, BlockedAddress, Trusted, check_url
from videos.network.client import (
    CONNECTION_ERRORS,
    USER_AGENT,
    BadReply,
    Connection,
    Transport,
    request,
    unpacker,
)
from videos.network.status_client import status_session
from videos.network.unpacking import Unpackable, encodings, is_text
from videos.vendors.contract import Call, Reply

REPLY_BYTES = 1 << 20
"""The longest reply that is read, in bytes: a thousand times the longest ever seen."""


class NotSent(Exception):
    """The call surely did not reach the vendor. ``reason``: ``dns``,
    ``connect``, ``timeout``, ``tls``, ``key``, ``request`` or ``blocked:<why>``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Lost(Exception):
    """The call may have reached the vendor and its reply is not known.
    ``reason``: ``timeout``, ``cut``, ``too_big`` or ``encoded``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def send(
    call: Call,
    *,
    base_url: str,
    key: str,
    trusted: Trusted = TRUST_NONE,
    deadline: float,
    cap: int = REPLY_BYTES,
) -> Reply:
    """Sends once and reads the whole reply within ``deadline`` seconds.

    A redirect comes back as the Reply it is, its Location not followed, with one
    exception: a 307 or 308 to ``www.`` of the same host and path, which one vendor
    answers on its bare domain (docs/vendors/seedance2ai.txt, trap 3-14), is taken
    once, with the key. Raises NotSent or Lost.
    """
    address, headers = _prepare(call, base_url, key, trusted)
    connection = Connection(trusted, deadline)
    reply = _send_once(connection, call, address, headers, cap)
    if moved := _www(reply, address, trusted):
        # The first host was reached, so a second that cannot be is no NotSent.
        with contextlib.suppress(NotSent):
            reply = _send_once(connection.next_connection(trusted), call, moved, headers, cap)
    return _without(key, reply)


def _send_once(
    connection: Connection, call: Call, address: Address, headers: dict[str, str], cap: int
) -> Reply:
    try:
        with Transport(connection) as transport:
            response = transport.handle_request(request(call.method, address, headers, call.body))
            with contextlib.closing(response):
                return Reply(response.status_code, _read(response, cap), _headers(response))
    except BlockedAddress as error:
        raise NotSent(f"blocked:{error.reason}") from None
    except BadReply as error:
        raise Lost(error.reason) from None
    except httpcore.LocalProtocolError:
        # Its text would repeat a header's value, and one of them is the key.
        raise (Lost("cut") if connection.sent else NotSent("request")) from None
    except CONNECTION_ERRORS as error:
        raise (Lost(_lost(error)) if connection.sent else NotSent(_not_sent(error))) from error


class Looker:
    """Asks many vendors at once::

        async with Looker(connections=100) as look:
            reply = await look.send(call, base_url=..., key=..., trusted=..., deadline=10)

    ``connections`` is per host. Raises NotSent and Lost as ``send`` does. NotSent needs positive evidence
    here; a deadline that passes while connecting is Lost. A GET over a kept
    connection that turns out closed is repeated once by aiohttp.
    """

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._doors: dict[Trusted, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for door in self._doors.values():
            await door.close()
        self._doors.clear()

    def _door(self, trusted: Trusted) -> aiohttp.ClientSession:
        # One per set of trusted hosts: resolved names and kept connections of a
        # rehearsal are never lent to a real call.
        if trusted not in self._doors:
            self._doors[trusted] = status_session(trusted, self._connections)
        return self._doors[trusted]

    async def send(
        self,
        call: Call,
        *,
        base_url: str,
        key: str,
        trusted: Trusted = TRUST_NONE,
        deadline: float,
        cap: int = REPLY_BYTES,
    ) -> Reply:
        address, headers = _prepare(call, base_url, key, trusted)
        try:
            async with asyncio.timeout(deadline):
                reply = await self._send_once(call, address, headers, trusted, cap)
                if moved := _www(reply, address, trusted):
                    reply = await self._send_once(call, moved, headers, trusted, cap)
                return _without(key, reply)
        except TimeoutError:
            raise Lost("timeout") from None

    async def _send_once(
        self, call: Call, address: Address, headers: dict[str, str], trusted: Trusted, cap: int
    ) -> Reply:
        url = URL(address.url, encoded=True)
        headers = {"user-agent": USER_AGENT, "accept-encoding": "identity"} | headers
        try:
            async with self._door(trusted).request(
                call.method, url, headers=headers, data=call.body, allow_redirects=False
            ) as response:
                return Reply(response.status, await _aread(response, cap), _headers(response))
        except BlockedAddress as error:
            raise NotSent(f"blocked:{error.reason}") from None
        except BadReply as error:
            raise Lost(error.reason) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(_not_sent(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Lost(_lost(error)) from error


def _prepare(call: Call, base_url: str, key: str, trusted: Trusted) -> tuple[Address, dict[str, str]]:
    if not key or not all("!" <= c <= "~" for c in key):
        raise NotSent("key")
    try:
        address = check_url(base_url.rstrip("/") + call.path, trusted=trusted)
    except BlockedAddress as error:
        raise NotSent(f"blocked:{error.reason}") from None
    headers = {"accept": "application/json"}
    if call.body is not None:
        headers["content-type"] = "application/json"
    headers |= {name.lower(): value for name, value in call.headers}
    return address, headers | {"authorization": f"Bearer {key}"}


def _without(key: str, reply: Reply) -> Reply:
    """A vendor that repeats the key in its refusal ("Incorrect API key provided: ...") must
    not bring it into a row, a page or a log: the key is replaced by ``***`` here."""
    headers = {name: value.replace(key, "***") for name, value in reply.headers.items()}
    return replace(reply, body=reply.body.replace(key.encode(), b"***"), headers=headers)


def _www(reply: Reply, address: Address, trusted: Trusted) -> Address | None:
    if reply.status not in (307, 308):
        return None
    try:
        there = check_url(urljoin(address.url, reply.headers.get("location", "")), trusted=trusted)
    except (BlockedAddress, ValueError):
        return None
    wanted = (address.scheme, f"www.{address.host}", address.port, address.target)
    return there if (there.scheme, there.host, there.port, there.target) == wanted else None


def _read(response: httpx.Response, cap: int) -> bytes:
    body = _Body(response, cap)
    for chunk in response.iter_raw():
        body.take(chunk)
    return body.whole()


async def _aread(response: aiohttp.ClientResponse, cap: int) -> bytes:
    body = _Body(response, cap)
    async for chunk in response.content.iter_any():
        body.take(chunk)
    return body.whole()


class _Body:
    """Collects and unpacks a reply as it comes in. Raises BadReply when what came or what it unpacks
    to is longer than ``cap`` bytes."""

    def __init__(self, response: httpx.Response | aiohttp.ClientResponse, cap: int) -> None:
        self._named = bool(encodings(response.headers.get("content-encoding", "")))
        self._unpacker, self._cap = unpacker(response, is_text), cap
        self._came, self._body = 0, bytearray()

    def take(self, chunk: bytes) -> None:
        self._came += len(chunk)
        if self._came > self._cap:
            raise BadReply("too_big")
        self._keep(self._unpacker.feed(chunk))

    def whole(self) -> bytes:
        self._keep(self._unpacker.finish())
        if self._named and not _is_utf8(self._body):
            raise BadReply("encoded")  # with an encoding that is not known here
        return bytes(self._body)

    def _keep(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self._body += piece
                if len(self._body) > self._cap:
                    raise BadReply("too_big")
        except Unpackable as error:
            raise BadReply(error.reason) from None


def _is_utf8(body: bytearray) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _headers(response: httpx.Response | aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _lost(error: BaseException) -> str:
    return "timeout" if isinstance(error, (httpcore.TimeoutException, TimeoutError)) else "cut"


def _not_sent(error: BaseException) -> str:
    if isinstance(error, (httpcore.TimeoutException, TimeoutError)):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError) or str(error) == "dns":
        return "dns"
    if isinstance(error, aiohttp.ClientSSLError) or str(error) == "tls":
        return "tls"
    return "connect"
