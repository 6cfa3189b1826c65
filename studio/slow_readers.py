"""Sends answers to slow clients from one extra thread, so that the server's threads do not wait.

gunicorn's threads write an answer until its client has read all of it. A player that pauses a film
stops reading, and as many of them as there are threads would block the server. Here a thread writes
what fits into the system's buffer; one more thread per process keeps the rest (an open file and a
position in it, or bytes) and writes more whenever a client has read.
"""

import contextlib
import os
import selectors
import signal
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import BinaryIO

from gunicorn.workers.gthread import PollableMethodQueue

PIECE = 300_000
"""Bytes that a reader must take within the patience of the outbox, again and again: in 30 seconds that
is 10 kB/s, a tenth of the slowest film. The system's buffer (``BUFFER``) holds less than this, or the
count would jump."""
BUFFER = 128 * 1024
CHUNK = 128 * 1024  # bytes of a file in one write
TURN = 2_000_000  # bytes for one reader before the others have theirs
READERS = 250  # in one process: each needs an open socket and an open file
MEMORY = 64_000_000  # bytes of pages and tables that wait in one process; films wait on the disk
LINGER = 2.0
"""Seconds for a caller to hang up after the last answer. Until then what it still sends is read and
thrown away: closing on unread bytes would take the answer back (RFC 9112, section 9.6). gunicorn
lingers in the thread that accepts all others."""


@dataclass(slots=True)
class Part:
    """A part of an answer: ``left`` bytes from ``offset`` on, of ``data`` or of an open ``file``."""

    left: int
    offset: int = 0
    data: memoryview = memoryview(b"")
    file: int | None = None

    def ahead(self) -> bytes | memoryview:
        """Returns the next bytes; empty when a file ends before its announced length."""
        if self.file is None:
            return self.data[self.offset :]
        return os.pread(self.file, min(CHUNK, self.left), self.offset)

    def close(self) -> None:
        if self.file is not None:
            os.close(self.file)


