"""A vendor that answers as badly as a test asks, over real sockets, and counts what it took.

It speaks two dialects, told apart by the path: one without idempotency keys and one with.
``submits`` and ``looks`` are scripts: one behaviour (tests/network/faults.py) per request, the
last one for ever. A behaviour that should cost money is wrapped in ``charging``.
"""

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.network import faults
from tests.network.faults import Behaviour, Heard

JSON = {"content_type": "application/json"}


def says(body: object, status: int = 200, **headers: object) -> Behaviour:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return faults.answers(status, raw, **(JSON | headers))


def accepted(task: str = "task-1") -> Behaviour:
    """Understood in both dialects."""
    return says({"code": 200, "message": "ok", "data": {"task_id": task}, "id": task, "status": "processing"})


def beside(error: dict[str, object], task: str = "task-1", **data: object) -> Behaviour:
    """A task id in either dialect, and ``error`` where an error belongs."""
    body = {"code": 200, "data": {"task_id": task, "status": "IN_PROGRESS", **data}, "id": task}
    return says(body | error)


def working(word: str = "IN_PROGRESS", **data: object) -> Behaviour:
    return says({"code": 200, "message": "ok", "data": {"task_id": "task-1", "status": word, **data}})


def made(*urls: str) -> Behaviour:
    return says({"code": 200, "data": {"task_id": "task-1", "status": "SUCCESS", "response": list(urls)}})


def unreadable(film: bytes) -> bytes:
    """What was paid for and cannot be opened: every box of ``film`` is whole and as long as it says, and
    there is no picture in them."""
    at = film.index(b"mdat") + 4
    size = int.from_bytes(film[at - 8 : at - 4], "big") - 8
    return film[:at] + b"\xff" * size + film[at + size :]


def failed(words: str = "boom") -> Behaviour:
    return says({"code": 200, "data": {"task_id": "task-1", "status": "FAILED", "error_message": words}})


def unknown_task() -> Behaviour:
    return says({"code": 404, "message": "task not found"}, status=404)


@dataclass
class Vendor:
    url: str = ""
    submits: list[Behaviour] = field(default_factory=lambda: [accepted()])
    looks: list[Behaviour] = field(default_factory=lambda: [working()])
    files: dict[str, Behaviour] = field(default_factory=dict)
    sent: list[Heard] = field(default_factory=list)
    looked: list[Heard] = field(default_factory=list)
    fetched: list[Heard] = field(default_factory=list)
    charges: list[str] = field(default_factory=list)

    def __call__(self, heard: Heard, connection: socket.socket) -> object:
        if heard.target in self.files:
            self.fetched.append(heard)
            return self.files[heard.target](heard, connection)
        if heard.method == "POST":
            self.sent.append(heard)
            return self._next(self.submits)(heard, connection)
        self.looked.append(heard)
        return self._next(self.looks)(heard, connection)

    def charging(self, then: Behaviour) -> Behaviour:
        """Takes the money before it answers; the same idempotency key pays once."""

        def behave(heard: Heard, connection: socket.socket) -> object:
            key = heard.headers.get("idempotency-key", f"order {len(self.charges)}")
            if key not in self.charges:
                self.charges.append(key)
            return then(heard, connection)

        return behave

    @staticmethod
    def _next(script: list[Behaviour]) -> Behaviour:
        return script.pop(0) if len(script) > 1 else script[0]


@contextlib.contextmanager
def open_for_business() -> Iterator[Vendor]:
    vendor = Vendor()
    with faults.server(vendor) as server:
        vendor.url = server.url
        yield vendor
