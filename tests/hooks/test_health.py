"""What a machine that watches us is told."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from videos import heartbeat
from videos.models import Heartbeat, heartbeats
from videos.models.clock import later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listening_for_long(monkeypatch):
    """A process that has just started gives everybody a moment; this one has not."""
    monkeypatch.setattr(heartbeats, "STARTED", later(-3600))


def test_alive_needs_nobody():
    answer = Client().get("/healthz/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_while_somebody_sends_and_fetches():
    heartbeat.beat(heartbeats.TICKER)
    heartbeat.beat(heartbeats.CANARY)
    assert Client().get("/healthz/ready").status_code == 200


@pytest.mark.parametrize("silent", [heartbeats.TICKER, heartbeats.CANARY])
def test_not_ready_when_either_is_silent(silent):
    heartbeat.beat(heartbeats.TICKER)
    heartbeat.beat(heartbeats.CANARY)
    Heartbeat.objects.filter(name=silent).update(at=later(-300))
    answer = Client().get("/healthz/ready")
    assert (answer.status_code, answer.content) == (503, b"worker\n")


def test_not_ready_without_a_database():
    def away(execute, sql, params, many, context):
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        answer = Client().get("/healthz/ready")
    assert (answer.status_code, answer.content) == (503, b"database\n")


def test_nothing_inside_is_told():
    """A49: a word per missing part, and neither versions nor paths nor counts."""
    for path in ("/healthz/live", "/healthz/ready"):
        assert set(Client().get(path).content.decode().split()) <= {"ok", "worker", "database"}
