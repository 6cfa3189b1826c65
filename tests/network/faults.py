"""A server on loopback that answers as badly as it is told to, over real sockets.

A *behaviour* is a function of the request and the open connection; when it
returns, the connection is closed. Everything that arrived is kept to look at.
"""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import brotli


@dataclass
class Heard:
    """One request as it came in. Header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[[Heard, socket.socket], None]


@dataclass
class Server:
    behaviour: Behaviour
    tls: ssl.SSLContext | None = None
    connections: int = 0
    heard: list[Heard] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def trusted(self) -> frozenset[tuple[str, int]]:
        return frozenset({("127.0.0.1", self.port)})

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                while request := _read_request(connection):
                    self.heard.append(request)
                    if self.behaviour(request, connection) is not KEEP:
                        return


KEEP = "keep the connection open for another request"


@contextlib.contextmanager
def server(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    one = Server(behaviour, tls, port=listener.getsockname()[1])
    if tls:
        tls.sni_callback = lambda _socket, name, _context: one.server_names.append(name)
    threading.Thread(target=one.serve, args=(listener,), daemon=True).start()
    try:
        yield one
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _read_request(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    return Heard(method, target, headers, body)


# --- behaviours -------------------------------------------------------------


def head(status: int = 200, **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def answers(status: int = 200, body: bytes = b"{}", **headers: object) -> Behaviour:
    def behave(_: Heard, connection: socket.socket) -> str:
        connection.sendall(head(status, content_length=len(body), **headers) + body)
        return KEEP

    return behave


def raw(data: bytes) -> Behaviour:
    """These bytes and a clean close."""
    return lambda _, connection: connection.sendall(data)


def resets(data: bytes = b"") -> Behaviour:
    """These bytes, then a TCP reset."""

    def behave(_: Heard, connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(0.05)  # a reset overtakes bytes that are still under way
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def drips(before: bytes, drop: bytes, every: float = 0.1, drops: int = 80) -> Behaviour:
    """Never silent for long, never done: a timeout per read does not end it."""

    def behave(_: Heard, connection: socket.socket) -> None:
        connection.sendall(before)
        for _n in range(drops):
            connection.sendall(drop)
            time.sleep(every)

    return behave


def silent(seconds: float = 8) -> Behaviour:
    return lambda _request, _connection: time.sleep(seconds)


def endless(piece: bytes = b"x" * 65536, pieces: int = 16384) -> Behaviour:
    """A gigabyte without a length."""

    def behave(_: Heard, connection: socket.socket) -> None:
        connection.sendall(head())
        for _n in range(pieces):
            connection.sendall(piece)

    return behave


def bomb(megabytes: int = 200) -> Behaviour:
    """A small reply that two rounds of unpacking make large."""
    body = gzip.compress(gzip.compress(bytes(megabytes << 20), 9), 9)
    return answers(body=body, content_encoding="gzip, gzip")


def framed(body: bytes, size: int = 65536, *, signed: bool = True, whole: bool = True) -> bytes:
    """``body`` as an upload in ``aws-chunked`` frames it, which some storages keep as it came."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)] + ([b""] if whole else [])
    signature = b";chunk-signature=" + b"0" * 64 if signed else b""
    lines = [b"%x%s\r\n%s\r\n" % (len(piece), signature, piece) for piece in pieces]
    return b"".join(lines)[: None if signed or not whole else -2] + (
        b"" if signed else b"x-amz-checksum-crc32:x\r\n\r\n"
    )


def brotlied(body: bytes) -> bytes:
    return brotli.compress(body)


def bare_deflated(body: bytes) -> bytes:
    """Without zlib's header, as some servers understand the word."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
