"""A47 to A49: keys in what we write down, forged log lines, and what is shown to anybody who asks."""

import json
import logging
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from queue import Queue

import pytest
from django.urls import reverse
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.monitor import save_task
from django_q.tasks import async_task
from django_q.worker import worker

from tests.attacks.secrets_kept import found_in
from tests.builders import a_key
from tests.jobs.engine import drive, press
from videos.jobs.ordering.checking import Refusal
from videos.jobs.running import drive as driving
from videos.models import VendorKey
from videos.vendors import registry

ROOT = Path(__file__).resolve().parents[2]
KEYS = {slug: f"rehearsal-zq9{n}c51e2d84b60" for n, slug in enumerate(registry.VENDORS)}


@pytest.mark.django_db
def test_a47_nothing_that_was_typed_into_the_key_field_comes_back(team, as_alice, book):
    """Not into the page that says what is wrong with it, not into the toast, not into the log."""
    url = reverse("keys", args=["northlight"])
    for slug, key in KEYS.items():
        for kind in ("real", "rehearsal", "nonsense"):
            for more in ({}, {"owner": "nobody"}, {"label": "x" * 99}):
                form = {"vendor": slug, "kind": kind, "owner": "team", "key": key, "sure": "on"} | more
                page = as_alice.post(url, form, follow=True).content
                assert found_in(page, KEYS) == set()
    assert VendorKey.objects.count() >= len(KEYS)
    assert found_in(book.getvalue().encode(), KEYS) == set()


@pytest.mark.django_db
def test_a47_a_traceback_names_no_secret(team, member, vendor, book):
    """A breakdown in the middle of a call, with the key in the frames of the stack."""
    a_key(team, secret=KEYS["defapi"])
    vendor.submits = [lambda heard, connection: connection.close()]
    drive(press(member))
    try:
        raise ValueError(f"Bearer {KEYS['defapi']} was not accepted")
    except ValueError:
        logging.getLogger("videos").exception("it broke for %s", f"Bearer {KEYS['defapi']}")
    said = book.getvalue()
    assert "Traceback" in said and found_in(said.encode(), KEYS) == set()


@pytest.mark.django_db
def test_a47_the_queue_carries_numbers_and_nothing_else(team, member, django_capture_on_commit_callbacks):
    a_key(team, secret=KEYS["seedanceapi-org"])
    with django_capture_on_commit_callbacks(execute=True):
        job = press(member)
    (nudge,) = OrmQ.objects.all()
    task = nudge.task  # unpickled
    assert task["args"] == (job.pk,) and not task.get("kwargs")
    assert found_in(repr(task).encode(), KEYS) == set() and not Task.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("task", ["drive", "collect"])
def test_a47_what_the_queue_keeps_of_a_broken_task_names_no_secret(team, member, book, monkeypatch, task):
    """It keeps the arguments of whatever failed, and what came of it, for days."""
    a_key(team, secret=KEYS["seedanceapi-org"])
    job, nudges, done = press(member), Queue(), Queue()

    def breaks(job_id):
        raise ValueError(f"{KEYS['seedanceapi-org']} was not accepted")

    monkeypatch.setattr(driving, "drive", breaks)
    for room in ("worker", "monitor"):  # here they are this very process, whose connection is the test's
        monkeypatch.setattr(f"django_q.{room}.close_old_django_connections", lambda: None)
    async_task(f"videos.jobs.running.tasks.{task}", job.pk)
    nudges.put(OrmQ.objects.latest("pk").task)
    nudges.put("STOP")
    worker(nudges, done, multiprocessing.Value("f", -1))
    save_task(done.get(), get_broker())
    kept = Task.objects.get()
    assert (kept.success, kept.args, kept.kwargs) == (False, (job.pk,), {})
    assert "ValueError" in kept.result and "Traceback" in book.getvalue()
    for text in (repr((kept.args, kept.kwargs, kept.result)), book.getvalue()):
        assert found_in(text.encode(), KEYS) == set()


@pytest.mark.django_db
def test_a47_a_refusal_in_the_book_names_kinds_only(team, member):
    with pytest.raises(Refusal):
        press(member, prompt=f"Bearer {KEYS['defapi']}")
    assert found_in(json.dumps(list(team.events.values("verb", "data")), default=str).encode(), KEYS) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["callback", "picture", "invite", "reach"])
def test_a47_no_address_that_opens_something_stands_in_the_log(house, book, name):
    """Django logs the path of everything it refuses."""
    own = house.ours
    opens = {"callback": own.callback, "picture": own.link, "invite": own.token, "reach": "a" * 43}
    args = {"callback": ["defapi"]}.get(name, []) + [opens[name]]
    url = reverse(name, args=[*args, "png"] if name == "picture" else args)
    client = house.client("anonymous", enforce_csrf_checks=True)
    for method in ("PUT", "POST", "GET", "DELETE"):
        client.generic(method, url, "x", "text/plain")
    assert "***" in book.getvalue() and found_in(book.getvalue().encode(), opens) == set()


