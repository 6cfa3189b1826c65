"""What came home when nobody waited for it any more is said on the wall, until it was seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import a_job, an_output
from tests.pages import door
from videos.gallery.replies import LATE_NAMED_MOST
from videos.models.clock import now

pytestmark = pytest.mark.django_db
WALL, SEEN = "/t/northlight/", "/t/northlight/late/"
NEWS = "It came after all"


def came_late(team, user, text="A lighthouse", **fields):
    job = a_job(team, user, text, came_late_at=now(), **fields)
    an_output(job)
    return job


def test_the_door(team, charlie):
    door.check("late", ["northlight"], stranger=charlie, post=True)


def test_whoever_pressed_is_told_and_nobody_else(as_bob, as_alice, team, bob):
    job = came_late(team, bob)
    page = as_bob.get(WALL).content.decode()
    assert NEWS in page
    assert reverse("clip", args=["northlight", job.public_id]) in page
    assert NEWS not in as_alice.get(WALL).content.decode()


def test_what_was_thrown_away_is_no_news(as_bob, team, bob):
    came_late(team, bob, trashed_at=now())
    assert NEWS not in as_bob.get(WALL).content.decode()


def test_seen_is_seen_with_and_without_script(as_bob, team, bob):
    first = came_late(team, bob)
    reply = as_bob.post(SEEN, headers={"HX-Request": "true"})
    assert (reply.status_code, reply.content) == (200, b"")
    assert NEWS not in as_bob.get(WALL).content.decode()
    came_late(team, bob)
    assert as_bob.post(SEEN).url == WALL
    first.refresh_from_db()
    assert first.came_late_at is None


def test_nobody_sees_for_somebody_else(as_alice, team, bob):
    job = came_late(team, bob)
    as_alice.post(SEEN)
    job.refresh_from_db()
    assert job.came_late_at is not None


def queries(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(WALL)
    return len(asked)


def test_many_are_named_in_part_for_as_many_queries_as_one(as_bob, team, bob):
    came_late(team, bob)
    one = queries(as_bob)
    for number in range(LATE_NAMED_MOST + 3):
        came_late(team, bob, f"Shot {number}")
    assert queries(as_bob) == one
    assert len(as_bob.get(WALL).context["late"]) == LATE_NAMED_MOST
