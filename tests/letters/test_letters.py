"""Letters are rows; the worker brings them to the mail server, which may do what it likes."""

import logging
import re
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.letters.mailserver import MailServer
from tests.people import person, signed_in
from tests.ports import free_port
from videos.jobs import queue
from videos.jobs.running import ticker
from videos.letters import outbox, sending
from videos.models import Letter, clock
from videos.models.heartbeats import signs
from videos.vault import KeyUnreadable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def through_the_outbox(settings):
    settings.EMAIL_BACKEND = "videos.letters.outbox.EmailBackend"
    settings.LETTERS_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 0.3
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.TIME_SCALE = 1
    cache.clear()  # letters are counted there


@pytest.fixture
def server(settings):
    with MailServer() as server:
        settings.EMAIL_PORT = server.port
        yield server


def ask_reset(name: str = "Alice"):
    return Client().post(reverse("account_reset_password"), {"email": f"{name.lower()}@example.com"})


def a_letter(n: int = 1) -> Letter:
    mail.send_mail(f"Subject {n}", "Words", "studio@example.com", [f"to{n}@example.com"])
    return Letter.objects.latest("pk")


def later(**how) -> None:
    """Time passes for what waits."""
    for letter in Letter.objects.filter(next_at__isnull=False):
        Letter.objects.filter(pk=letter.pk).update(
            next_at=letter.next_at - timedelta(**how), created_at=letter.created_at - timedelta(**how)
        )


@pytest.mark.both_databases
def test_a_reset_letter_is_a_sealed_row_and_then_a_letter(server):
    person("Alice")
    assert ask_reset().status_code == 302
    row = Letter.objects.get()
    assert server.calls == 0 and b"reset" not in bytes(row.sealed) and b"alice" not in bytes(row.sealed)
    assert sending.send_due("me") == 1
    (letter,) = server.letters
    assert letter["To"] == "alice@example.com" and "/accounts/password/reset/key/" in letter.get_payload()
    assert letter["Message-ID"] == row.message_id and letter["Date"]
    assert not Letter.objects.exists()  # nothing of it is kept


def test_a_sealed_letter_opens_as_no_other(server):
    one, other = a_letter(1), a_letter(2)
    one.sealed = other.sealed
    with pytest.raises(KeyUnreadable):
        outbox.opened(one, None)


@pytest.mark.parametrize("manner", ["silent", "refuses", "rejects", "later", "hangs_up", "nobody"])
def test_no_page_waits_for_a_mail_server_or_fails_with_it(server, settings, manner):
    person("Alice")
    server.manner = manner
    if manner == "nobody":
        settings.EMAIL_PORT = free_port()
    began = time.monotonic()
    assert ask_reset().status_code == 302
    assert time.monotonic() - began < 2 and server.calls == 0
    assert sending.send_due("me") == 0
    row = Letter.objects.get()
    kinds = {"silent": "silent", "refuses": "refused_us", "rejects": "rejected", "later": "later"}
    assert (row.tries, row.trouble) == (1, kinds.get(manner, "unreachable"))
    assert (row.next_at is None) == (manner == "rejects")
    if manner == "rejects":
        assert bytes(row.sealed) == b""  # it goes nowhere: its link is forgotten
    else:
        server.manner, settings.EMAIL_PORT = "takes", server.port
        assert sending.send_due("me") == 0  # not yet
        later(minutes=2)
        assert sending.send_due("me") == 1 and server.letters[-1]["Message-ID"] == row.message_id


def test_a_server_that_does_not_say_goodbye_has_the_letter_all_the_same(server):
    server.manner = "rude"
    a_letter()
    assert sending.send_due("me") == 1 and not Letter.objects.exists()


@pytest.mark.both_databases
def test_a_server_that_is_away_is_asked_once_for_all_letters(server):
    server.manner = "silent"
    for n in range(4):
        a_letter(n)
    assert sending.send_due("me") == 0 and sending.send_due("me") == 0
    assert server.calls == 1
    server.manner = "takes"
    later(minutes=2)
    assert sending.send_due("me") == 4


def test_one_that_is_rejected_holds_up_no_other(server):
    server.manner = "rejects"
    a_letter(1)
    sending.send_due("me")
    server.manner = "takes"
    a_letter(2)
    assert sending.send_due("me") == 1


def test_a_letter_that_cannot_be_written_ends_and_holds_up_no_other(server):
    broken = a_letter(1)
    Letter.objects.filter(pk=broken.pk).update(sealed=b"not what was sealed")
    a_letter(2)
    assert sending.send_due("me") == 1
    broken.refresh_from_db()
    assert (broken.next_at, broken.trouble) == (None, "rejected")


