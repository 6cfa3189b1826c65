"""The machine is short of disk or memory: it is said in a sentence, and nothing typed is lost."""

import errno
import sqlite3

import pytest
from django.core.files import uploadhandler
from django.db import OperationalError

from tests.builders import a_key
from tests.pages.pictures import a_file, png
from tests.people import PASSWORD
from videos import access
from videos.accounts import error_pages
from videos.create import media_import
from videos.media import child_slots
from videos.media.probe import Limits
from videos.media.store import Store
from videos.models import Draft, Upload

pytestmark = pytest.mark.django_db
UPLOADS, PRESS, BATCH = "/t/northlight/uploads/", "/t/northlight/generations/", "/t/northlight/batch/"
MODEL = "acedata/doubao-seedance-2-0-260128"


@pytest.fixture(autouse=True)
def key(team):
    return a_key(team, vendor="acedata")


def long_file():
    """One that does not fit into memory."""
    return a_file(1, "harbour.png", png(1) + bytes(1_100_000))


def form(**more) -> dict:
    return {"model": MODEL, "was": MODEL, "prompt": "A harbour", "client_token": "t"} | more


def full(*_of, **_more):
    raise OSError(errno.ENOSPC, "No space left on device")


# --- the disk ---------------------------------------------------------------


@pytest.mark.parametrize("file", [a_file, long_file])
def test_no_file_is_taken_from_the_reserve_of_the_disk(as_alice, settings, file):
    settings.DISK_RESERVE = 10**18
    answer = as_alice.post(UPLOADS, {"file": file()})
    assert answer.status_code == 507 and "this studio's disk is full" in answer.json()["error"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("path", "field", "words"), [(PRESS, "file.start", "prompt"), (BATCH, "pictures", "rows")]
)
@pytest.mark.parametrize("file", [a_file, long_file])
def test_the_form_stays_as_it_was_and_says_why(as_alice, settings, path, field, words, file):
    settings.DISK_RESERVE = 10**18
    answer = as_alice.post(path, form(**{words: "A harbour at dusk", field: file(), "do": "check"}))
    assert "disk is full" in answer.text and ">A harbour at dusk</textarea>" in answer.text


def test_one_that_fills_up_while_a_file_arrives_lets_the_words_arrive(as_alice, monkeypatch):
    monkeypatch.setattr(uploadhandler.TemporaryUploadedFile, "write", full, raising=False)
    answer = as_alice.post(PRESS, form(**{"file.start": long_file()}))
    assert "disk is full" in answer.text and ">A harbour</textarea>" in answer.text
    assert Draft.objects.get().content["prompt"] == "A harbour"


@pytest.mark.parametrize("step", ["keep", "part"])
def test_one_that_fills_up_while_it_is_kept_is_a_sentence(as_alice, monkeypatch, step):
    monkeypatch.setattr(Store, step, full)
    answer = as_alice.post(UPLOADS, {"file": a_file()})
    assert answer.status_code == 507 and "disk is full" in answer.json()["error"]


def test_nor_does_the_child_find_the_picture_guilty(as_alice, monkeypatch):
    monkeypatch.setattr(media_import.pictures, "clean", full)
    assert as_alice.post(UPLOADS, {"file": a_file()}).status_code == 507


def raises(error):
    def behave(*_arguments, **_more):
        raise error

    return behave


def with_code(code: int) -> OperationalError:
    error, cause = OperationalError("database or disk is full"), sqlite3.OperationalError()
    cause.sqlite_errorcode = code
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "x"), OSError(errno.EDQUOT, "x"), with_code(sqlite3.SQLITE_FULL)]
)
@pytest.mark.parametrize("path", ["/t/northlight/", PRESS])
def test_wherever_it_is_met_it_is_a_page_with_words(as_alice, monkeypatch, error, path):
    as_alice.raise_request_exception = False
    monkeypatch.setattr(access, "member_of", raises(error))
    answer = as_alice.post(path, form()) if path == PRESS else as_alice.get(path)
    assert answer.status_code == 507 and "disk is full" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_so_it_is_for_a_session_that_cannot_be_kept(client, alice, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("videos.accounts.sessions.SessionStore.save", raises(with_code(sqlite3.SQLITE_FULL)))
    assert client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}).status_code == 507


def test_so_it_is_for_a_sign_in_that_cannot_be_counted(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("django.core.cache.backends.filebased.FileBasedCache.set", full)
    answer = client.post("/accounts/login/", {"login": "a@example.com", "password": "wrong"})
    assert answer.status_code == 507


def test_a_page_opens_although_nothing_can_be_remembered(as_alice, team, monkeypatch):
    team.storage_limit = 10**9
    team.save()
    monkeypatch.setattr("django.core.cache.backends.filebased.FileBasedCache.set", full)
    assert as_alice.get("/t/northlight/").status_code == 200


def test_a_fault_of_another_kind_is_no_full_disk():
    assert not error_pages.is_disk_full(OSError(errno.EACCES, "x"))
    assert not error_pages.is_disk_full(with_code(sqlite3.SQLITE_BUSY))
    assert not error_pages.is_disk_full(None)


# --- memory: no place to open one more --------------------------------------


@pytest.fixture
def busy(settings, tmp_path, monkeypatch):
    """Somebody's file is being opened, in another process for all that we know."""
    settings.DATA, settings.OPENING_MEMORY = tmp_path, 1
    monkeypatch.setattr(media_import, "OPENING_SECONDS", 0.2)
    with child_slots.acquire(Limits().memory):
        yield


@pytest.mark.usefixtures("busy")
def test_a_file_that_waits_in_vain_is_sent_again_by_the_page(as_alice):
    answer = as_alice.post(UPLOADS, {"file": a_file()})
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "the studio opens a few files at a time" in answer.json()["error"]
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("path", "field", "words"), [(PRESS, "file.start", "prompt"), (BATCH, "pictures", "rows")]
)
def test_without_javascript_the_form_says_so(as_alice, path, field, words):
    answer = as_alice.post(
        path, form(**{words: "A harbour at dusk", field: [a_file(1), a_file(2)], "do": "check"})
    )
    assert "was not opened yet" in answer.text and ">A harbour at dusk</textarea>" in answer.text


def test_a_machine_that_is_short_of_something_else_is_said_too(as_alice, monkeypatch):
    monkeypatch.setattr(media_import.pictures, "clean", raises(OSError(errno.ENOMEM, "x")))
    answer = as_alice.post(UPLOADS, {"file": a_file()})
    assert answer.status_code == 503 and "wrong with this studio's machine" in answer.json()["error"]
    assert "Retry-After" not in answer
