import io

import pytest
from django.core.management import CommandError, call_command

from tests.people import person
from videos.models import Event, Membership, Team, User

pytestmark = pytest.mark.django_db


def createteam(*arguments, typed="", monkeypatch=None):
    said = io.StringIO()
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    call_command("createteam", *arguments, stdout=said)
    return said.getvalue()


def test_makes_a_team_and_an_owner_who_can_sign_in(client, monkeypatch):
    arguments = ("Northlight Films", "--owner", "Dora@Example.com", "--password-stdin")
    said = createteam(*arguments, typed="a quiet harbour\n", monkeypatch=monkeypatch)
    assert said == "Northlight Films is at /t/northlight-films/ and belongs to dora@example.com.\n"
    assert Membership.objects.get().role == "owner" and Event.objects.get().verb == "team.made"
    client.post("/accounts/login/", {"login": "dora@example.com", "password": "a quiet harbour"})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_without_a_password_nobody_can_guess_one():
    createteam("Northlight", "--owner", "dora@example.com")
    assert not User.objects.get().has_usable_password()


def test_somebody_who_has_an_account_keeps_it(monkeypatch):
    alice = person("Alice")
    before = alice.password
    createteam("Second unit", "--owner", "ALICE@example.com")
    alice.refresh_from_db()
    assert alice.password == before and Membership.objects.get().user == alice
    with pytest.raises(CommandError, match="theirs to change"):
        createteam(
            "Third",
            "--owner",
            "alice@example.com",
            "--password-stdin",
            typed="x" * 12,
            monkeypatch=monkeypatch,
        )
    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "typed", "why"),
    [
        (("Northlight", "--owner", "dora"), "", "not an e-mail address"),
        (("", "--owner", "dora@example.com"), "", "1 to 80"),
        (("Northlight", "--owner", "dora@example.com", "--password-stdin"), "", "No password"),
        (("Northlight", "--owner", "dora@example.com", "--password-stdin"), "short\n", "at least 10"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(arguments, typed, why, monkeypatch):
    with pytest.raises(CommandError, match=why):
        createteam(*arguments, typed=typed, monkeypatch=monkeypatch)
    assert not Team.objects.exists() and not User.objects.exists()


def test_a_team_of_rehearsals():
    createteam("Northlight", "--owner", "dora@example.com", "--rehearsal")
    assert Team.objects.get().rehearsal_only