def test_pauses_grow_and_after_a_day_it_is_over(server, caplog):
    server.manner = "later"
    row = a_letter()
    pauses = []
    while Letter.objects.get().next_at is not None:
        assert len(pauses) < 60
        at = clock.now()
        sending.send_due("me")
        row.refresh_from_db()
        if row.next_at:
            pauses.append(round((row.next_at - at).total_seconds()))
            later(seconds=pauses[-1] + 1)
    assert pauses[:7] == [60, 120, 300, 900, 1800, 3600, 3600] and 20 < len(pauses) < 35
    assert bytes(row.sealed) == b""
    assert "given up, nobody will get it" in caplog.text and "alice" not in caplog.text


def test_what_a_server_says_is_in_no_log(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.manner = "rejects"
    a_letter()
    sending.send_due("me")
    assert "rejected (SMTPRecipientsRefused)" in caplog.text
    assert (
        "example.com was not" not in caplog.text
        and "mailbox" not in caplog.text
        and "to1@" not in caplog.text
    )


def test_a_server_that_kills_its_senders_by_slowness_is_told_of(server, monkeypatch, caplog):
    """The queue ends a task that takes too long, and with it the process."""
    a_letter()
    monkeypatch.setattr(sending.outbox, "opened", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        sending.send_due("me")
    assert signs().letters_since is None  # so far nobody knows
    later(minutes=2)
    with pytest.raises(Killed):
        sending.send_due("me")
    assert signs().letters_since and "did not end" in caplog.text


class Killed(BaseException):
    """What nothing catches."""


@pytest.mark.both_databases
def test_two_senders_send_one_letter_once(server):
    row = a_letter()
    assert sending.leases.take(sending.LEASE, "another worker", 60)
    assert sending.send_due("me") == 0 and server.calls == 0
    sending.leases.revoke(sending.LEASE)
    stale = Letter.objects.get(pk=row.pk)  # as a sender that lost its lease has it in hand
    assert sending.send_due("me") == 1
    assert sending._try(stale) == "gone" and len(server.letters) == 1


def test_the_clock_finds_what_is_due(server, monkeypatch):
    nudged = []
    monkeypatch.setattr(queue, "nudge_letters", lambda: nudged.append(1))
    assert ticker.nudge_letters() == 0
    a_letter()
    assert ticker.nudge_letters() == 1 and ticker.nudge_letters() == 0  # not twice in a moment
    assert nudged == [1]


def test_people_and_operators_are_told_while_the_server_takes_nothing(server, capsys):
    alice = person("Alice")
    server.manner = "refuses"
    a_letter()
    sending.send_due("me")
    began = signs().letters_since
    page = signed_in(alice).get("/me/").content.decode()
    assert "takes no letters since" in page
    assert (
        "takes no letters just now" in Client().get(reverse("account_reset_password_done")).content.decode()
    )
    call_command("letters")
    assert "1 wait" in (said := capsys.readouterr().out) and "STUDIO_EMAIL_FROM" in said
    later(minutes=2)
    sending.send_due("me")
    assert signs().letters_since == began  # since then, not since the last try
    server.manner = "takes"
    later(minutes=5)
    assert sending.send_due("me") == 1 and signs().letters_since is None
    call_command("letters")
    assert capsys.readouterr().out == "No letter waits.\n"


def test_a_page_that_sends_no_plain_text_is_a_mistake():
    fancy = EmailMultiAlternatives("Subject", "Words", to=["a@example.com"])
    fancy.attach_alternative("<p>Words</p>", "text/html")
    attached = EmailMessage("Subject", "Words", to=["a@example.com"])
    attached.attach("film.mp4", b"x", "video/mp4")
    for message in (fancy, attached):
        with pytest.raises(ValueError, match="plain text"):
            message.send()


def test_given_up_ones_are_forgotten_after_a_week(server):
    server.manner = "rejects"
    row = a_letter()
    sending.send_due("me")
    sending.forget_old()
    assert Letter.objects.exists()
    Letter.objects.filter(pk=row.pk).update(created_at=clock.now() - timedelta(days=8))
    sending.forget_old()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_letters_in_every_script_arrive_as_they_were_written(server, language):
    alice = person("Alice")
    alice.language = language
    alice.save()
    Client(headers={"Accept-Language": language}).post(
        reverse("account_reset_password"), {"email": "alice@example.com"}
    )
    sending.send_due("me")
    body = server.letters[0].get_payload(decode=True).decode()
    assert re.search(r"http://127.0.0.1:8000/accounts/password/reset/key/\S+/", body)
    assert {"en": "Open this link", "de": "Öffne diesen", "zh-hans": "链接"}[language] in body
