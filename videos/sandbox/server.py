"""Serves the five dialects, the media and the control page over HTTP."""

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from videos.sandbox.config import SandboxConfig
from videos.sandbox.control_page import ControlPage
from videos.sandbox.controls import Controls
from videos.sandbox.desk import Desk, Dialect
from videos.sandbox.dialects.acedata import AceData
from videos.sandbox.dialects.defapi import Defapi
from videos.sandbox.dialects.seedance2ai import Seedance2Ai
from videos.sandbox.dialects.seedanceapi_dev import SeedanceApiDev
from videos.sandbox.dialects.seedanceapi_org import SeedanceApiOrg
from videos.sandbox.film_queue import FilmRenderer
from videos.sandbox.ledger import SandboxStore
from videos.sandbox.media import Media
from videos.sandbox.origins import own_pages_only
from videos.sandbox.pictures import Addresses, Pictures, Resolver
from videos.sandbox.refusals import Reason, Refusal

DIALECTS = (SeedanceApiDev, Defapi, AceData, Seedance2Ai, SeedanceApiOrg)
LARGEST_BODY = 64 * 1024 * 1024  # pictures may come inside a body as data:
Handler = Callable[[web.Request, str], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def open_desk(config: SandboxConfig) -> AsyncIterator[Desk]:
    """Opens the desk with its store; at the end closes everything and kills renders under way."""
    addresses = Addresses(config)
    store = SandboxStore(config.data / "books.sqlite3")
    renderer = FilmRenderer(config.data / "films", config.data / "pictures", config.cache_bytes)
    connector = aiohttp.TCPConnector(resolver=Resolver(addresses))
    async with aiohttp.ClientSession(connector=connector) as client:
        pictures = Pictures(config, renderer.pictures, addresses, client)
        desk = Desk(config, store, renderer, addresses, pictures, client, Controls(config.speed))
        desk.dialects = {made.slug: made(desk) for made in DIALECTS}
        try:
            yield desk
        finally:
            for running in list(desk.running.values()):
                running.cancel()
            await asyncio.gather(*desk.running.values(), return_exceptions=True)
            await renderer.close()
            store.close()


def _guarded(desk: Desk, dialect: Dialect, handler: Handler) -> Callable[[web.Request], Awaitable[Any]]:
    """Wraps a handler: checks outage, key and rate first, and answers a Refusal as the dialect does."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            outage = desk.controls.outage.get(dialect.slug)
            if outage:
                return _out_of_order(request, dialect, outage)
            account = desk.account(request)
            desk.controls.count(dialect.slug, account)
            return await handler(request, account)
        except Refusal as trouble:
            return _refusal(dialect, trouble)
        except (sqlite3.OperationalError, OSError):  # a full disk: nothing was written, nothing is charged
            return _refusal(dialect, Refusal(Reason.OUTAGE, "Internal server error"))

    return answer


def _refusal(dialect: Dialect, trouble: Refusal) -> web.Response:
    status, body = dialect.refuse(trouble)
    headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else {}
    return web.json_response(body, status=status, headers=headers)


def _out_of_order(request: web.Request, dialect: Dialect, how: str) -> web.Response:
    if how == "500":
        return _refusal(dialect, Refusal(Reason.OUTAGE, "Internal server error"))
    if how == "overloaded":
        return _refusal(
            dialect, Refusal(Reason.OVERLOADED, "Temporarily overloaded, please retry", retry_after=5)
        )
    if how == "drop" and request.transport is not None:
        request.transport.abort()
    status = 503 if how == "503" else 200
    page = "" if how == "empty" else "<html><h1>Service temporarily unavailable</h1></html>"
    return web.Response(status=status, text=page, content_type="text/html")


def build(desk: Desk) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[own_pages_only(desk.config)])
    for dialect in desk.dialects.values():
        for method, path, handler in dialect.routes():
            app.router.add_route(method, f"/{dialect.slug}{path}", _guarded(desk, dialect, handler))
    app.router.add_get("/media/{token}/{name}", Media(desk).serve)
    ControlPage(desk).add_to(app)
    return app


@contextlib.asynccontextmanager
async def listening(config: SandboxConfig) -> AsyncIterator[tuple[Desk, str]]:
    """Serves until the block ends; yields the desk and its address. Tasks of an earlier run are
    continued."""
    async with open_desk(config) as desk:
        runner = web.AppRunner(build(desk), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, config.host, config.port)
            await site.start()
            port = runner.addresses[0][1]
            desk.origin = f"http://{config.host}:{port}"
            for task in desk.store.tasks(only_open=True, limit=10_000):
                desk.start(task)
            yield desk, desk.origin
        finally:
            await runner.cleanup()


async def serve(config: SandboxConfig) -> None:
    """Serves until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening(config) as (_, url):
        print(f"Rehearsal sandbox on {url} (no vendor is contacted)", flush=True)
        await stop.wait()
