"""The wall: what is on it, page by page, in how many questions to the database."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import a_job, a_key, a_project, an_output
from tests.pages import door
from tests.people import signed_in
from videos import live
from videos.gallery.queries import PAGE
from videos.models import Job
from videos.models.clock import now
from videos.states import State

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GALLERY, OLDER = "/t/northlight/", "/t/northlight/older/"


def ready(team, user, text="A lighthouse at dusk", **fields):
    job = a_job(team, user, text, **fields)
    an_output(job)
    return job


def states(html: str) -> list[str]:
    return re.findall(r'<article class="card"[^>]*data-state="(\w+)"', html)


def page(client, query="", **more) -> str:
    return client.get(GALLERY + query, **more).content.decode()


def test_the_door(team, charlie):
    door.check("gallery", ["northlight"], stranger=charlie, post=False)


def test_a_card_holds_its_prompt_its_poster_and_a_film_that_waits(as_bob, team, alice):
    job = ready(team, alice, "A <b>lighthouse</b> at dusk")
    html = page(as_bob)
    card = re.search(r'<article class="card".*?</article>', html, re.DOTALL)[0]
    assert f'id="job-{job.public_id.hex}"' in card and "A &lt;b&gt;lighthouse&lt;/b&gt; at dusk" in card
    assert f'src="{reverse("clip_poster", args=["northlight", job.public_id, 0])}"' in card
    assert 'preload="none" muted loop playsinline' in card and "Alice" in card and "0:05" in card


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ({"kind": "no_output", "errors": 10}, "gives no file"),
        ({"errors": 3}, "does not answer just now"),
        ({"word": "CONTEMPLATING"}, "The vendor says: CONTEMPLATING"),
        ({}, "usually"),
    ],
)
@pytest.mark.parametrize("group", [None, uuid.uuid4()], ids=["a clip", "a stack"])
def test_f37_news_of_what_is_being_made_comes_before_how_long_that_takes(
    as_alice, team, alice, stands, said, group
):
    a_job(team, alice, state=State.RUNNING, usual_low=60, usual_high=120, take_group=group, **stands)
    if group:
        a_job(team, alice, state=State.FAILED, take_group=group)
    assert said in page(as_alice)


def test_usable_by_default_and_trouble_one_press_away(as_alice, team, alice):
    for state in (State.SUCCEEDED, State.RUNNING, State.UNKNOWN, State.FAILED, State.CANCELED, State.LOST):
        ready(team, alice, state=state)
    assert states(page(as_alice)) == ["unknown", "making", "ready"]
    assert states(page(as_alice, "?show=failed")) == ["lost", "canceled", "failed"]
    assert states(page(as_alice, "?show=making")) == ["unknown", "making"]


def test_filters_by_person_project_and_rehearsal(as_alice, team, alice, bob):
    real = a_key(team, rehearsal=False, label="paid")
    harbour = a_project(team)
    ready(team, alice, "mine", key=a_key(team, secret="sk-other-000000001111"))
    ready(team, bob, "theirs", project=harbour, key=real)
    assert "theirs" not in page(as_alice, "?show=mine") and "mine" in page(as_alice, "?show=mine")
    assert states(page(as_alice, f"?project={harbour.pk}")) == ["ready"]
    rehearsed = page(as_alice, "?show=rehearsal")
    assert states(rehearsed) == ["ready"] and ">Rehearsal</span>" in rehearsed


@pytest.mark.parametrize("query", ["?show=everything", "?project=999999", "?project=x", "?before=nonsense"])
def test_a_filter_that_is_nobodys_is_not_found(as_alice, query):
    assert as_alice.get(GALLERY + query).status_code == 404


def test_the_trash_is_not_on_the_wall(as_alice, team, alice):
    ready(team, alice, trashed_at=now())
    assert states(page(as_alice)) == []


def test_older_ones_by_a_link_that_works_alone(as_alice, team, alice):
    key = a_key(team)
    for number in range(PAGE + 3):
        ready(team, alice, f"shot {number:03d}", key=key)
    first = page(as_alice)
    assert states(first) == ["ready"] * PAGE
    link = re.search(r'grid__older" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = page(as_alice, link)
    assert [f"shot {n:03d}" in second for n in (2, 1, 0, 3)] == [True, True, True, False]
    assert "<html" in second and "grid__older" not in second
    fragment = as_alice.post(OLDER + link, headers=HTMX).content.decode()
    assert states(fragment) == ["ready"] * 3 and "<html" not in fragment


def test_a_wall_of_more_cards_than_an_address_can_name_watches_each_of_them(as_alice, team, alice):
    """Some 104 stood in the address of a poll that a server still takes."""
    key, watched = a_key(team), ""
    for number in range(PAGE * 3):
        a_job(team, alice, f"shot {number:03d}", key=key, state=State.RUNNING)
    html = page(as_alice)
    while True:
        watched = re.search(r'name="watch" value="([^"]*)"', html)[1]
        older = re.search(r'hx-post="(/t/northlight/older/[^"]+)"', html)
        if not older:
            break
        html = as_alice.post(older[1].replace("&amp;", "&"), {"watch": watched}).content.decode()
    assert len(live.read(watched)) == PAGE * 3
    changes = reverse("changes", args=["northlight"])
    assert as_alice.post(changes, {"watch": watched}).status_code == 204
    oldest = Job.objects.order_by("pk").first()
    Job.objects.filter(pk=oldest.pk).update(percent=40)
    assert f'id="job-{oldest.public_id.hex}"' in as_alice.post(changes, {"watch": watched}).content.decode()


@pytest.mark.parametrize(
    ("query", "made", "words"),
    [
        ("", 0, "The first shot is yours"),
        ("?show=failed", 1, "Nothing went wrong"),
        ("?show=making", 1, "Nothing is being made right now"),
        ("?show=rehearsal", 1, "Nothing matches this filter"),
    ],
)
def test_each_emptiness_says_what_it_is(as_alice, team, alice, query, made, words):
    for _ in range(made):
        ready(team, alice, key=a_key(team, rehearsal=False))
    assert words in page(as_alice, query)


def test_as_many_questions_for_forty_cards_as_for_two(as_alice, team, alice):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(as_alice)
        return len(queries)

    key = a_key(team)
    for number in range(2):
        ready(team, alice, f"shot {number}", key=key)
    page(as_alice)
    few = asked()
    for number in range(40):
        ready(team, alice, f"more {number}", key=key)
    assert asked() == few


def test_nothing_pending_no_poller(as_alice, team, alice):
    ready(team, alice)
    html = page(as_alice)
    assert 'id="poll"' in html and "every " not in html and 'http-equiv="refresh"' not in html


def test_what_is_pending_is_watched_and_counted_in_the_title(as_alice, team, alice, bob):
    mine = a_job(team, alice, state=State.RUNNING)
    a_job(team, bob, state=State.QUEUED)
    html = page(as_alice)
    assert "every 3s" in html and f"{mine.public_id.hex}.0p0" in html
    assert "<title>(1) Gallery" in html


def test_without_script_a_page_renews_itself_only_where_nothing_is_typed(as_alice, team, alice, bob):
    """A maker has a button that looks and keeps the words; a viewer has no form to lose."""
    a_job(team, alice, state=State.RUNNING)
    html = page(as_alice)
    assert 'http-equiv="refresh"' not in html and "Look again" in html
    team.memberships.filter(user=bob).update(role="viewer")
    html = page(signed_in(bob))
    assert '<noscript><meta http-equiv="refresh"' in html and "Look again" not in html


def test_what_only_a_person_can_settle_is_asked_about_slowly(as_alice, team, alice):
    a_job(team, alice, state=State.UNKNOWN)
    assert "every 30s" in page(as_alice)


def test_elapsed_time_counts_from_the_servers_moment(as_alice, team, alice):
    a_job(
        team,
        alice,
        state=State.RUNNING,
        created_at=now() - timedelta(seconds=75),
        sent_at=now() - timedelta(seconds=65),
    )
    assert re.search(r"data-since>1:0[5-7]<", page(as_alice))


def test_density_is_remembered(as_alice):
    assert 'data-density="m"' in page(as_alice)
    assert 'data-density="l"' in page(as_alice, "?density=l")
    assert 'data-density="l"' in page(as_alice)


def test_a_viewer_sees_the_wall_and_no_button_that_spends(team, alice, bob):
    team.memberships.filter(user=bob).update(role="viewer")
    a_job(team, alice, state=State.FAILED, kind="failed")
    a_job(team, alice, state=State.QUEUED)
    client = signed_in(bob)
    failed, wall = page(client, "?show=failed"), page(client)
    assert (
        not re.search(r">\s*Try again\s*<", failed) and "Cancel" not in wall and 'id="composer"' not in wall
    )
    assert re.search(r">\s*Try again\s*<", page(signed_in(alice), "?show=failed"))


def test_a_remembered_card_speaks_each_readers_language_and_role(as_alice, as_bob, team, alice, bob):
    job = a_job(team, alice, state=State.FAILED, kind="failed")
    first = page(as_alice, "?show=failed")
    team.memberships.filter(user=bob).update(role="viewer")
    second = page(as_bob, "?show=failed")
    again = reverse("clip_retry", args=["northlight", job.public_id])
    assert again in first and again not in second


def test_no_style_attribute_and_no_inline_script(as_alice, team, alice):
    ready(team, alice)
    a_job(team, alice, state=State.DOWNLOADING)
    html = page(as_alice)
    assert " style=" not in html and "hx-on" not in html and not re.search(r"<script(?![^>]* src=)", html)
