"""A TCP proxy that makes a connection as bad as a test asks: latency, bandwidth, slicer,
reset_peer, limit_data and timeout, as Toxiproxy calls them (github.com/Shopify/toxiproxy).

``with between("127.0.0.1", port) as proxy:`` and then ``proxy.toxics = Toxics(latency=0.2)``, at any
time, for the connections that are made from then on.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

PIECE = 65536


@dataclass(frozen=True, slots=True)
class Toxics:
    """What is wrong with the way back (what the server says); ``None`` and 0: nothing. Times in
    seconds, sizes in bytes."""

    latency: float = 0.0  # before each piece
    bandwidth: int = 0  # bytes a second
    slicer: int = 0  # no piece is larger
    reset_peer: float | None = None  # a TCP reset, so long after the first byte of the request
    limit_data: int | None = None  # closed after so many bytes
    timeout: float | None = None  # nothing gets through, and closed after so long
    only_first: int | None = None  # so many connections; those after them are healthy


@dataclass
class Proxy:
    """In front of ``host:port``, in a thread with ``loop``; ``listens`` is its own port."""

    host: str
    port: int
    loop: asyncio.AbstractEventLoop
    toxics: Toxics = field(default_factory=Toxics)
    connections: int = 0
    listens: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listens}"

    def cut(self) -> None:
        """Every connection that is open now ends with a reset."""
        self.loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in list(self._open):
            reset(writer)

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self.join, "127.0.0.1", 0)
        self.listens = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.connections += 1
        healthy = self.toxics.only_first is not None and self.connections > self.toxics.only_first
        toxics = Toxics() if healthy else self.toxics
        try:
            far, forth = await asyncio.open_connection(self.host, self.port)
        except OSError:
            back.transport.abort()
            return
        self._open |= {back, forth}
        try:
            await self.converse(toxics, near, back, far, forth)
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of the two left: so does the other
        finally:
            self._open -= {back, forth}
            for writer in (back, forth):
                writer.close()

    async def converse(
        self, toxics: Toxics, near: asyncio.StreamReader, back: asyncio.StreamWriter,
        far: asyncio.StreamReader, forth: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        asked = asyncio.Event()
        there = asyncio.create_task(copy(near, forth, asked))
        here = asyncio.create_task(self.return_way(toxics, asked, far, back))
        done, _left = await asyncio.wait({there, here}, return_when=asyncio.FIRST_COMPLETED)
        if here not in done:  # the client has said all; what the server says may still come
            await asyncio.wait({here}, timeout=30)
        for task in (there, here):
            task.cancel()
        await asyncio.gather(there, here, return_exceptions=True)

    async def return_way(
        self, toxics: Toxics, asked: asyncio.Event, far: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        if toxics.timeout is not None:
            await asyncio.sleep(toxics.timeout)
            return
        if toxics.reset_peer is not None:
            await asked.wait()
            await asyncio.sleep(toxics.reset_peer)
            reset(back)
            return
        left = toxics.limit_data
        while data := await far.read(toxics.slicer or PIECE):
            if left is not None:
                data, left = data[:left], left - len(data)
            await asyncio.sleep(toxics.latency + (len(data) / toxics.bandwidth if toxics.bandwidth else 0))
            back.write(data)
            await back.drain()
            if left is not None and left <= 0:
                return


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: asyncio.Event) -> None:
    while data := await reader.read(PIECE):
        asked.set()
        writer.write(data)
        await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: SO_LINGER with no time to linger (socket(7))."""
    connection = writer.transport.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.contextmanager
def between(host: str, port: int, toxics: Toxics | None = None) -> Iterator[Proxy]:
    loop = asyncio.new_event_loop()
    proxy = Proxy(host, port, loop, toxics or Toxics())
    started, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(proxy.serve(started, stop),), daemon=True)
    thread.start()
    if not started.wait(10):
        raise TimeoutError("the proxy does not listen")
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
