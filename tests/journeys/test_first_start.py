"""Behaviour 36: somebody who has only cloned the repository watches a film within a minute."""

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.desk import until
from tests.ports import free_port
from tests.stack import ROOT, ask_sandbox
from videos.processes.kept import KeptProcess, Program


@dataclass(frozen=True)
class Started:
    said: Path
    sandbox_url: str


@pytest.fixture
def started(tmp_path):
    """``make run`` after its installing, at the pace of a real rehearsal."""
    port = free_port()
    own = {
        "DJANGO_SETTINGS_MODULE": "studio.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'studio.sqlite3'}",
        "STUDIO_DATA": str(tmp_path / "data"),
        "STUDIO_PORT": str(port),
        "STUDIO_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "STUDIO_SANDBOX_URL": f"http://127.0.0.1:{free_port()}",
        "STUDIO_TIME_SCALE": "1",
        "STUDIO_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }
    said = tmp_path / "said"
    with said.open("wb") as out:
        run = Program("run", (sys.executable, str(ROOT / "manage.py"), "run"), own)
        kept = KeptProcess(run, patience=40, cwd=ROOT, output=out, env=dict(os.environ))
        yield Started(said, own["STUDIO_SANDBOX_URL"])
        kept.tell_to_stop()
        kept.wait(40)


@pytest.mark.long
@pytest.mark.alone
def test_a_playable_film_within_a_minute_and_marked_as_a_rehearsal(started, visitors):
    begun = time.monotonic()
    invited = r"Open (\S+) and sign in as (\S+) with password (\S+)"
    while not (found := re.search(invited, started.said.read_text())):
        assert time.monotonic() - begun < 60, started.said.read_text()
    url, email, password = found.groups()
    page = visitors.arrive(base_url=url)
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    cards = page.get_by_role("article")
    expect(cards).to_have_count(6)
    ready = page.locator("article[data-state=ready]", has=page.locator("video")).first
    expect(ready).to_be_visible(timeout=60_000)
    for card in cards.all():
        expect(card.get_by_text("Rehearsal", exact=True)).to_be_visible()
    ready.get_by_role("link", name="Play:").click()
    until(ready.locator("video"), "film => film.readyState >= 2 && film.currentTime > 0")
    assert time.monotonic() - begun < 60
    page.goto(ready.get_by_role("heading").get_by_role("link").get_attribute("href"))
    expect(page.locator(".clip__by").get_by_text("Rehearsal", exact=True)).to_be_visible()
    ask_sandbox(started.sandbox_url, "/control", {"hurry": True})
    page.goto("/")
    expect(page.locator("article[data-state=ready]")).to_have_count(6, timeout=40_000)
