"""Runs the sandbox inside another process, in a thread with an event loop of its own."""

import asyncio
import contextlib
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from videos.sandbox.config import SandboxConfig
from videos.sandbox.server import listening

TIMEOUT = 20.0  # seconds to start or to stop


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A client of a running sandbox, over HTTP."""

    url: str

    def base(self, slug: str) -> str:
        """Returns the base address of one vendor, e.g. ``base("defapi")``."""
        return f"{self.url}/{slug}"

    def _json(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.load(answer)

    def ledger(self, account: str | None = None) -> list[dict[str, Any]]:
        """Returns ledger entries, the oldest first: at, vendor, account, task, kind, amount (text), unit."""
        entries = self._json("/ledger.json")["entries"]
        return [entry for entry in entries if account in (None, entry["account"])]

    def control(self, **wish: Any) -> dict[str, Any]:
        """Sets controls: ``speed=20``, ``outage={"defapi": "503"}``, ``rate={...}``, ``flat=True``, ``revoked=[key]``,
        ``hurry=True``: see ``controls.py``."""
        return self._json("/control", wish)


@contextlib.contextmanager
def running_sandbox(config: SandboxConfig) -> Iterator[Sandbox]:
    """Runs a sandbox until the block ends. With ``port=0`` it takes a free port. Raises
    OSError when it cannot listen."""
    started: list[Sandbox | OSError] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def live() -> None:
        try:
            async with listening(config) as (_, url):
                started.append(Sandbox(url))
                ready.set()
                await stop.wait()
        except OSError as problem:
            started.append(problem)
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(live(),), name="sandbox", daemon=True)
    thread.start()
    if not ready.wait(TIMEOUT):
        raise TimeoutError("the sandbox did not start")
    try:
        if isinstance(started[0], OSError):
            raise started[0]
        yield started[0]
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join(3 * TIMEOUT)  # it may be in the middle of painting a film
        loop.close()
