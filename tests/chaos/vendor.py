"""Five vendors behind one port that take money first and then behave badly, and whose ledger is
the truth about what was charged. What happens to which request follows from the seed alone."""

import asyncio
import contextlib
import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.chaos.dialects import DIALECTS, IDEMPOTENT, Dialect, prompt_of, task_asked_about, told
from tests.media.films import box

# What happens to a paid request, and how often out of a hundred. The first three are charged and
# answered, the next three charged and not heard of, the rest cost nothing.
FATES = {
    "taken": 58,
    "slow": 12,
    "twice as slow": 4,
    "charged and dropped": 8,
    "charged, then a 500": 4,
    "charged, then silence": 3,
    "a 500 before": 3,
    "a 429": 5,
    "refused": 3,
}
CHARGED = tuple(FATES)[:6]
SILENCE = 6.0  # seconds; more than a submit waits
BROKEN_LOOKS = 0.06
BROKEN_FILMS = 0.12


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the ledger. ``prompt`` tells the job: every job of a run has its own."""

    vendor: str
    prompt: str
    task: str


@dataclass(slots=True)
class Task:
    dialect: Dialect
    prompt: str
    ready: float
    callback: str


@dataclass
class Vendor:
    """``frames`` is a small film; each task's own is that and one box with its name in it."""

    seed: int
    frames: bytes
    calm: bool = False  # nothing goes wrong by itself
    seconds: tuple[float, float] = (0.3, 2.5)  # that a film takes
    url: str = ""
    ledger: list[Charge] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    posts: Counter = field(default_factory=Counter)  # paid requests that arrived, by prompt
    fates: Counter = field(default_factory=Counter)
    asked: Counter = field(default_factory=Counter)
    keys: dict[str, str] = field(default_factory=dict)  # idempotency key -> task
    calling: int = 0  # callbacks that are still to come
    script: dict[str, str] = field(default_factory=dict)  # prompt -> fate of its first request
    on_charge: Callable[[str], None] | None = None  # before anything is answered; given the prompt

    def film(self, task: str) -> bytes:
        return self.frames + box(b"free", task.encode())

    def sha256(self, task: str) -> str:
        return hashlib.sha256(self.film(task)).hexdigest()

    def dice(self, *about: object) -> random.Random:
        return random.Random(f"{self.seed} {about}")

    def again(self, name: str, what: str) -> random.Random:
        """Dice for the next time that ``what`` is asked about a task."""
        self.asked[name, what] += 1
        return self.dice(name, what, self.asked[name, what])

    # --- what is asked of it ---

    async def submit(self, request: web.Request, dialect: Dialect) -> web.StreamResponse:
        body = await request.json()
        prompt, key = prompt_of(body), request.headers.get("Idempotency-Key", "")
        self.posts[prompt] += 1
        fate = self.fate(prompt)
        if dialect.slug == IDEMPOTENT and key in self.keys:
            return await self.answer(request, dialect, self.keys[key], fate)
        self.fates[fate] += 1
        if fate not in CHARGED:
            return refusal(fate)
        task = f"task-{len(self.ledger)}-{self.dice(prompt, self.posts[prompt]).getrandbits(64):x}"
        self.ledger.append(Charge(dialect.slug, prompt, task))
        if self.on_charge:
            self.on_charge(prompt)
        if dialect.slug == IDEMPOTENT:
            self.keys[key] = task
        self.begin(dialect, prompt, task, body.get("callback_url") or "")
        return await self.answer(request, dialect, task, fate)

    def fate(self, prompt: str) -> str:
        again = self.posts[prompt]
        if again == 1 and prompt in self.script:
            return self.script[prompt]
        if self.calm or again > 4:
            return "taken"
        return self.dice(prompt, again, "fate").choices(list(FATES), list(FATES.values()))[0]

    def begin(self, dialect: Dialect, prompt: str, task: str, callback: str) -> None:
        takes = self.dice(prompt, "takes").uniform(*self.seconds)
        self.tasks[task] = Task(dialect, prompt, time.monotonic() + takes, callback)
        if callback:
            self.calling += 1
            request = asyncio.get_running_loop().create_task(self.call_back(task, takes))
            self._calls.add(request)
            request.add_done_callback(self._calls.discard)

    async def answer(
        self, request: web.Request, dialect: Dialect, task: str, fate: str
    ) -> web.StreamResponse:
        dice = self.dice(task, self.posts[self.tasks[task].prompt])
        pause = {"slow": dice.uniform(0.5, 1.5), "twice as slow": dice.uniform(1.5, 3)}
        await asyncio.sleep(SILENCE if fate == "charged, then silence" else pause.get(fate, 0.05))
        if fate == "charged and dropped" and request.transport is not None:
            request.transport.abort()
        if fate == "charged, then a 500":
            return web.json_response({"message": "internal error"}, status=500)
        return web.json_response(told(dialect.slug, task))

    async def look(self, request: web.Request, dialect: Dialect) -> web.StreamResponse:
        name = await task_asked_about(request)
        if name not in self.tasks:
            return web.json_response({"message": "task not found"}, status=404)
        dice = self.again(name, "look")
        if not self.calm and dice.random() < BROKEN_LOOKS:
            if dice.random() < 0.5 and request.transport is not None:
                request.transport.abort()
            return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
        return web.json_response(self.told(name))

    def told(self, name: str) -> dict:
        task = self.tasks[name]
        done = time.monotonic() >= task.ready
        return told(task.dialect.slug, name, f"{self.url}/films/{name}.mp4" if done else "")

    async def serve_film(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["task"]
        whole = self.film(name)
        asked = request.headers.get("Range", "")
        first = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        piece = whole[first:]
        headers = {"ETag": f'"{name}"', "Content-Type": "video/mp4", "Content-Length": str(len(piece))}
        if asked:
            headers["Content-Range"] = f"bytes {first}-{len(whole) - 1}/{len(whole)}"
        answer = web.StreamResponse(status=206 if asked else 200, headers=headers)
        await answer.prepare(request)
        broken = not self.calm and self.again(name, "film").random() < BROKEN_FILMS
        if broken and request.transport is not None:
            await answer.write(piece[: len(piece) // 2])
            request.transport.abort()
            return answer
        await answer.write(piece)
        return answer

    async def call_back(self, name: str, takes: float) -> None:
        """Twice, never, or as often as it takes to be heard, but not for ever."""
        task, dice = self.tasks[name], self.dice(name, "callback")
        try:
            await asyncio.sleep(takes)
            for _again in range(dice.choices([0, 1, 2], [1, 8, 2])[0]):
                for _try in range(4):
                    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                        async with self._client.post(task.callback, json=self.told(name)) as answer:
                            if answer.status == 200:
                                break
                    await asyncio.sleep(2)
        finally:
            self.calling -= 1

    def hurry(self) -> None:
        """Every film that was ordered so far is ready."""
        for task in list(self.tasks.values()):
            task.ready = 0.0

    # --- its doors ---

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        self._calls: set[asyncio.Task] = set()
        app = web.Application()
        for dialect in DIALECTS:
            for method, path, handler in (
                ("POST", dialect.submit, self.submit),
                (dialect.look_method, dialect.look, self.look),
            ):
                app.router.add_route(method, f"/{dialect.slug}{path}", for_vendor(handler, dialect))
        app.router.add_get("/films/{task}.mp4", self.serve_film)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as self._client:
            started.set()
            await stop.wait()
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await runner.cleanup()


def for_vendor(handler, dialect: Dialect):
    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request, dialect)

    return handle


def refusal(fate: str) -> web.Response:
    if fate == "a 429":
        return web.json_response({"message": "too many requests"}, status=429, headers={"Retry-After": "1"})
    if fate == "refused":
        return web.json_response({"message": "this prompt is not for us"}, status=400)
    return web.json_response({"message": "internal error"}, status=500)


@contextlib.contextmanager
def open_for_business(vendor: Vendor) -> Iterator[Vendor]:
    """In a thread with a loop of its own, until the block ends."""
    loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(vendor.serve(started, stop),), daemon=True
    )
    thread.start()
    if not started.wait(20):
        raise TimeoutError("the vendor does not open")
    try:
        yield vendor
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()
