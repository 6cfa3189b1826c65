"""Teams and people inside a running stack: alice owns every team, bob makes things in it,
and charlie, who has a team of his own, is a stranger to the rest."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import pytest
from playwright.sync_api import Browser

from tests.desk import Desk
from tests.stack import Stack

PASSWORD = "correct horse battery"
PEOPLE = ("alice", "bob", "charlie")
TEAMS = 60  # made at once: one start of manage.py costs more than all their rows

# What createteam and addkey do, for all of them in one process.
SETTING = f"""
from django.db import transaction
from videos.keys import changes
from videos.models import Membership, Team, User
from videos.vendors import registry

with transaction.atomic():
    people = {{n: User.objects.create_user(n + "@example.com", {PASSWORD!r}, name=n.title()) for n in {PEOPLE!r}}}
    elsewhere = Team.objects.create(name="Elsewhere", slug="elsewhere")
    Membership.objects.create(team=elsewhere, user=people["charlie"], role="owner")
    for number in range(1, {TEAMS} + 1):
        team = Team.objects.create(name=f"Unit {{number}}", slug=f"unit-{{number}}")
        Membership.objects.create(team=team, user=people["alice"], role="owner")
        Membership.objects.create(team=team, user=people["bob"], role="maker")
        for vendor in registry.VENDORS:
            changes.create_key(team, vendor=vendor, key=f"rehearsal-{{team.slug}}-{{vendor}}", rehearsal=True)
"""


# A team that has been at work: one real film in the store, and many generations of it.
MAKING = """
from pathlib import Path
from django.conf import settings
from tests.builders import a_job, an_output
from tests.media.films import film
from videos.media.store import Store
from videos.models import Team, User

team, user = Team.objects.get(slug={slug!r}), User.objects.get(email="bob@example.com")
path = film(Path({folder!r}) / "film.mp4", frames=12)
name = Store(settings.MEDIA).put(path.read_bytes(), ".mp4")
for number in range(1, {count} + 1):
    an_output(a_job(team, user, f"Shot {{number}}"), file=name, poster="", bytes=path.stat().st_size)
"""


class Troupe:
    """The people of one stack. ``cookies`` are those of somebody who signed in by the form, once."""

    def __init__(self, stack: Stack, chromium: Browser):
        self.stack = stack
        self._chromium = chromium
        self._signed_in: dict[str, dict] = {}
        self._teams = iter(range(1, TEAMS + 1))
        stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", SETTING)

    def a_team(self) -> "Team":
        """One that nobody has worked in yet."""
        return Team(self, f"unit-{next(self._teams)}")

    def cookies(self, name: str) -> dict:
        """Playwright's ``storage_state`` of ``name``."""
        if name not in self._signed_in:
            context = self._chromium.new_context(base_url=self.stack.base_url)
            sign_in(context.new_page(), name)
            self._signed_in[name] = context.storage_state()
            context.close()
        return self._signed_in[name]


def sign_in(page, name: str) -> None:
    """By the form, from wherever its front door is."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


@dataclass(frozen=True)
class Team:
    troupe: Troupe
    slug: str

    @property
    def stack(self) -> Stack:
        return self.troupe.stack

    @cached_property
    def path(self) -> str:
        return f"/t/{self.slug}/"

    def desk(self, visitors, name: str = "alice", **context_options) -> Desk:
        """The gallery of this team, open in a browser of ``name``'s own."""
        options = {"viewport": {"width": 1440, "height": 900}} | context_options
        page = visitors.arrive(
            base_url=self.stack.base_url, storage_state=self.troupe.cookies(name), **options
        )
        page.goto(self.path)
        return Desk(page, self.path)

    def has_made(self, count: int) -> None:
        """``Shot 1`` to ``Shot count``, by bob, each of them stored."""
        asked = MAKING.format(slug=self.slug, folder=str(self.stack.data.parent), count=count)
        self.stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", asked)

    def told(self, prompt: str) -> list[str]:
        """The bodies of the requests that reached the sandbox with this prompt."""
        with closing(sqlite3.connect(self.stack.data / "sandbox" / "books.sqlite3")) as books:
            rows = books.execute("SELECT body FROM task WHERE instr(prompt, ?)", (prompt,))
            return [body for (body,) in rows]

    def ledger(self, vendor: str = "") -> list[dict]:
        """What the sandbox would have billed this team: ``task kind amount unit vendor``, oldest first."""
        entries = json.loads(self.stack.sandbox("/ledger.json"))["entries"]
        mine = tuple(f"rehearsal-{self.slug}-{known}" for known in ([vendor] if vendor else VENDORS))
        return [entry for entry in entries if entry["account"] in mine]

    def charges(self, vendor: str = "") -> list[dict]:
        return [entry for entry in self.ledger(vendor) if entry["kind"] == "charge"]


VENDORS = ("seedanceapi-org", "seedanceapi-dev", "defapi", "acedata", "seedance2ai")


@pytest.fixture(scope="session")
def troupe(stack, chromium) -> Iterator[Troupe]:
    return Troupe(stack, chromium)


@pytest.fixture
def studio(troupe) -> Team:
    """A team of this test's own."""
    return troupe.a_team()
