"""Runs the tasks of all imitated vendors: checks the caller's key, charges, makes films, ends tasks.

The clock decides about a task: it is queued, then running, then done or failed. Every task is
stored with its times (ledger.py), so a restarted sandbox goes on with it.
"""

import asyncio
import hashlib
import json
import sqlite3
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import aiohttp
from aiohttp import web

from videos.sandbox import tags as tag_words
from videos.sandbox.callbacks import FORGED, Callbacks
from videos.sandbox.config import SandboxConfig
from videos.sandbox.controls import Controls
from videos.sandbox.film.recipe import Recipe
from videos.sandbox.film_queue import FilmRenderer, RenderFailed
from videos.sandbox.ledger import SandboxStore, Task
from videos.sandbox.pictures import Addresses, Pictures
from videos.sandbox.refusals import Reason, Refusal

GOOD_KEY, POOR_KEY = "rehearsal-", "rehearsal-empty"
QUEUED_SHARE = 0.15  # of a task's time
AHEAD = 30.0  # real seconds before it is due that a film is begun, so that a late task does not delay others
SLOW, LATE = 120.0, 7200.0
ODD_WORD, CHECK_WORD = "contemplating", "nsfw"
RETRY = 1.0  # real seconds between two tries to write to a full disk


class Stage(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    ODD = "odd"
    CHECKED = "checked"
    DONE = "done"
    FAILED = "failed"


class Dialect(Protocol):
    """The API of one vendor. ``refunds``: whether a failed task costs nothing."""

    slug: str
    unit: str
    refunds: bool

    def routes(self) -> list[tuple[str, str, Any]]:
        """Returns method, path and handler(request, account) of every endpoint."""

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        """Returns HTTP status and body of a refusal."""

    def payload(self, task: Task, links: "Links") -> dict[str, Any]:
        """Returns the body of the task's callback."""

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        """Returns the body of a callback that claims success with ``url``, whatever the task is doing."""


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """What a dialect read from a submit request. ``body`` is kept because answers repeat it."""

    task_id: str
    prompt: str
    recipes: tuple[Recipe, ...]
    amount: Decimal
    body: dict[str, Any]
    model: str = ""
    callback: str = ""
    inner_id: str = ""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of what was made; empty while there are none."""

    files: tuple[str, ...] = ()
    last_frame: str = ""


@dataclass(slots=True)
class Desk:
    config: SandboxConfig
    store: SandboxStore
    renderer: FilmRenderer
    addresses: Addresses
    pictures: Pictures
    client: aiohttp.ClientSession
    controls: Controls
    dialects: dict[str, Dialect] = field(default_factory=dict)
    running: dict[str, asyncio.Task] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    hurried: asyncio.Event = field(default_factory=asyncio.Event)
    origin: str = ""

    # --- before the order ---

    def account(self, request: web.Request) -> str:
        """Returns the caller's key. Raises Refusal (KEY) for any but a rehearsal key."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.startswith(GOOD_KEY) or key in self.controls.revoked:
            raise Refusal(Reason.KEY, "Missing or invalid API key")
        return key

    def gate(self, account: str, prompt: str, body: dict[str, Any]) -> None:
        """Raises the Refusal that the prompt's tags ask for, before anything is made or charged."""
        wanted = tag_words.read(prompt)
        if "busy" in wanted:
            again = hashlib.sha256(f"{account}{json.dumps(body, sort_keys=True)}".encode()).hexdigest()
            if again not in self.tried:
                self.tried.add(again)
                wait = round(tag_words.seconds(wanted, "busy", 3))
                raise Refusal(Reason.BUSY, "Too many requests, please try again later", retry_after=wait)
        if "refuse" in wanted:
            raise Refusal(Reason.CONTENT, "The input may contain sensitive content and was rejected")
        if "broke" in wanted:
            raise Refusal(Reason.CREDITS, "Insufficient credits")

    def afford(self, dialect: Dialect, account: str, amount: Decimal) -> None:
        credit = Decimal(0) if account.startswith(POOR_KEY) else self.config.credit
        left = credit - self.store.spent(dialect.slug, account)
        if amount > left:
            facts = {"required_credits": str(amount), "available_credits": str(left)}
            raise Refusal(Reason.CREDITS, "Insufficient credits", **facts)

    def check_callback(self, url: str | None) -> str:
        if url and not self.addresses.acceptable(url):
            raise Refusal(Reason.INVALID, "callback_url must be publicly reachable (https)")
        return url or ""

    # --- the order ---

    def take(self, dialect: Dialect, request: web.Request, account: str, order: ParsedRequest) -> Task:
        """Charges and starts a task. Its results will have the host that the caller used."""
        self.afford(dialect, account, order.amount)
        wanted = tag_words.read(order.prompt)
        recipes = tuple(replace(recipe, prompt=tag_words.plain(order.prompt)) for recipe in order.recipes)
        if "wrong-size" in wanted:
            recipes = tuple(_smaller(recipe) for recipe in recipes)
        made = time.time()
        length = self._length(order, wanted) / self.controls.speed
        task = Task(
            id=order.task_id, vendor=dialect.slug, account=account,
            inner_id=order.inner_id, trace_id=order.trace_id,
            model=order.model, prompt=order.prompt, tags=wanted, body=order.body, recipes=recipes,
            amount=order.amount, unit=dialect.unit, callback=order.callback, origin=f"{request.scheme}://{request.host}", made=made,
            starts=made + length * QUEUED_SHARE, due=made + length,
        )  # fmt: skip
        self.store.open_task(task)
        self.start(task)
        return task

    def _length(self, order: ParsedRequest, wanted: dict[str, str]) -> float:
        """Returns how long a task takes in sandbox seconds, always the same for the same prompt."""
        if wanted.get("nsfw"):
            return tag_words.seconds(wanted, "nsfw", SLOW)
        if "slow" in wanted:
            return tag_words.seconds(wanted, "slow", SLOW)
        if "late" in wanted:
            return tag_words.seconds(wanted, "late", LATE)
        video = order.recipes[0].kind == "video"
        low, high = self.config.film_seconds if video else self.config.still_seconds
        share = hashlib.sha256(order.prompt.encode()).digest()[0] / 255
        return low + (high - low) * share

    def start(self, task: Task) -> None:
        running = asyncio.create_task(self._run(task))
        self.running[task.id] = running
        running.add_done_callback(lambda _: self.running.pop(task.id, None))

    async def _run(self, task: Task) -> None:
        """Runs a task from its start to the last callback."""
        dialect = self.dialects[task.vendor]
        callbacks = Callbacks(task, self.client, self.addresses, self.controls)
        reason = self._failure(task)
        try:
            await self._until_due(task.id, AHEAD)
            if not reason:
                await asyncio.gather(*[self.renderer.film(recipe) for recipe in task.recipes])
        except RenderFailed as problem:
            reason = f"Generation failed: {problem}"
        await callbacks.forge(dialect.forgery(task, FORGED))
        await self._until_due(task.id)
        refund = bool(reason) and dialect.refunds
        task = await self._close(task, "failed" if reason else "done", reason, refund)
        if callbacks.wanted:  # every call of ``links`` counts as one answer
            await callbacks.tell(dialect.payload(task, self.links(task)))

    async def _close(self, task: Task, outcome: str, reason: str, refund: bool) -> Task:
        """Stores the task's end; tries again for as long as the disk is full."""
        while True:
            try:
                return self.store.close_task(task, outcome, reason, refund)
            except sqlite3.OperationalError:
                await asyncio.sleep(RETRY)

    async def finished(self, task: Task) -> Task:
        """Waits for the task's end and returns it as it then is."""
        if task.id in self.running:
            await asyncio.wait([self.running[task.id]])
        return self.store.task(task.id)

    async def _until_due(self, task_id: str, ahead: float = 0.0) -> None:
        while (left := self.store.task(task_id).due - ahead - time.time()) > 0:
            try:
                await asyncio.wait_for(self.hurried.wait(), left)
            except TimeoutError:
                continue

    def _failure(self, task: Task) -> str:
        if "fail" in task.tags:
            return "Video generation failed: internal model error"
        if "audio-refused" in task.tags and any(recipe.sound for recipe in task.recipes):
            return "OutputAudioSensitiveContentDetected: the generated audio may contain sensitive content"
        return ""

    async def hurry(self) -> None:
        """Makes every running task due now."""
        self.store.hurry(time.time())
        self.hurried.set()
        await asyncio.sleep(0)
        self.hurried.clear()

    # --- afterwards ---

    def find(self, dialect: Dialect, account: str, task_id: str) -> Task:
        task = self.store.task(task_id)
        if task is None or task.vendor != dialect.slug:
            raise Refusal(Reason.NOT_FOUND, "Task not found")
        if task.account != account:
            raise Refusal(Reason.NOT_YOURS, "Task not found")
        return task

    def stage(self, task: Task) -> Stage:
        now = time.time()
        if "nsfw" in task.tags and now >= task.starts and (not task.outcome or not task.tags["nsfw"]):
            return Stage.CHECKED
        if task.outcome:
            return Stage.DONE if task.outcome == "done" else Stage.FAILED
        if now < task.starts:
            return Stage.QUEUED
        if "odd" in task.tags and now < task.due - 1 / self.controls.speed:
            return Stage.ODD
        return Stage.RUNNING

    def links(self, task: Task) -> Links:
        """Returns the addresses that an answer carries now; every call counts as one answer."""
        if task.outcome != "done" or task.tags.get("nsfw") == "":
            return Links()
        before = self.store.count_asked(task)
        if "no-url" in task.tags and before < 2:
            return Links()
        dead = "dead-link" in task.tags and (before == 0 or task.tags["dead-link"] == "always")
        expires = time.time() + self.config.link_seconds
        files = []
        for index, recipe in enumerate(task.recipes):
            token = self.store.link(task, str(index), recipe.file, dead, expires)
            ending = recipe.file.rpartition(".")[2]
            files.append(f"{task.origin}/media/{token}/{task.id[:12]}-{index + 1}.{ending}")
        last = ""
        if task.recipes[0].last_frame:
            token = self.store.link(task, "last", task.recipes[0].last_frame_file, dead, expires)
            last = f"{task.origin}/media/{token}/{task.id[:12]}-last.png"
        return Links(tuple(files), last)

    def answer(
        self, request: web.Request, task: Task, body: dict[str, Any], status: int = 200
    ) -> web.Response:
        """Returns the answer to a submit, or loses it where the prompt asks for that."""
        if task.tags.get("lost") == "503":
            return web.Response(
                status=503, text="<html><h1>503 Service Unavailable</h1></html>", content_type="text/html"
            )
        if "lost" in task.tags and request.transport is not None:
            request.transport.abort()
        return web.json_response(body, status=status)


def _smaller(recipe: Recipe) -> Recipe:
    """Returns a recipe of two thirds of the size, as seedance2ai.io was seen to deliver for 1080p."""
    return replace(recipe, width=round(recipe.width / 3) * 2, height=round(recipe.height / 3) * 2)
