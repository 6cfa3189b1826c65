"""A process that dies, for real, where CRASH_AT says: ``submit:7`` is the eighth place of a submit.

Places are: before each statement that writes, before and after each commit, each call to a vendor,
the download and the moment a film gets its name. (A read leaves nothing behind: to die before it is
to die before what follows.) The hooks are put on in the child, which is a
fork of the test; nothing in the studio knows of them. A kill -9 comes without warning, and so does
``os._exit``: no transaction is rolled back, no file closed, no lease given back."""

import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest import mock

from django.db import connection, connections

from videos.jobs.fetching import collect
from videos.media.store import Store
from videos.network import exchange

DEAD = 137
MOST = 100
READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass
class Death:
    at: str  # submit:7
    place: str  # what was about to happen there


class Places:
    """Counts the places it comes by, and dies at the one that CRASH_AT names."""

    def __init__(self, tell: int):
        self.step, _colon, number = os.environ["CRASH_AT"].partition(":")
        self.left, self.tell = int(number), tell

    def come_by(self, place: str) -> None:
        self.left -= 1
        if self.left < 0:
            os.write(self.tell, place.encode()[:400])
            os._exit(DEAD)

    def statement(self, execute, sql, params, many, context):
        if not sql.startswith(READS):
            self.come_by(sql[:120])
        return execute(sql, params, many, context)

    def around(self, name: str, call: Callable) -> Callable:
        def careful(*args, **kwargs):
            self.come_by(f"before {name}")
            got = call(*args, **kwargs)
            self.come_by(f"after {name}")
            return got

        return careful

    def around_look(self, call: Callable) -> Callable:
        async def careful(*args, **kwargs):
            self.come_by("before look")
            got = await call(*args, **kwargs)
            self.come_by("after look")
            return got

        return careful

    def watch(self, step: Callable[[], object]) -> None:
        connection.ensure_connection()
        with (
            connection.execute_wrapper(self.statement),
            mock.patch.object(connection, "_commit", self.around("commit", connection._commit)),
            mock.patch.object(exchange, "send", self.around("call", exchange.send)),
            mock.patch.object(exchange.Looker, "send", self.around_look(exchange.Looker.send)),
            mock.patch.object(collect, "download", self.around("download", collect.download)),
            mock.patch.object(Store, "keep", self.around("keep", Store.keep)),
        ):
            step()


def killed_at(step: Callable[[], object], at: str) -> Death | None:
    """Runs ``step`` in a child that dies at ``at``; None when it came through."""
    connections.close_all()
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _be_a_child(step, at, tell)
    os.close(tell)
    with os.fdopen(hear) as said:
        place = said.read()
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, DEAD), f"{at}: {place}"
    return Death(at, place) if code == DEAD else None


def _be_a_child(step: Callable[[], object], at: str, tell: int) -> None:
    os.environ["CRASH_AT"] = at
    try:
        Places(tell).watch(step)
        os._exit(0)
    except BaseException:  # noqa: BLE001 (a child must not become a second test run)
        os.write(tell, traceback.format_exc().encode()[-60_000:])
        os._exit(1)


def deaths(name: str, prepare: Callable[[], Callable[[], object]]) -> Iterator[Death]:
    """One death per place of the step that ``prepare`` returns, each in a studio prepared anew."""
    for n in range(MOST):
        death = killed_at(prepare(), f"{name}:{n}")
        if death is None:
            assert n > 3, "this step has places to die at"
            return
        yield death
    raise AssertionError(f"{name} has more than {MOST} places")