# --- A48 ---------------------------------------------------------------------

FORGED = (
    "x\nERROR videos.jobs the vendor key was deleted", "x\r\nERROR forged", "x\x1b[2J\x1b[31mred", "x\x00y", "x\x08\x08y",
    "x\u2028ERROR forged", "x\u2029ERROR forged", "x\x85ERROR forged", "x\x9b31m", "x\x0bERROR", "x\x0cERROR",
)  # fmt: skip


@pytest.mark.parametrize("words", FORGED)
@pytest.mark.parametrize("how", ["argument", "message", "name"])
def test_a48_one_record_is_one_line(book, words, how):
    logger = logging.getLogger("videos.zq9" if how != "name" else f"videos.{words}")
    if how == "argument":
        logger.warning("vendor says %s", words)
    else:
        logger.warning(words if how == "message" else "hello")
    (line,) = book.getvalue().splitlines()
    assert line.startswith("WARNING videos.") and line.isprintable()


@pytest.mark.parametrize("words", FORGED)
def test_a48_what_a_traceback_quotes_stands_below_it_and_indented(book, words):
    try:
        raise ValueError(words)
    except ValueError:
        logging.getLogger("videos.zq9").exception("it broke")
    first, *rest = book.getvalue().splitlines()
    assert first == "ERROR videos.zq9 it broke"
    assert rest and all(line.startswith("    ") and line.isprintable() for line in rest)


@pytest.mark.django_db
def test_a48_nor_does_an_address_forge_one(book, client):
    client.get("/no/such/%0aERROR%20videos%20forged/%1b[31m")
    assert [line for line in book.getvalue().splitlines() if line.startswith("ERROR")] == []


# --- A49 ---------------------------------------------------------------------

HIDDEN = (
    "/admin/", "/admin/login/", "/.git/config", "/.git/HEAD", "/.env", "/var/secret_key", "/secret_key", "/studio/settings.py",
    "/static/../manage.py", "/static/%2e%2e/manage.py", "/static/..%2f..%2fstudio/settings.py", "/static/....//manage.py",
    "/static//etc/passwd", "/static/%00", "/static/css/%2e%2e/%2e%2e/manage.py", "/media/", "/_files/", "/_files/aa/x.mp4",
    "/__debug__/", "/silk/", "/metrics", "/server-status", "/phpinfo.php", "/healthz/", "/healthz", "/static/", "/static/css/",
    "/t/", "/hooks/", "/p/", "/p/x.png", "/api/", "/graphql", "/robots.txt.bak", "/django-admin/", "/db.sqlite3",
)  # fmt: skip


@pytest.mark.django_db
def test_a49_nothing_else_answers(house):
    def is_nothing(path):
        for who in ("anonymous", "owner"):
            answer = house.client(who).get(path)
            page = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code in (301, 404) and b"SECRET" not in page and b"Traceback" not in page
            if answer.status_code == 301:  # the missing slash
                assert house.client(who).get(answer.url).status_code == 404

    house.each(HIDDEN, is_nothing)


@pytest.mark.django_db
def test_a49_health_is_one_word(house, client):
    for name, words in (("live", {"ok"}), ("ready", {"ok", "worker", "database"})):
        answer = client.get(reverse(name))
        assert (
            answer.headers["Content-Type"] == "text/plain" and set(answer.content.decode().split()) <= words
        )


PRODUCTION = {
    "STUDIO_ENV": "production", "STUDIO_SECRET_KEY": "k7f3a9c51e2d84b60-" * 4, "STUDIO_PUBLIC_URL": "https://studio.example",
    "FIELD_ENCRYPTION_KEYS": "YS1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy1mb3ItdHM=", "STUDIO_ACCOUNT_PEPPER": "p" * 40,
}  # fmt: skip


def started(tmp_path, *command: str, **env: str) -> subprocess.CompletedProcess:
    names = ("STUDIO_", "FIELD_", "DATABASE_", "DJANGO_", "REDIS_", "EMAIL_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=clean | PRODUCTION | {"STUDIO_DATA": str(tmp_path)} | env, capture_output=True, text=True,
    )  # fmt: skip


def test_a49_a_production_studio_passes_djangos_own_inspection(tmp_path):
    done = started(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_a49_and_never_shows_error_pages_with_secrets(tmp_path):
    done = started(tmp_path, "check", STUDIO_DEBUG="1")
    assert done.returncode != 0 and "cannot be on in production" in done.stderr


def test_a49_its_cookies_travel_over_https_only(tmp_path):
    asked = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.DEBUG, s.SECURE_HSTS_SECONDS > 0, s.ALLOWED_HOSTS)"
    done = started(tmp_path, "shell", "--no-imports", "-v", "0", "-c", asked)
    assert done.stdout.split() == ["True", "True", "__Host-studio", "False", "True", "['studio.example']"], (
        done.stderr
    )
