"""Workers that stop wherever a proof wants them to: at the socket, and before statements.

A worker is a greenlet (they come with Playwright): it runs in the test's own thread and on its
connection, so an example is undone by a rollback. It stops only between transactions, which is
where SQLite lets others in; tests/proofs/explorer.py has threads and a connection for each."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from greenlet import getcurrent, greenlet

from videos.models import clock
from videos.network import exchange

SOCKET, STATEMENT = "socket", "statement"


class Killed(BaseException):
    """kill -9: nothing catches it."""


class Time:
    """The studio's clock, which a proof pushes on."""

    def __init__(self, monkeypatch):
        self.passed = 0.0
        monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(seconds=self.passed))


class Worker:
    """One at a time does what it is told. ``statements``: how many it makes before it stops once."""

    def __init__(self, depth: int = 0):
        self.run: greenlet | None = None
        self.left = -1
        self.depth = depth  # savepoints of the test itself

    @property
    def busy(self) -> bool:
        return self.run is not None and not self.run.dead

    def start(self, call: Callable[[], object], statements: int = -1) -> None:
        self.run, self.left = greenlet(call), statements
        self.run.worker = self
        self.go_on()

    def go_on(self) -> None:
        with connection.execute_wrapper(self._statement):
            self.run.switch()

    def die(self) -> None:
        if self.busy:
            try:
                self.run.throw(Killed)
            except Killed:
                pass
        self.run = None

    def _statement(self, execute, sql, params, many, context):
        if getcurrent() is self.run and len(connection.savepoint_ids) <= self.depth:
            self.left -= 1
            if self.left == -1 and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                self.run.parent.switch(STATEMENT)
        return execute(sql, params, many, context)


def stopping_at_the_socket(monkeypatch, time: Time) -> None:
    """Every call of a worker stops before its first byte leaves and after its answer is heard.
    The time that passed meanwhile is missing from its deadline, as it would be."""
    really = exchange.send

    def send(call, *, deadline, **more):
        me = getcurrent()
        if not hasattr(me, "worker"):
            return really(call, deadline=deadline, **more)
        began = time.passed
        me.parent.switch(SOCKET)
        answer = error = None
        try:
            answer = really(call, deadline=deadline - (time.passed - began), **more)
        except (exchange.NotSent, exchange.Lost) as lost:
            error = lost
        me.parent.switch(SOCKET)
        if error:
            raise error
        return answer

    monkeypatch.setattr(exchange, "send", send)
