"""What people see when the database is away (F20, F21) and when something of ours broke."""

import sqlite3

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from videos import access
from videos.accounts.error_pages import is_database_unavailable

pytestmark = pytest.mark.django_db


def raises(error):
    def behave(*_arguments):
        raise error

    return behave


def locked(code: int) -> OperationalError:
    error, cause = OperationalError("database is locked"), sqlite3.OperationalError()
    cause.sqlite_errorcode = code
    error.__cause__ = cause
    return error


@pytest.fixture
def visitor(client, alice, team):
    client.force_login(alice)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    "error", [OperationalError("server closed the connection"), InterfaceError("closed")]
)
def test_f20_a_database_that_is_away_is_a_503_that_says_when_to_come_back(visitor, team, monkeypatch, error):
    monkeypatch.setattr(access, "member_of", raises(error))
    answer = visitor.get(f"/t/{team.slug}/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "cannot reach its data" in answer.text
    assert str(error) not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_f21_a_locked_database_is_a_503_for_a_press_too(visitor, team, monkeypatch):
    monkeypatch.setattr(access, "member_of", raises(locked(sqlite3.SQLITE_BUSY)))
    answer = visitor.post(f"/t/{team.slug}/generations/", {"prompt": "A bell"})
    assert answer.status_code == 503
    assert "locked" not in answer.text


@pytest.mark.parametrize("error", [ProgrammingError("no such function"), RuntimeError("secret detail")])
def test_what_broke_on_our_side_is_a_500(visitor, team, monkeypatch, error):
    monkeypatch.setattr(access, "member_of", raises(error))
    answer = visitor.get(f"/t/{team.slug}/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert str(error) not in answer.text


def test_a_wrong_query_is_no_database_that_is_away():
    assert is_database_unavailable(locked(sqlite3.SQLITE_BUSY))
    assert is_database_unavailable(locked(sqlite3.SQLITE_CANTOPEN))
    assert not is_database_unavailable(locked(sqlite3.SQLITE_ERROR))
    assert not is_database_unavailable(None)
