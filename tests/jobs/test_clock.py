"""F23: everybody's time is the database's, whatever happens to the clock of one host."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from videos.models import clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STEP = timedelta(minutes=10)


@pytest.mark.parametrize("step", [STEP, -STEP])
def test_f23_a_step_of_a_hosts_clock_moves_nobodys_leases(monkeypatch, step):
    """Between two readings of PostgreSQL's time, too. SQLite's clock is the machine's own."""
    honest, before = timezone.now, clock.now()
    monkeypatch.setattr(timezone, "now", lambda: honest() + step)
    moved = step if connection.vendor == "sqlite" else timedelta(0)
    assert abs(clock.now() - before - moved) < timedelta(seconds=5)


def test_f23_it_goes_on_between_two_readings(monkeypatch):
    before, steady = clock.now(), clock.time.monotonic
    first = clock.now()
    assert before <= first
    if connection.vendor == "postgresql":
        monkeypatch.setattr(clock.time, "monotonic", lambda: steady() + 30)
        assert timedelta(seconds=29) < clock.now() - first < timedelta(seconds=35)
        monkeypatch.setattr(clock.time, "monotonic", lambda: steady() + 90)  # asked anew by now
        assert clock.now() - first < timedelta(seconds=5)
        clock._answer = None
