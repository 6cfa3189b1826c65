"""Runs a few actors in every order that matters, on real connections, one statement at a time.

Each actor is a thread with a connection of its own that stops before every step; who goes next is
decided here, and all decisions are tried (a search in depth that replays from the start). Two steps
that give the same in another order are tried in one order only (``independent``; sleep sets). Three
actors have too many orders for that: of theirs, all are tried in which few are interrupted while they
could go on (Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007).

A step is what the database lets others come before and after: on SQLite a statement by itself or a
whole transaction, which takes the lock as it begins; on PostgreSQL every statement, and the commit,
before which nobody else sees what was written. An actor that waits for a lock there is passed over
until it has it."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from django.db import connection

from videos.jobs.sending import submit
from videos.network import exchange

# HELD: written or locked inside a transaction of PostgreSQL. WRITE: seen by all from then on.
READ, HELD, WRITE, SEND, TIME = "read", "held", "write", "send", "time"
NEW, HERE, GOING, DONE = "not begun", "stands before a step", "is under way", "is done"
# No steps. What time it is, is asked once a minute, so not at the same place of each run.
SILENT = ("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SELECT clock_timestamp()")
PATIENCE = 30.0
TABLE = re.compile(r'"(videos_\w+|django_\w+)"')
BLOCKED = "SELECT cardinality(pg_blocking_pids(%s)) > 0"


@dataclass(frozen=True)
class Step:
    """``tables``: all that it may touch; None: nobody knows."""

    kind: str
    tables: frozenset[str] | None = None


@dataclass(frozen=True)
class Part:
    """What one actor does; it may begin when ``ready`` says so."""

    name: str
    play: Callable[[], object]
    ready: Callable[[], bool] = lambda: True


class Actor(threading.Thread):
    """Stops before each step, which is ``pending`` then."""

    def __init__(self, part: Part):
        super().__init__(daemon=True, name=part.name)
        self.part, self.where, self.pending = part, NEW, Step(READ)
        self.held: frozenset[str] = frozenset()  # tables that the open transaction wrote or locked
        self.free, self.error, self.slept, self.backend = False, None, 0.0, 0
        self._go, self._stopped = threading.Event(), threading.Event()

    def run(self):
        try:
            connection.ensure_connection()
            if on_postgresql():
                self.backend = connection.connection.info.backend_pid
            commit = connection._commit
            with (
                connection.execute_wrapper(self._statement),
                mock.patch.object(connection, "_commit", lambda: self._before_commit(commit)),
            ):
                self.part.play()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test tells it)
            self.error = error
        finally:
            connection.close()
            self.where = DONE
            self._stopped.set()

    def begin(self) -> None:
        """To the first step, which is not done yet."""
        self.where = GOING
        self.start()
        self.await_stop()

    def step(self) -> None:
        """One step; returns when the actor stands before the next, or waits for a lock."""
        assert self._stopped.wait(PATIENCE)  # it says where it stands a moment before it says that it does
        self._stopped.clear()
        self.where = GOING
        self._go.set()
        self.await_stop()

    def await_stop(self) -> None:
        ends = time.monotonic() + PATIENCE
        while not self._stopped.wait(0.01 if self.backend else PATIENCE):
            assert time.monotonic() < ends, f"{self.name} does not come back"
            if self.waits_for_a_lock():
                return

    def waits_for_a_lock(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED, [self.backend])
            return cursor.fetchone()[0]

    def stop_before(self, step: Step) -> None:
        if not self.free:
            self.pending, self.where = step, HERE
            self._stopped.set()
            assert self._go.wait(PATIENCE)
            self._go.clear()

    def run_free(self) -> None:
        """To the end, without another stop."""
        self.free = True
        self._go.set()

    def _statement(self, execute, sql, params, many, context):
        inside = connection.in_atomic_block and not sql.startswith("BEGIN")
        if not sql.startswith(SILENT) and (on_postgresql() or not inside):
            self.stop_before(self._step(sql, inside))
        return execute(sql, params, many, context)

    def _step(self, sql: str, inside: bool) -> Step:
        tables = frozenset(TABLE.findall(sql))
        if sql.startswith("BEGIN"):
            return Step(WRITE)
        if sql.startswith("SELECT") and "FOR UPDATE" not in sql:
            return Step(READ, tables)
        if not inside:
            return Step(WRITE, tables)
        self.held |= tables
        # A locked row also holds up whoever inserts one that refers to it, into another table.
        return Step(HELD, None if "FOR UPDATE" in sql else tables)

    def _before_commit(self, commit):
        if on_postgresql() and self.held:
            self.stop_before(Step(WRITE, self.held))
            self.held = frozenset()
        return commit()


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def independent(one: Step, other: Step) -> bool:
    kinds = {one.kind, other.kind}
    if TIME in kinds:
        return False
    if SEND in kinds:
        return len(kinds) == 2
    if kinds in ({READ}, {READ, HELD}):
        return True
    return None not in (one.tables, other.tables) and not one.tables & other.tables


def in_one_step(call: Callable[[], object]) -> None:
    """For what only a test does, such as letting time pass."""
    me = threading.current_thread()
    me.stop_before(Step(TIME))
    me.free, was = True, me.free
    call()
    me.free = was


class Explorer:
    """``prepare`` sets the stage and returns the parts; ``check`` is asked after each run."""

    def __init__(self, prepare: Callable[[], list[Part]], check: Callable[[], None]):
        self.prepare, self.check = prepare, check
        self.runs = 0
        self.passed = 0.0  # seconds that some part let pass; a sender's deadline knows of them

    def explore(self, most: int, switches: int | None = None) -> int:
        """Every order, or AssertionError with the order that broke something. How many there were.
        ``switches``: only orders in which so many actors at most are interrupted before their end."""
        self.switches = switches
        todo: list[tuple[list[str], frozenset[str]]] = [([], frozenset())]
        really_send, really_claim = exchange.send, submit.claim
        with (
            mock.patch.object(exchange, "send", lambda *a, **k: self._send(really_send, *a, **k)),
            mock.patch.object(submit, "claim", lambda *a: self._claim(really_claim, *a)),
        ):
            while todo:
                todo += self.run(*todo.pop())
                assert self.runs <= most, f"more than {most} orders"
        return self.runs

    def run(self, forced: list[str], sleep: frozenset[str]) -> list[tuple[list[str], frozenset[str]]]:
        self.passed = 0.0
        actors = {part.name: Actor(part) for part in self.prepare()}
        order, others, whole, last, switched = [], [], True, "", 0
        while enabled := self.enabled(actors):
            if len(order) < len(forced):
                chosen = forced[len(order)]
                assert chosen in enabled, f"the same steps led elsewhere: {order}"
            else:
                goes_on = last in enabled and switched == self.switches
                choices = [last] if goes_on else [name for name in enabled if name not in sleep]
                if not choices:  # another run had all of this in another order
                    whole = False
                    break
                chosen = choices[0]
                for n, other in enumerate(choices[1:], 1):
                    asleep = sleep | set(choices[:n])
                    others.append(([*order, other], self.still(asleep, actors, other)))
                sleep = self.still(sleep, actors, chosen)
            switched += last in enabled and chosen != last
            last = chosen
            order.append(chosen)
            actors[chosen].step()
        self.finish(actors)
        if whole:
            self.runs += 1
            self.judge(order, actors)
        return others

    def enabled(self, actors: dict[str, Actor]) -> list[str]:
        for actor in actors.values():
            if actor.where == NEW and actor.part.ready():
                actor.begin()
            elif actor.where == GOING:  # it waited for a lock that may be free now
                actor.await_stop()
        return [name for name, actor in actors.items() if actor.where == HERE]

    def still(
        self, asleep: set[str] | frozenset[str], actors: dict[str, Actor], chosen: str
    ) -> frozenset[str]:
        if self.switches is not None:  # what would be left out here may be beyond the bound elsewhere
            return frozenset()
        step = actors[chosen].pending
        return frozenset(name for name in asleep if independent(actors[name].pending, step))

    def finish(self, actors: dict[str, Actor]) -> None:
        begun = [actor for actor in actors.values() if actor.where != NEW]
        for actor in begun:
            actor.run_free()
        for actor in begun:
            actor.join(PATIENCE)
            assert not actor.is_alive(), f"{actor.name} hangs"

    def judge(self, order: list[str], actors: dict[str, Actor]) -> None:
        try:
            for actor in actors.values():
                if actor.error:
                    raise actor.error
            self.check()
        except Exception as error:
            raise AssertionError(f"in the order {' '.join(order)}: {error!r}") from error

    def _claim(self, claim, *args):
        threading.current_thread().slept = self.passed
        return claim(*args)

    def _send(self, send, call, *, deadline, **more):
        me = threading.current_thread()
        if isinstance(me, Actor):
            me.stop_before(Step(SEND))
            deadline -= self.passed - me.slept
        return send(call, deadline=deadline, **more)
