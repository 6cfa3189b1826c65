"""A new STUDIO_SECRET_KEY: with the old one among the fallbacks everything that was signed still counts;
without, it ends in words. Nothing breaks either way."""

import re
import threading
from queue import Queue

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.pusher import pusher

from tests.attacks.test_a36_limits import a_known_browser, attack
from tests.attacks.test_a36_signing_in import NEW, refused, sign_in
from tests.people import PASSWORD, person
from videos.jobs import queue
from videos.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return person("Owner")


@pytest.fixture(params=[True, False], ids=["with the old key", "without it"])
def rotated(request, settings):
    """Call it, and the key is another; says whether the old one still counts."""

    def rotate() -> bool:
        old, settings.SECRET_KEY = settings.SECRET_KEY, "the key of tomorrow"
        settings.SECRET_KEY_FALLBACKS = [old] if request.param else []
        return request.param

    cache.clear()
    return rotate


def test_sessions(owner, rotated, settings):
    client = Client()
    sign_in(client=client)
    kept = rotated()
    assert client.get("/me/").status_code == (200 if kept else 302)
    if kept:  # and now it is signed with the new one: the old key may go
        settings.SECRET_KEY_FALLBACKS = []
        assert client.get("/me/").status_code == 200
    assert sign_in(client=Client()).status_code == 302


def test_a_form_of_a_page_from_before(owner, rotated):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    page = client.get("/me/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    kept = rotated()
    form = {"csrfmiddlewaretoken": token, "name": "Another", "theme": "dark"}
    answer = client.post("/me/", form)
    assert answer.status_code == 302 and (answer.url == "/me/") == kept
    assert User.objects.get().name == ("Another" if kept else "Owner")


def test_browsers_that_signed_in_before(owner, rotated):
    browser = a_known_browser()
    kept = rotated()
    attack(7)
    assert ("Too many" in refused(sign_in(client=browser, ip="203.0.1.7"))) != kept


def test_links_in_letters(owner, rotated, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client()
    client.post(reverse("account_reset_password"), {"email": owner.email})
    new = Client()
    new.post(reverse("account_signup"), {"name": "D", "email": "dora@example.com", "password1": NEW})
    reset, confirm = (
        re.search(r"http://127.0.0.1:8000(/\S+/(?:key|confirm-email)/\S+)", m.body)[1] for m in mail.outbox
    )
    kept = rotated()
    page = client.get(reset, follow=True)
    assert page.status_code == 200 and ("does not work any more" in page.content.decode()) != kept
    assert new.get(confirm).status_code == 200
    assert new.post(confirm).status_code == (302 if kept else 404)
    assert EmailAddress.objects.get(email="dora@example.com").verified == kept
    if kept:
        form = {"password1": NEW, "password2": NEW}
        assert client.post(page.request["PATH_INFO"], form).status_code == 302
        assert User.objects.get(pk=owner.pk).check_password(NEW)


def test_words_that_wait_for_the_next_page(owner, rotated):
    client = Client()
    sign_in(client=client)
    client.post("/me/", {"name": "Another", "theme": "dark"})
    kept = rotated()
    answer = client.get("/me/", follow=True)
    assert answer.status_code == 200 and ("Saved." in answer.content.decode()) == kept


def test_the_password_once_more_and_another_address(owner, rotated, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client()
    sign_in(client=client)
    if rotated():
        answer = client.post("/accounts/email/", {"email": "owner@new.example", "password": PASSWORD})
        assert answer.url == "/accounts/email/"
        client.post(re.search(r"http://127.0.0.1:8000(/\S+/confirm-email/\S+)", mail.outbox[0].body)[1])
        assert User.objects.get().email == "owner@new.example"
    else:
        assert client.get("/accounts/email/").url.startswith("/accounts/login/")


def test_a_message_of_the_queue_is_lost_and_harms_nobody(monkeypatch):
    """django-q2 knows no fallbacks: it throws away what it cannot read. What was lost is nudged again (F14)."""
    queue.nudge_tidy()
    assert queue.depth(queue.MAIN) == 1
    monkeypatch.setattr(Conf, "SECRET_KEY", "the key of tomorrow")
    read, once = Queue(), threading.Event()
    once.set()
    pusher(read, once, get_broker(queue.MAIN))
    assert read.empty() and queue.depth(queue.MAIN) == 0
    queue.nudge_tidy()
    pusher(read, once, get_broker(queue.MAIN))
    assert read.get_nowait()["func"] == "videos.jobs.running.tasks.tidy"
