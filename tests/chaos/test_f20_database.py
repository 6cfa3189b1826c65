"""F20, F21, F23, F27, F28: the database goes away, is locked, is asked by two clocks, loses its
power, or is a newer one."""

import os
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from tests.chaos.house import House
from tests.chaos.presses import Presses, ask, wishes
from tests.chaos.scene import NO_KEY, WITH_KEY, order, scene, settled, sings, state_of, until
from tests.postgres import server
from tests.proxy import between

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("faults")]


def running(house):
    return house.rows("SELECT count(*) FROM videos_job WHERE state = 'running'")[0][0]


@pytest.mark.long
def test_f20_postgresql_is_dropped_while_twenty_jobs_run_and_all_are_seen_to_the_end(tmp_path):
    with (
        server() as database,
        scene(tmp_path, seconds=(600, 600), database=database.url, teams=2, pages=True) as (house, vendor),
    ):
        order(house, 20)
        until(lambda: running(house) == 20, "all are being made")
        database.drop()
        status, page, headers = ask(house, "/t/unit-0/")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert "cannot reach its data" in page and "Traceback" not in page
        assert ask(house, "/healthz/ready", Cookie="")[:2] == (503, "database\n")
        database.start()
        vendor.hurry()
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert verdict.states == {"succeeded": 20}
        assert ask(house, "/t/unit-0/")[0] == 200


@pytest.mark.long
def test_f21_a_locked_sqlite_lets_presses_wait_or_come_back_and_loses_no_move(tmp_path):
    """Held until a page and a press were told to come back, which they are after 2 s here."""
    with scene(tmp_path, seconds=(1, 3), pages=True, CHAOS_LOCK_TIMEOUT="2") as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        wanted = wishes(8, 1, 1)
        with Presses(house, wanted[:4], 0) as early:
            until(lambda: early.done, "four are ordered")
        with Locked(house) as lock, Presses(house, wanted[4:], 0) as late:
            status, page, headers = ask(house, "/t/unit-0/draft/", form_of("typed meanwhile"))
            assert (status, headers["Retry-After"]) == (503, "5")
            assert "locked" not in page and "Traceback" not in page
            until(lambda: late.again, "a press was told to come back")
            assert ask(house, "/t/unit-0/")[0] == 200, "reading needs no lock"
            lock.release.set()
            until(lambda: late.done, "the others are ordered, too")
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert verdict.jobs == 8 and early.refused == late.refused == []


class Locked:
    """Somebody else writes and does not end, until ``release`` is set."""

    def __init__(self, house):
        self.path = house.env["DATABASE_URL"].removeprefix("sqlite:///")
        self.held, self.release = threading.Event(), threading.Event()
        self.holder = threading.Thread(target=self.hold, daemon=True)

    def hold(self):
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            self.held.set()
            self.release.wait(60)
            database.execute("ROLLBACK")

    def __enter__(self):
        self.holder.start()
        assert self.held.wait(40)
        return self

    def __exit__(self, *_):
        self.release.set()
        self.holder.join(60)


def form_of(prompt):
    return {"csrfmiddlewaretoken": "c" * 32, "client_token": "draft", "model": NO_KEY, "prompt": prompt}


@pytest.mark.long
def test_f23_two_hosts_whose_clocks_differ_by_ten_minutes_share_the_work_and_no_job(tmp_path):
    """By its own clock the second would find every lease of the first long over."""
    (tmp_path / "second").mkdir()
    with (
        server() as database,
        scene(tmp_path, seconds=(2, 6), database=database.url, teams=2, programs=("worker",)) as (
            house,
            vendor,
        ),
    ):
        second = House(tmp_path / "second", vendor.url, database=database.url, CHAOS_CLOCK="600")
        second.data.mkdir(exist_ok=True)
        (house.data / "media").mkdir(exist_ok=True)
        os.symlink(house.data / "media", second.data / "media")
        second.start("worker")
        try:
            until(lambda: sings(house) and sings(second), "all four clusters work")
            order(house, 30)
            verdict = settled(house, vendor)
            assert verdict.holds, verdict.breaches
            assert verdict.states == {"succeeded": 30}
            hands = {
                name for (name,) in house.rows("SELECT worker FROM videos_event WHERE worker LIKE 'drive-%'")
            }
            for host in (house, second):
                theirs = {
                    str(one.pid) for cluster in ("studio", "media") for one in host.parts(cluster, "worker")
                }
                assert theirs & {name.split("-")[-2] for name in hands}, "each host did some of it"
        finally:
            second.stop("worker")


