"""A page opens no transaction of its own: ``authority.acting`` does, which asks for the right."""

import pytest

from .sources import ROOT, files, imports, shown

ROOMS = (
    "budgets",
    "clips",
    "create",
    "gallery",
    "history",
    "keys",
    "library",
    "recipes",
    "stacks",
    "trash",
    "usage",
)
# What these write is nobody's right in a team yet: a team is founded, an invitation accepted.
BEFORE_A_TEAM = {"videos/accounts/teams.py", "videos/accounts/invites.py"}


def opens_its_own(path) -> bool:
    return any(
        one.target in ("django.db.transaction", "django.db.transaction.atomic") for one in imports(path)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_pages_write_in_a_transaction_that_asked_for_the_right(room):
    assert [shown(path) for path in files(f"videos/{room}") if opens_its_own(path)] == []


def test_what_a_team_changes_about_itself_asks_for_the_right():
    members = [path for path in files("videos/accounts") if "authority.acting(" in path.read_text()]
    assert {shown(path) for path in members} == {*BEFORE_A_TEAM, "videos/accounts/projects.py"}


def test_the_verbs_of_the_engine_ask_for_the_right():
    """Only the first look for a task that is here already, and the last, hold rows without it."""
    engine = ROOT / "videos/jobs"
    own = {
        name: (engine / f"{name}.py").read_text()
        for name in ("verbs", "ordering/press", "ordering/import_task")
    }
    assert {name: text.count("transaction.atomic(") for name, text in own.items()} == {
        "verbs": 0,
        "ordering/press": 0,
        "ordering/import_task": 2,
    }
