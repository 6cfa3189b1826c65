"""The studio knocks at its own public address: what each answer means, and that it is the worker
who asks."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from tests.ports import free_port
from videos.jobs.running import reach, tasks
from videos.models import Heartbeat
from videos.models.heartbeats import REACH_DOOR

pytestmark = pytest.mark.django_db(transaction=True)


class Gate(BaseHTTPRequestHandler):
    """What stands before the studio. ``self.server.says``: pass, page, elsewhere or empty."""

    def do_GET(self) -> None:
        says = self.server.says
        answer = Client().get(self.path) if says == "pass" else None
        status = answer.status_code if answer else {"page": 200, "elsewhere": 302, "closed": 503}[says]
        self.send_response(status)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(answer.content if answer else b"<h1>Please sign in</h1>")
        self.server.asked.append(dict(self.headers))

    def log_message(self, *_: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def gate():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gate)
    server.says, server.asked = "pass", []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.trusted = frozenset({("127.0.0.1", server.server_port)})
    yield server
    server.shutdown()
    server.server_close()


def test_a_way_that_leads_back_here_works(gate, monkeypatch):
    """Over a real socket, through what stands before the studio, to a link that opens once."""
    opened = []
    monkeypatch.setattr(
        reach.vault, "mint", lambda mint=reach.vault.mint: opened.append(mint()) or opened[-1]
    )
    inside = {"answer": ""}

    def pass_on(self) -> None:  # the test's database is this thread's: the gate asks beforehand
        self.send_response(200)
        self.end_headers()
        self.wfile.write(inside["answer"])
        self.server.asked.append(dict(self.headers))

    monkeypatch.setattr(Gate, "do_GET", pass_on)
    beat = reach.heartbeat.beat

    def beat_and_look(name, **data):
        beat(name, **data)
        if name == REACH_DOOR:
            inside["answer"] = Client().get(f"/reach/{opened[0][0]}/").content

    monkeypatch.setattr(reach.heartbeat, "beat", beat_and_look)
    assert reach.knock(gate.url, gate.trusted) == ("works", 0)
    assert gate.asked[0]["authorization"] == "Bearer none"
    assert Client().get(f"/reach/{opened[0][0]}/").status_code == 404


@pytest.mark.parametrize(("says", "status"), [("page", 200), ("elsewhere", 302), ("closed", 503)])
def test_something_else_answers(gate, says, status):
    gate.says = says
    assert reach.knock(gate.url, gate.trusted) == ("other_answer", status)
    assert not Heartbeat.objects.filter(name=REACH_DOOR).exists()


def test_nothing_answers(gate):
    port = free_port()
    assert reach.knock(f"http://127.0.0.1:{port}", frozenset({("127.0.0.1", port)})) == ("no_answer", 0)


def test_a_name_that_nobody_knows():
    assert reach.knock("https://nobody-has-this-name.invalid") == ("no_name", 0)


def test_a_private_address_is_never_knocked_at(gate):
    assert reach.knock(gate.url) == ("private", 0)
    assert gate.asked == []


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("http://127.0.0.1:8000", "not_set"),
        ("http://localhost:8000", "not_set"),
        ("http://studio.example.com", "not_https"),
        ("https://10.0.0.8", "private"),
        ("https://studio.internal", "private"),
        ("https://studio", "private"),
        ("https://studio.example.com", ""),
    ],
)
def test_what_is_wrong_with_an_address_is_said_before_anybody_knocks(url, verdict):
    assert reach.address_fault(url) == verdict


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [("blocked:private", "private"), ("dns", "no_name"), ("tls", "tls"), ("timeout", "no_answer"), ("connect", "no_answer")],
)  # fmt: skip
def test_each_reason_why_it_was_not_sent(monkeypatch, reason, verdict):
    def send(*_given, **_more):
        raise reach.exchange.NotSent(reason)

    monkeypatch.setattr(reach.exchange, "send", send)
    assert reach.knock("https://studio.example.com") == (verdict, 0)


def test_the_worker_writes_down_what_it_found(settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert reach.request_try() and reach.last_result().verdict == "trying"
    assert not reach.request_try()  # a moment ago
    tasks.reach()
    assert (reach.last_result().verdict, reach.last_result().url) == ("not_set", "http://127.0.0.1:8000")
    settings.PUBLIC_URL = "https://studio.example.com"
    assert reach.last_result() is None  # that was another address


def test_a_try_that_no_worker_took_up_was_none():
    reach.request_try()
    Heartbeat.objects.filter(name=reach.NAME).update(at=reach.clock.now() - 2 * reach.NOBODY_TRIED_AFTER)
    assert reach.last_result().verdict == "nobody_tried"


@pytest.mark.parametrize("token", ["x", "a" * 43, "%2e%2e"])
def test_a_guessed_link_is_nowhere_and_uses_nothing_up(token):
    link_hash = hashlib.sha256(b"right").hexdigest()
    reach.heartbeat.beat(REACH_DOOR, link_hash=link_hash, answer="yes")
    assert Client().get(f"/reach/{token}/").status_code == 404
    assert Client().post("/reach/right/").status_code == 405
    assert Client().get("/reach/right/").content == b"yes"
    assert Client().get("/reach/right/").status_code == 404
