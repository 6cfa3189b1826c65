"""Telling the studio: each vendor's own payload, POSTed to the callback address."""

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp

from videos.sandbox.ledger import Task

if TYPE_CHECKING:
    from videos.sandbox.desk import Desk

TRIES = 3  # Volcengine Ark: up to three, each with 5 s to be acknowledged
PATIENCE = 5.0
PAUSE = 2.0  # sandbox seconds between tries
FORGED = "https://example.com/not-the-film.mp4"


class Callbacks:
    """Those of one task. Only the studio and trusted addresses are ever called:
    a rehearsal bothers nobody else."""

    def __init__(self, desk: "Desk", task: Task):
        self.desk, self.task = desk, task
        self.wish = task.tags.get("callback", "")
        self.wanted = bool(task.callback) and self.wish != "none" and desk.addresses.trusts(task.callback)

    async def forge(self) -> None:
        """A success nobody earned, for a task that is still running."""
        if self.wanted and self.wish == "forged":
            await self._post(self.desk.dialects[self.task.vendor].forgery(self.task, FORGED))

    async def tell(self, task: Task) -> None:
        if not self.wanted:
            return
        payload = self.desk.dialects[task.vendor].payload(task, self.desk.links(task))
        for _ in range(2 if self.wish == "2" else 1):
            await self._deliver(payload)

    async def _deliver(self, payload: dict[str, Any]) -> None:
        for again in range(TRIES):
            if again:
                await asyncio.sleep(PAUSE / self.desk.controls.speed)
            if await self._post(payload):
                return

    async def _post(self, payload: dict[str, Any]) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            async with self.desk.client.post(
                self.task.callback, json=payload, timeout=timeout, allow_redirects=False
            ) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
