"""The outbox sends what a reader does not take at once, so that no thread of the server waits for one.

gunicorn's threads write an answer until its reader has taken all of it. A player that pauses a film
reads no more, and as many of these as there are threads would be everybody. Here a thread writes
what fits into the system's buffer; one more thread per process keeps the rest (an open file and a
position in it, or bytes) and writes on as each reader reads.
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
        """What comes next; empty when a file ends before its announced length."""
        if self.file is None:
            return self.data[self.offset :]
        return os.pread(self.file, min(CHUNK, self.left), self.offset)

    def close(self) -> None:
        if self.file is not None:
            os.close(self.file)


class PatientSender(socket.socket):
    """A connection whose answers go on without a thread. ``outbox`` is set by whoever makes it."""

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
        """What gunicorn may wait for; the system never waits here, whichever thread calls it."""
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
        """How many bytes of memory wait here."""
        with self.lock:
            return sum(part.data.nbytes for part in self.parts)

    def shutdown(self, how: int) -> None:
        """gunicorn says so that it sends no more, and would linger. The outbox does that instead, so
        the error: gunicorn takes it for a reason to close at once."""
        self.finished = True
        raise OSError("the outbox lingers")

    def close(self) -> None:
        """Now, or once all was sent. gunicorn closes some connections twice."""
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
        """Reads what still comes, and whether more may."""
        try:
            return bool(super().recv(CHUNK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def hang_up(self) -> None:
        """Ends an answer in the middle. Where the worker still waits here for a next request, it
        hears the end of the line and closes."""
        with self.lock:
            self.forget()
            with contextlib.suppress(OSError):
                super().shutdown(socket.SHUT_RDWR)
            if self.closing:
                super().close()


class Outbox(threading.Thread):
    """One per process. Hung up on are readers that take less than a PIECE in ``patience`` seconds, and
    the slowest ones where more wait than READERS or MEMORY allow. A player that was hung up on asks
    again by itself, with a Range, when somebody presses play."""

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
        """From any thread: something of this one waits."""
        self.calls.defer(self._watch, sender)

    def linger(self, sender: PatientSender) -> None:
        """From any thread: all was said to this one, and gunicorn has closed."""
        self.calls.defer(self._linger, sender)

    def finish(self, seconds: float) -> None:
        """Waits until nothing waits any more, or ``seconds`` have passed: for a worker that stops."""
        ends = time.monotonic() + seconds
        while self.waiting and time.monotonic() < ends:
            time.sleep(0.05)

    def run(self) -> None:
        """A worker without its outbox is none: it ends, and gunicorn starts another."""
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
