"""Sends callbacks: each vendor's own payload, POSTed to the callback address."""

import asyncio
from typing import Any

import aiohttp

from videos.sandbox.controls import Controls
from videos.sandbox.ledger import Task
from videos.sandbox.pictures import Addresses

TRIES = 3  # Volcengine Ark: up to three, each with 5 s to be acknowledged
TIMEOUT = 5.0
PAUSE = 2.0  # sandbox seconds between tries
FORGED = "https://example.com/not-the-film.mp4"


class Callbacks:
    """Sends the callbacks of one task, to the studio and to trusted addresses only: a rehearsal
    must not call anybody else."""

    def __init__(
        self, task: Task, client: aiohttp.ClientSession, addresses: Addresses, controls: Controls
    ) -> None:
        self.address, self.client, self.controls = task.callback, client, controls
        self.wish = task.tags.get("callback", "")
        self.wanted = bool(task.callback) and self.wish != "none" and addresses.trusts(task.callback)

    async def forge(self, payload: dict[str, Any]) -> None:
        """Sends a false success for a task that is still running, where its prompt asks for one."""
        if self.wanted and self.wish == "forged":
            await self._post(payload)

    async def tell(self, payload: dict[str, Any]) -> None:
        """Sends how the task ended, as often as its prompt asks for; only where ``wanted``."""
        for _ in range(2 if self.wish == "2" else 1):
            await self._deliver(payload)

    async def _deliver(self, payload: dict[str, Any]) -> None:
        for again in range(TRIES):
            if again:
                await asyncio.sleep(PAUSE / self.controls.speed)
            if await self._post(payload):
                return

    async def _post(self, payload: dict[str, Any]) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT)
            async with self.client.post(
                self.address, json=payload, timeout=timeout, allow_redirects=False
            ) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
