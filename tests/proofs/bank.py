"""A vendor that keeps books, in any of the five dialects, over real sockets.

Its ledger is the oracle of every proof here: what it charged was charged, whatever the studio
believes. An order is known by its words ("order 7"), so every job of a test has words of its own.
How the next paid request is treated is a ``Manner``; the last one of the script stays."""

import contextlib
import itertools
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.jobs.faulty_vendor import says
from tests.network import faults
from tests.network.faults import Behaviour, Heard
from tests.proofs import dialects

ORDER = re.compile(rb"order (\d+)")
CALLBACK = re.compile(rb'"callback_url": ?"([^"]+)"')
ASKED = re.compile(rb'(?:task_id=|"task_id": ?"|"id": ?"|/tasks/)([\w-]+)')


@dataclass
class Task:
    """``status``: working, made, failed or forgotten."""

    id: str
    order: int
    callback: str = ""
    status: str = "working"


@dataclass(frozen=True)
class Manner:
    """``charges``: a task is made and paid for before the answer. ``answer`` of (vendor, task id)."""

    charges: bool
    answer: Callable[[str, str], Behaviour]


def agrees(slug: str, task: str) -> Behaviour:
    return says(dialects.taken(slug, task))


TAKES = Manner(True, agrees)
LOSES = Manner(True, lambda _slug, _task: faults.raw(b""))  # charges, then drops


def refuses(kind: str, **headers: object) -> Manner:
    def answer(slug: str, _task: str) -> Behaviour:
        status, body = dialects.refusal(slug, kind)
        return says(body, status, **headers)

    return Manner(False, answer)


@dataclass
class Bank:
    url: str = ""
    submits: list[Manner] = field(default_factory=lambda: [TAKES])
    tasks: dict[str, Task] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # idempotency key -> task id
    charges: Counter[int] = field(default_factory=Counter)  # by order
    sent: list[Heard] = field(default_factory=list)
    look: Callable[[str, Task | None], Behaviour] | None = None  # instead of the books' own answer
    film: Behaviour = faults.answers(404)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self, heard: Heard, connection: socket.socket) -> object:
        slug, _slash, path = heard.target.lstrip("/").partition("/")
        if slug == "film":
            return self.film(heard, connection)
        if heard.method == "GET" or f"/{path}".startswith(dialects.LOOKS):
            return self._state(slug, heard)(heard, connection)
        self.sent.append(heard)
        manner = self.submits.pop(0) if len(self.submits) > 1 else self.submits[0]
        task = self._take(heard) if manner.charges else ""
        return manner.answer(slug, task)(heard, connection)

    def of(self, order: int) -> list[Task]:
        """The tasks that were made and paid for this order."""
        return [task for task in self.tasks.values() if task.order == order]

    def _take(self, heard: Heard) -> str:
        key = heard.headers.get("idempotency-key", "")
        if key not in self.keys:
            found, callback = ORDER.search(heard.body), CALLBACK.search(heard.body)
            task = Task(f"task-{next(self.numbers)}", int(found[1]), callback[1].decode() if callback else "")
            self.tasks[task.id] = task
            self.charges[task.order] += 1
            if not key:
                return task.id
            self.keys[key] = task.id
        return self.keys[key]

    def _state(self, slug: str, heard: Heard) -> Behaviour:
        found = ASKED.search(heard.target.encode() + b" " + heard.body)
        task = self.tasks.get(found[1].decode()) if found else None
        if self.look:
            return self.look(slug, task)
        if task is None or task.status == "forgotten":
            status, body = dialects.refusal(slug, "task")
            return says(body, status)
        if task.status == "made":
            return says(dialects.made(slug, task.id, f"{self.url}/film/{task.id}.mp4"))
        return says(getattr(dialects, task.status)(slug, task.id))


@contextlib.contextmanager
def open_bank() -> Iterator[Bank]:
    bank = Bank()
    with faults.server(bank) as server:
        bank.url = server.url
        yield bank
