"""After a full disk the sandbox goes on where it was."""

import asyncio
import sqlite3
import time

import aiohttp
import pytest

from videos.sandbox import desk as desks
from videos.sandbox.config import SandboxConfig
from videos.sandbox.ledger import SandboxStore
from videos.sandbox.server import listening

KEY = {"Authorization": "Bearer rehearsal-full"}
ORDER = {"prompt": "x [fail] [slow:1]", "model": "seedance-lite-5s"}


def full(books: SandboxStore, is_full: bool) -> None:
    pages = books.base.execute("PRAGMA page_count").fetchone()[0] if is_full else 100_000
    books.base.execute(f"PRAGMA max_page_count = {pages}")


async def order(client, url, prompt=""):
    body = ORDER | {"prompt": prompt or ORDER["prompt"]}
    async with client.post(f"{url}/seedanceapi-dev/v1/video/generate", json=body, headers=KEY) as answer:
        return answer.status, await answer.json()


def test_an_order_that_cannot_be_written_costs_nothing_and_the_next_is_taken(tmp_path):
    async def story():
        async with (
            listening(SandboxConfig(data=tmp_path, port=0, speed=500)) as (desk, url),
            aiohttp.ClientSession() as client,
        ):
            full(desk.store, True)
            status, refused = await order(client, url, "x" * 20_000)
            assert (status, refused["code"]) == (500, 500)
            assert desk.store.ledger() == [] and desk.store.tasks() == []
            full(desk.store, False)
            status, taken = await order(client, url)
            assert (status, taken["code"]) == (200, 0)
            ended = await desk.finished(desk.store.task(taken["data"]["task_id"]))
            assert (ended.outcome, len(desk.store.ledger())) == ("failed", 1)

    asyncio.run(story())


def test_a_task_that_ends_on_a_full_disk_ends_when_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr(desks, "RETRY", 0.05)
    real, tries = SandboxStore.close_task, []

    def close_task(self, *facts):
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise sqlite3.OperationalError("database or disk is full")
        return real(self, *facts)

    monkeypatch.setattr(SandboxStore, "close_task", close_task)

    async def story():
        async with (
            listening(SandboxConfig(data=tmp_path, port=0, speed=500)) as (desk, url),
            aiohttp.ClientSession() as client,
        ):
            _status, taken = await order(client, url)
            ended = await desk.finished(desk.store.task(taken["data"]["task_id"]))
            assert (ended.outcome, len(tries)) == ("failed", 3)

    asyncio.run(story())


@pytest.mark.parametrize("where", ["INSERT INTO task", "INSERT INTO ledger", "COMMIT"])
def test_whatever_statement_finds_no_room_none_of_it_was_written(tmp_path, where):
    class Fails:
        """The connection, with a disk that is full at one statement."""

        def __init__(self, base):
            self.base = base

        def __getattr__(self, name):
            return getattr(self.base, name)

        def execute(self, sql, *more):
            if sql.startswith(where):
                raise sqlite3.OperationalError("database or disk is full")
            return self.base.execute(sql, *more)

    books = SandboxStore(tmp_path / "books.sqlite3")
    real, books.base = books.base, Fails(books.base)
    with pytest.raises(sqlite3.OperationalError), books._together():
        books.base.execute("INSERT INTO task (id) VALUES ('t')")
        books.base.execute("INSERT INTO ledger (task) VALUES ('t')")
    books.base = real
    assert not real.in_transaction and books.tasks() == [] == books.ledger()
    with books._together():
        real.execute("INSERT INTO ledger (task) VALUES ('u')")
    assert [entry["task"] for entry in books.ledger()] == ["u"]