class PatientSender(socket.socket):
    """A connection whose answers are sent on without a thread. ``outbox`` is set by the worker."""

    outbox: "Outbox"

    def __init__(self, fileno: int):
        super().__init__(fileno=fileno)
        self.lock = threading.Lock()  # of all that follows
        self.parts: deque[Part] = deque()
        self.finished = self.closing = False  # gunicorn sends no more; has closed
        self.since, self.taken = 0.0, 0  # bytes that the reader has taken since then
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        super().setblocking(False)
        self.may_wait: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        """Keeps the timeout that gunicorn sets. The socket itself stays non-blocking for every thread."""
        self.may_wait = seconds

    def gettimeout(self) -> float | None:
        return self.may_wait

    def setblocking(self, flag: bool) -> None:
        self.may_wait = None if flag else 0.0

    def send(self, data: bytes, flags: int = 0) -> int:
        self._say(Part(len(data), data=memoryview(data)))
        return len(data)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        self.send(data)

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """The descriptor is copied: Django closes its own as soon as the thread is done."""
        if count is None:
            count = os.fstat(file.fileno()).st_size - offset
        self._say(Part(count, offset, file=os.dup(file.fileno())))
        return count

    def _say(self, part: Part) -> None:
        """Sends ``part`` behind what still waits, or as much of it as the system takes now. Raises
        OSError where the reader has gone."""
        with self.lock:
            waits = bool(self.parts)
            self.parts.append(part)
            if waits or self.write_on(part.left):
                return
        self.outbox.watch(self)

    def write_on(self, most: int) -> bool:
        """Writes about ``most`` bytes, or what the system takes; whether nothing waits any more.
        Called with the lock held. Raises OSError where the reader has gone."""
        until = self.taken + most
        try:
            while self.parts and self.taken <= until:
                part = self.parts[0]
                if not part.left:
                    self.parts.popleft().close()
                    continue
                sent = super().send(part.ahead())
                if not sent:
                    raise BrokenPipeError("a file ended before its announced length")
                part.offset, part.left, self.taken = part.offset + sent, part.left - sent, self.taken + sent
        except BlockingIOError:
            return False
        except OSError:
            self.forget()
            raise
        return not self.parts

    def forget(self) -> None:
        while self.parts:
            self.parts.popleft().close()

    def held(self) -> int:
        """Returns how many bytes of memory wait to be sent."""
        with self.lock:
            return sum(part.data.nbytes for part in self.parts)

    def shutdown(self, how: int) -> None:
        """Notes that gunicorn sends no more. gunicorn would linger now; the outbox does that instead, so
        an OSError is raised, on which gunicorn closes at once."""
        self.finished = True
        raise OSError("the outbox lingers")

    def close(self) -> None:
        """Closes now, or once all was sent. gunicorn closes some connections twice."""
        with self.lock:
            if self.closing or self.parts:
                self.closing = True
                return
            self.closing = True
            if not self.finished:
                super().close()
                return
        self.outbox.linger(self)

    def close_now(self) -> None:
        super().close()

    def last_word(self) -> None:
        with contextlib.suppress(OSError):  # the reader has gone by itself
            super().shutdown(socket.SHUT_WR)

    def hears_on(self) -> bool:
        """Reads and drops what still comes; returns whether more may come."""
        try:
            return bool(super().recv(CHUNK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def hang_up(self) -> None:
        """Ends an answer in the middle. Where the worker still waits for a next request on this
        connection, it reads the end of the stream and closes."""
        with self.lock:
            self.forget()
            with contextlib.suppress(OSError):
                super().shutdown(socket.SHUT_RDWR)
            if self.closing:
                super().close()


class Outbox(threading.Thread):
    """The thread that sends waiting answers, one per process. It closes connections whose client reads
    less than a PIECE in ``patience`` seconds, and the slowest ones where more wait than READERS or
    MEMORY allow. A player whose connection was closed asks again, with a Range, when a person
    presses play."""

    def __init__(self, patience: float):
        super().__init__(name="outbox", daemon=True)
        self.patience = patience
        self.waiting: dict[int, PatientSender] = {}  # by descriptor
        self.leaving: dict[int, PatientSender] = {}
        self.judged = 0.0
        self.selector = selectors.DefaultSelector()
        self.calls = PollableMethodQueue()
        self.calls.init()
        self.selector.register(self.calls.fileno(), selectors.EVENT_READ)

    def watch(self, sender: PatientSender) -> None:
        """Adds a connection with bytes to send. May be called from any thread."""
        self.calls.defer(self._watch, sender)

    def linger(self, sender: PatientSender) -> None:
        """Adds a connection that has sent all and that gunicorn has closed. May be called from any thread."""
        self.calls.defer(self._linger, sender)

    def finish(self, seconds: float) -> None:
        """Waits until all is sent, or ``seconds`` have passed: for a worker that stops."""
        ends = time.monotonic() + seconds
        while self.waiting and time.monotonic() < ends:
            time.sleep(0.05)

    def run(self) -> None:
        """Runs the thread. Where it fails, the worker ends, and gunicorn starts another."""
        try:
            while True:
                self._turn()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def _turn(self) -> None:
        for key, _events in self.selector.select(timeout=min(1.0, self.patience / 4)):
            if key.data is None:
                self.calls.run_callbacks(None)
            elif key.fd in self.waiting:
                self._write(key.fd, key.data)
            elif not key.data.hears_on():
                self._close(key.fd)
        if len(self.waiting) > READERS or time.monotonic() - self.judged > min(1.0, self.patience / 4):
            self._judge()

    def _watch(self, sender: PatientSender) -> None:
        if not sender.parts:
            return
        sender.since, sender.taken = time.monotonic(), 0
        self.waiting[sender.fileno()] = sender
        self.selector.register(sender.fileno(), selectors.EVENT_WRITE, sender)

    def _write(self, descriptor: int, sender: PatientSender) -> None:
        try:
            with sender.lock:
                done = sender.write_on(TURN)
                if done:
                    self._leave(descriptor)
        except OSError:
            self._drop(descriptor)
            return
        if done and sender.closing:
            self._linger(sender)
        elif not done and sender.taken >= PIECE:
            sender.since, sender.taken = time.monotonic(), 0

    def _linger(self, sender: PatientSender) -> None:
        sender.last_word()
        sender.since = time.monotonic()
        self.leaving[sender.fileno()] = sender
        self.selector.register(sender.fileno(), selectors.EVENT_READ, sender)

    def _close(self, descriptor: int) -> None:
        self.selector.unregister(descriptor)
        self.leaving.pop(descriptor).close_now()

    def _judge(self) -> None:
        self.judged = time.monotonic()
        for descriptor in [fd for fd, sender in self.leaving.items() if self.judged - sender.since > LINGER]:
            self._close(descriptor)
        slowest = sorted(self.waiting, key=lambda descriptor: self.waiting[descriptor].since)
        memory = sum(sender.held() for sender in self.waiting.values())
        for place, descriptor in enumerate(slowest):
            sender = self.waiting[descriptor]
            late = self.judged - sender.since > self.patience
            if late or len(slowest) - place > READERS or memory > MEMORY:
                memory -= sender.held()
                self._drop(descriptor)

    def _leave(self, descriptor: int) -> None:
        self.selector.unregister(descriptor)
        del self.waiting[descriptor]

    def _drop(self, descriptor: int) -> None:
        sender = self.waiting[descriptor]
        self._leave(descriptor)
        sender.hang_up()
