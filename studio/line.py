"""Defines the gunicorn worker: a slow client does not keep one of its threads.

gunicorn's threads wait for the rest of a request, and for the reader of an answer, without a limit;
thirty-two slow clients would block the server. Here answers go through the outbox
(slow_readers.py). A request has a time limit, which is short while half of the threads wait for
bytes. The health check is answered by a thread of its own.
"""

import os
import select
import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from studio.slow_readers import Outbox, PatientSender

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

REQUEST_PIECE = 60_000  # bytes of a request that must come within its time limit: 2 kB/s
SECURITY_HEADERS = (
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox",
    b"X-Frame-Options: DENY",
    b"X-Content-Type-Options: nosniff",
    b"Referrer-Policy: same-origin",
    b"Cross-Origin-Opener-Policy: same-origin",
    b"Cache-Control: no-store, private",
)
LIVE = b"GET /healthz/live "
STOPPING = 10.0  # seconds for answers that are under way; gunicorn gives a worker 15


class WaitingThreads:
    """Counts the threads of this process that wait for bytes of a request."""

    def __init__(self, threads: int):
        self.most = threads // 2
        self.waiting = 0
        self.lock = threading.Lock()

    def __enter__(self) -> float:
        """Returns how long this thread may wait, in seconds."""
        with self.lock:
            self.waiting += 1
            crowded = self.waiting > self.most
        return settings.DURATIONS["request_crowded" if crowded else "request_silence"]

    def __exit__(self, *_) -> None:
        with self.lock:
            self.waiting -= 1


class PatientSocket(PatientSender):
    """A connection that waits for the next REQUEST_PIECE bytes of a request at most
    ``DURATIONS["request_silence"]`` seconds in all. After that every read returns the end of the
    stream: otherwise the rest of an abandoned body would be taken for the next request.
    ``readers`` is set by the worker."""

    readers: WaitingThreads

    def __init__(self, fileno: int):
        super().__init__(fileno)
        self.waited, self.heard = 0.0, 0
        self.given_up = False

    def recv(self, *args) -> bytes:
        if self.given_up:
            return b""
        try:
            found = super().recv(*args)
        except BlockingIOError:
            if not self._wait():
                self.given_up = True
                return b""
            found = super().recv(*args)
        self.heard += len(found)
        if self.heard >= REQUEST_PIECE:
            self.waited, self.heard = 0.0, 0
        return found

    def _wait(self) -> bool:
        """Returns whether bytes came in time. A shorter timeout that gunicorn sets counts as well."""
        began = time.monotonic()
        with self.readers as patience:
            seconds = min(patience - self.waited, self.gettimeout() or patience)
            line = select.poll()
            line.register(self, select.POLLIN)
            came = seconds > 0 and bool(line.poll(seconds * 1000))
        self.waited += time.monotonic() - began
        return came

    def send(self, data: bytes, flags: int = 0) -> int:
        self.waited, self.heard = 0.0, 0  # the next request has its own time
        return super().send(data, flags)

    def asks_for_life(self) -> bool:
        """Returns whether the whole head of a health check request can be read without waiting."""
        try:
            head = super().recv(4096, socket.MSG_PEEK)
        except OSError:
            return False
        return head.startswith(LIVE) and b"\r\n\r\n" in head


class HeaderGuard:
    """Adds the security headers to the error pages that gunicorn itself writes for a bad request."""

    def __init__(self, sock: socket.socket):
        self.sock = sock

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        head, _end, body = data.partition(b"\r\n\r\n")
        self.sock.sendall(b"\r\n".join([head, *SECURITY_HEADERS, b"", body]))


class PatientWorker(ThreadWorker):
    """gunicorn's threaded worker, with PatientSocket connections."""

    def init_process(self) -> None:
        patience = settings.DURATIONS["request_silence"]
        self.patience = patience
        self.readers = WaitingThreads(self.cfg.threads)
        self.outbox = Outbox(patience)
        self.outbox.start()
        self.lookout = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Gives a thread to a connection that has bytes to read. gunicorn passes new connections here
        before any bytes came: these wait without a thread."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(conn.sock.detach())
            conn.sock.outbox, conn.sock.readers = self.outbox, self.readers
            self.await_first_word(conn)
        elif conn.sock.asks_for_life():
            done = self.lookout.submit(self.handle, conn)
            done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))
        else:
            super().enqueue_req(conn)

    def await_first_word(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + min(self.patience, 10)
        self.pending_conns.append(conn)
        heard = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, heard)

    def handle_error(self, req, client, addr, exc) -> None:
        super().handle_error(req, HeaderGuard(client), addr, exc)

    def run(self) -> None:
        super().run()
        self.outbox.finish(STOPPING)