@pytest.mark.long
def test_f27_a_power_cut_right_after_the_intent_was_written_leaves_the_intent(tmp_path):
    """What is on the disk when the first byte of the paid request has left: copied at that
    instant, put back, and started with."""
    kept = {}

    with scene(tmp_path, programs=("worker",)) as (house, vendor):
        path = house.data / "studio.sqlite3"

        def power_cut(prompt):
            kept[prompt] = tmp_path / f"disk-{len(kept)}"
            kept[prompt].mkdir()
            for name in ("studio.sqlite3", "studio.sqlite3-wal"):
                shutil.copyfile(path.with_name(name), kept[prompt] / name)

        until(lambda: sings(house), "both clusters work")
        vendor.on_charge = power_cut
        vendor.script = {"Chaos number 0": "charged, then silence"}
        (prompt,) = order(house, 1, NO_KEY)
        until(lambda: kept, "it is at the vendor")
        house.kill("worker")
        for file in path.parent.glob("studio.sqlite3*"):
            file.unlink()
        for file in kept[prompt].iterdir():
            shutil.copyfile(file, path.with_name(file.name))
        assert state_of(house, prompt) == "submitting"
        assert house.rows("SELECT state FROM videos_spendattempt") == [("open",)]
        house.start("worker")
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert (state_of(house, prompt), vendor.posts[prompt]) == ("unknown", 1)


@pytest.mark.long
def test_f28_a_newer_database_under_running_workers(tmp_path):
    """A column more, and a state that this version has never heard of: the old workers finish
    what they know, the new ones go on, and nobody touches what is not theirs."""
    with scene(tmp_path, seconds=(600, 600), pages=True) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        prompts = order(house, 6, NO_KEY, WITH_KEY)
        until(lambda: running(house) == 6, "they are being made")
        path = house.env["DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            database.execute("ALTER TABLE videos_job ADD COLUMN tomorrow TEXT NOT NULL DEFAULT ''")
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute("UPDATE videos_job SET state = 'dreaming', version = 999 WHERE id = 1")
        for path in ("/t/unit-0/", "/t/unit-0/usage/", "/t/unit-0/prompts/"):
            assert ask(house, path)[0] == 200, path
        vendor.hurry()
        until(lambda: not house.moving(), "the old workers finish what they know")
        house.restart("worker")
        order(house, 2, NO_KEY, first=6)
        until(lambda: len(vendor.ledger) == 8, "the new ones send")
        vendor.hurry()
        until(lambda: house.jobs() == 8 and not house.moving(), "the new ones go on")
        assert house.rows("SELECT state, version FROM videos_job WHERE id = 1") == [("dreaming", 999)]
        assert {state_of(house, prompt) for prompt in prompts[1:]} == {"succeeded"}
        assert len(vendor.ledger) == 8


@pytest.mark.long
def test_postgresql_behind_a_line_that_is_slow_and_cut_again_and_again(tmp_path):
    with (
        server() as database,
        between("127.0.0.1", int(database.url.rpartition(":")[2].split("/")[0])) as proxy,
    ):
        url = database.url.replace(database.url.split("@")[1].split("/")[0], f"127.0.0.1:{proxy.listens}")
        with scene(tmp_path, seconds=(1, 3), database=url, teams=2, programs=("worker",)) as (house, vendor):
            until(lambda: sings(house), "both clusters work")
            order(house, 20)
            for _cut in range(6):
                moved = house.events()
                until(lambda moved=moved: house.events() > moved or not house.moving(), "something happens")
                proxy.cut()
            verdict = settled(house, vendor)
            assert verdict.holds, verdict.breaches
            assert verdict.states["succeeded"] + verdict.states["unknown"] == 20
