"""Sends one HTTP request over a checked address, and holds what both HTTP clients share.

``Connection`` is an httpcore network backend under httpx. A name is resolved once,
*every* answer is checked (videos/network/addresses.py), and a checked address is
the one connected to, so a name that leads elsewhere the next time (DNS rebinding)
changes nothing; the TLS name and the Host header stay the name. The other client,
for many status calls at once, is videos/network/status_client.py.

Both are used below ``httpx.Client``: at the transport there are no redirects,
cookies, proxies, environment variables or decoders to switch off.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import aiohttp
import httpcore
import httpx

from videos.network import unpacking
from videos.network.addresses import Address, BlockedAddress, Trusted, refusal

CONNECT_SECONDS = 10.0
USER_AGENT = "studio/1"

CONNECTION_ERRORS: tuple[type[Exception], ...] = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    httpx.HTTPError,
    httpx.InvalidURL,
    OSError,
)
"""Every exception that a request can end with, besides BlockedAddress."""


@cache
def tls_context() -> ssl.SSLContext:
    """Returns the TLS context, one per process: building it costs ten times a request."""
    return httpx.create_ssl_context(trust_env=False)


class OutOfTime(httpcore.TimeoutException):
    """The total deadline has passed, even if the other side is still sending."""


class BadReply(Exception):
    """An answer of which no more is read. ``reason``: ``encoded``, ``cut`` or ``too_big``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# --- the synchronous client ---------------------------------------------------


class Connection(httpcore.NetworkBackend):
    """Connects one HTTP request. ``deadline`` is in seconds from now and total:
    name, connect, TLS, a dripped header and the last byte all count against it.

    ``sent`` turns true just before the first byte of a request is handed to the
    operating system; while it is false, nothing has reached the other side.
    """

    def __init__(self, trusted: Trusted, deadline: float, idle: float | None = None) -> None:
        self._trusted = trusted
        self._ends = time.monotonic() + deadline
        self._idle = idle
        self.sent = False

    def next_connection(self, trusted: Trusted) -> "Connection":
        """Returns another connection under the same deadline (a redirect's next hop, which may be
        trusted less)."""
        connection = Connection(trusted, 0, self._idle)
        connection._ends = self._ends
        return connection

    def remaining(self, limit: float | None = None) -> float:
        """Returns the seconds that the next step may take. Raises OutOfTime when none are left.

        Asked before every send, so a process that slept past its deadline (and
        so perhaps past its lease) does not start to spend when it wakes up."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime("deadline")
        return min(x for x in (left, self._idle, limit) if x is not None)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        last: OSError | None = None
        for family, kind, protocol, address in resolve(host, port, self._trusted):
            patience = self.remaining(CONNECT_SECONDS)
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(patience)
                sock.connect(address)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                sock.close()
                last = error
            else:
                return _Stream(sock, self)
        kind_of = httpcore.ConnectTimeout if isinstance(last, TimeoutError) else httpcore.ConnectError
        raise kind_of(str(last)) from last

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        raise BlockedAddress("unix_socket")


class _Stream(httpcore.NetworkStream):
    """A socket of which every wait ends at the connection's deadline."""

    def __init__(self, sock: socket.socket, connection: Connection) -> None:
        self._sock = sock
        self._connection = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._sock.settimeout(self._connection.remaining())
        try:
            return self._sock.recv(max_bytes)
        except TimeoutError as error:
            self._connection.remaining()
            raise httpcore.ReadTimeout("idle") from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self._sock.settimeout(self._connection.remaining())
            self._connection.sent = True
            try:
                rest = rest[self._sock.send(rest) :]
            except TimeoutError as error:
                self._connection.remaining()
                raise httpcore.WriteTimeout("idle") from error
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            # CPython counts this timeout over the whole handshake, not per record.
            self._sock.settimeout(self._connection.remaining(CONNECT_SECONDS))
            return _Stream(
                ssl_context.wrap_socket(self._sock, server_hostname=server_hostname), self._connection
            )
        except TimeoutError as error:
            self._sock.close()
            raise httpcore.ConnectTimeout("tls") from error
        except OSError as error:  # ssl.SSLError is one
            self._sock.close()
            raise httpcore.ConnectError("tls") from error

    def close(self) -> None:
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        return {"socket": self._sock, "is_readable": False}.get(info)


def resolve(host: str, port: int, trusted: Trusted) -> list[tuple[int, int, int, Any]]:
    """Returns all addresses of a name. Raises BlockedAddress unless every one of them is allowed
    (one public answer does not excuse a private one)."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("dns") from error
    check_answers([str(answer[4][0]) for answer in answers], host, port, trusted)
    return [(family, kind, protocol, address) for family, kind, protocol, _, address in answers]


def check_answers(ips: list[str], host: str, port: int, trusted: Trusted) -> None:
    """Checks the addresses that a name resolved to. Raises BlockedAddress."""
    if (host, port) in trusted:
        return
    for ip in ips:
        if reason := refusal(ip):
            raise BlockedAddress(reason)


class Transport(httpx.BaseTransport):
    """Runs httpx over ``connection``: one fresh connection, never kept."""

    def __init__(self, connection: Connection, tls: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or tls_context(),
            max_connections=1,
            max_keepalive_connections=0,
            retries=0,
            network_backend=connection,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme,
                    host=url.raw_host,
                    port=url.port,
                    target=request.extensions["target"],
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


# --- what both clients send ---------------------------------------------------


def request(
    method: str, address: Address, headers: dict[str, str], body: bytes | None = None
) -> httpx.Request:
    """Builds a request for an address that passed ``check_url``. Compressed answers are
    not asked for: a reply of two kilobytes can unpack to gigabytes.

    The path and query travel beside httpx's own reading of the address, which would write
    some of it anew (dot segments, for one), and a signature may cover the exact spelling."""
    own = {"host": address.authority, "user-agent": USER_AGENT, "accept-encoding": "identity"}
    where = f"{address.scheme}://{address.authority}/"
    target = {"target": address.target.encode("ascii")}
    return httpx.Request(method, where, headers=own | headers, content=body, extensions=target)


def unpacker(
    response: httpx.Response | aiohttp.ClientResponse, plain: Callable[[bytes], bool]
) -> unpacking.Unpacker:
    """Returns the Unpacker for this answer, by its Content-Encoding header and its first bytes."""
    return unpacking.Unpacker(unpacking.encodings(response.headers.get("content-encoding", "")), plain)
