"""The one poller of a page: silence while nothing changes, and then only what changed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import a_job, an_output
from tests.pages import door
from videos import live
from videos.jobs.transitions import By, move
from videos.states import Event, State

pytestmark = pytest.mark.django_db
CHANGES = "/t/northlight/changes/"


def pair(job) -> str:
    return f"{job.public_id.hex}.{live.mark(job.version, job.percent)}"


def ask(client, *jobs):
    return client.post(CHANGES, {"watch": ",".join(map(pair, jobs))}, headers={"HX-Request": "true"})


def test_the_door(team, charlie):
    door.check("changes", ["northlight"], stranger=charlie, post=True)


def test_nothing_changed_is_said_in_three_questions(as_alice, team, alice):
    jobs = [a_job(team, alice, state=State.RUNNING) for _ in range(12)]
    with CaptureQueriesContext(connection) as queries:
        answer = ask(as_alice, *jobs)
    assert answer.status_code == 204 and not answer.content
    assert len(queries) <= 3


def test_only_the_changed_card_comes_and_the_others_stay_watched(as_alice, team, alice):
    still, moved = (a_job(team, alice, state=State.QUEUED) for _ in range(2))
    before = (still, type(moved).objects.get(pk=moved.pk))
    move(moved, Event.CANCEL, By(actor=alice))
    html = ask(as_alice, *before).content.decode()
    assert re.findall(r'hx-swap-oob="true" class="card" id="job-(\w+)"', html) == [moved.public_id.hex]
    assert f'value="{pair(still)}"' in html and "every 3s" in html
    assert "<title>(1) Gallery" in html


def test_when_the_last_one_is_ready_the_poller_stops_and_it_is_announced(as_alice, team, alice):
    job = a_job(team, alice, "A lighthouse", state=State.RUNNING)
    before = type(job).objects.get(pk=job.pk)
    move(job, Event.MADE, By(worker="w"))
    an_output(job)
    move(job, Event.STORED, By(worker="w"))
    html = ask(as_alice, before).content.decode()
    assert 'data-state="ready"' in html and "<video" in html
    assert "hx-trigger" not in html.partition('id="poll"')[2].partition("</div>")[0]
    assert 'id="live"' in html and "Ready: A lighthouse" in html


def test_a_percentage_is_a_change_too(as_alice, team, alice):
    job = a_job(team, alice, state=State.RUNNING)
    before = type(job).objects.get(pk=job.pk)
    type(job).objects.filter(pk=job.pk).update(percent=40)
    html = ask(as_alice, before).content.decode()
    assert '<progress max="100" value="40">' in html


def test_a_card_that_went_to_the_trash_leaves(as_alice, team, alice):
    gone, stays = (a_job(team, alice, state=State.RUNNING) for _ in range(2))
    before = (type(gone).objects.get(pk=gone.pk), stays)
    as_alice.post(f"/t/northlight/clips/{gone.public_id}/trash/")
    html = ask(as_alice, *before).content.decode()
    assert f'<div id="job-{gone.public_id.hex}" hx-swap-oob="delete">' in html


@pytest.mark.parametrize("watch", ["", "nonsense", "x" * 32 + ".1p0", "0" * 32 + ".1p0"])
def test_a_page_that_watches_nothing_real_gets_a_poller_that_rests(as_alice, watch):
    answer = as_alice.post(CHANGES, {"watch": watch}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "every " not in answer.content.decode()


def test_another_teams_job_is_never_shown(as_charlie, team, alice):
    job = a_job(team, alice, "A secret lighthouse", state=State.RUNNING)
    answer = as_charlie.post("/t/elsewhere/changes/", {"watch": f"{job.public_id.hex}.9p0"})
    assert "secret" not in answer.content.decode() and "data-state" not in answer.content.decode()


def test_an_answer_that_draws_other_cards_forgets_no_change(as_alice, team, alice):
    """Two presses within one beat of the poller: what the first became must still be asked for."""
    first, failed = a_job(team, alice, state=State.QUEUED), a_job(team, alice, state=State.FAILED)
    shown = pair(first)
    move(first, Event.CANCEL, By(actor=alice))
    pressed = {"watch": shown, "client_token": "once"}
    url = reverse("clip_retry", args=["northlight", failed.public_id])
    html = as_alice.post(url, pressed, headers={"HX-Request": "true"}).content.decode()
    assert shown in html.partition('id="poll"')[2]
