"""A nudge that does not leave costs seconds, never a press."""

import pytest

from tests.attacks.house import PRESSED
from tests.builders import a_key
from videos.jobs import queue
from videos.models import Job


@pytest.mark.django_db(transaction=True)
def test_a_press_whose_nudge_does_not_leave_is_a_press_all_the_same(as_alice, team, settings, monkeypatch):
    """On a queue that is not in the database a nudge leaves after the commit; the ticker repeats it."""

    def broken(*args, **kwargs):
        raise ConnectionError("the queue is away")

    a_key(team)
    settings.Q_CLUSTER = {name: value for name, value in settings.Q_CLUSTER.items() if name != "orm"}
    monkeypatch.setattr(queue, "async_task", broken)
    answer = as_alice.post("/t/northlight/generations/", PRESSED | {"client_token": "one"})
    assert (answer.status_code, Job.objects.count()) == (303, 1)
