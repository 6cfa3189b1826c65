"""Several takes of one wish: their number and sum in the form, one card on the wall, and its poller."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budgets.given import a_budget, an_estimate
from tests.builders import a_job, a_key, an_output
from tests.pages.test_changes import ask
from tests.pages.test_create import ACEDATA, GALLERY, HTMX, PRESS, form, price, redraw
from videos.gallery.queries import PAGE
from videos.jobs.transitions import By, move
from videos.models import Draft, Job
from videos.states import Event, State

pytestmark = pytest.mark.django_db
SEEDED = {"model": ACEDATA, "was": ACEDATA}


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False, label="Studio account")


def a_stack(team, user, *states: State, group=None, **fields) -> list[Job]:
    """Takes as somebody pressed for them; those that succeeded have their film."""
    group = group or uuid.uuid4()
    jobs = [a_job(team, user, state=state, take_group=group, relation="take", **fields) for state in states]
    for job in jobs:
        if state_is_ready(job):
            an_output(job)
    return jobs


def state_is_ready(job: Job) -> bool:
    return job.state == State.SUCCEEDED


def cards(html: str) -> list[tuple[str, str]]:
    """(id, state) of every card, in order."""
    return re.findall(r'<article [^>]*class="card[^"]*" id="([^"]+)" data-state="(\w+)"', html)


def chosen(html: str) -> int:
    """How many takes the form stands on; it offers 1 to 12."""
    offered = re.findall(r'<option value="(\d+)"( selected)?>× \1</option>', html)
    assert [int(number) for number, _mark in offered] == list(range(1, 13))
    [one] = [int(number) for number, mark in offered if mark]
    return one


def stack_id(job: Job) -> str:
    return f"stack-{job.take_group.hex}"


# --- the form -----------------------------------------------------------------------


def test_the_button_says_how_many_and_their_sum(as_alice, key):
    html = redraw(as_alice, **form(takes="3"))
    assert price(html) == "84 credits, about $0.42" and "Generate 3" in html
    assert 'name="shown_price" value="84"' in html
    assert price(redraw(as_alice, **form(takes="1"))) == "28 credits, about $0.14"


def test_of_a_vendor_without_prices_it_says_that_all_are_unknown(as_alice, team):
    a_key(team, vendor="acedata", rehearsal=False)
    assert price(redraw(as_alice, **SEEDED, takes="3")) == "3 takes, cost unknown until done"
    an_estimate(team, ACEDATA, "10")
    assert price(redraw(as_alice, **SEEDED, takes="3")) == "30 credits (your estimate)"


@pytest.mark.parametrize("number", ["0", "13", "-1", "three", "9" * 5000])
def test_a_number_that_is_none_is_said_and_loses_nothing(as_alice, key, number):
    answer = as_alice.post(PRESS, form(takes=number), headers=HTMX)
    assert answer.status_code == 422 and not Job.objects.exists()
    assert "choose 1 to 12" in answer.content.decode() and "A lighthouse at dusk" in answer.content.decode()


def test_seeds_stand_in_plain_view_before_they_are_paid(as_alice, team):
    a_key(team, vendor="acedata", rehearsal=False)
    typed = redraw(as_alice, **SEEDED, takes="3", **{"option.seed": "7"})
    assert "Seeds 7, 8, 9: one for each take, counted up from yours." in typed
    assert "a seed of its own" in redraw(as_alice, **SEEDED, takes="3")
    assert "seed of its own" not in redraw(as_alice, **SEEDED, takes="1")


def test_three_takes_are_three_jobs_one_card_and_an_empty_form(as_alice, key):
    answer = as_alice.post(PRESS, form(takes="3"), headers=HTMX)
    jobs = Job.objects.order_by("pk")
    assert [(job.relation, job.estimate) for job in jobs] == [("take", 28)] * 3
    html = answer.content.decode()
    assert cards(html) == [(stack_id(jobs[0]), "queued")] and "0 of 3 ready" in html
    assert all(f"{job.public_id.hex}.0p0" in html for job in jobs), "the poller watches each of them"
    assert chosen(html) == 1
    as_alice.post(PRESS, form(takes="3"), headers=HTMX)
    assert Job.objects.count() == 3, "one rendering of the form"


def test_takes_of_a_model_with_seeds_have_different_ones_and_keep_them(as_alice, team):
    a_key(team, vendor="acedata", rehearsal=False)
    as_alice.post(PRESS, form(**SEEDED, takes="4", shown_price="x4"))
    seeds = [job.options["seed"] for job in Job.objects.order_by("pk")]
    assert len(set(seeds)) == 4 and all(0 <= seed < 2**31 for seed in seeds)
    as_alice.post(PRESS, form(**SEEDED, takes="2", client_token="b", **{"option.seed": "4294967295"}))
    assert [job.options["seed"] for job in Job.objects.order_by("pk")[4:]] == [4294967295, 0]


def test_a_sum_that_nobody_saw_is_not_bought(as_alice, team, key):
    answer = as_alice.post(PRESS, form(takes="3", shown_price="28"), headers=HTMX)
    assert answer.status_code == 422 and "it is 84 credits" in answer.content.decode()
    a_key(team, vendor="acedata", rehearsal=False)
    unknown = as_alice.post(PRESS, form(**SEEDED, takes="3", shown_price=""), headers=HTMX)
    assert unknown.status_code == 422 and not Job.objects.exists()


def test_a_budget_that_holds_two_refuses_three_and_makes_none(as_alice, team, key):
    a_budget(team, "60", "credits", "seedanceapi-org")
    answer = as_alice.post(PRESS, form(takes="3"), headers=HTMX)
    assert answer.status_code == 422 and not Job.objects.exists()
    assert "this would be 84 credits more" in answer.content.decode()
    assert as_alice.post(PRESS, form(takes="2"), headers=HTMX).status_code == 200


def test_the_number_is_part_of_the_draft_and_not_of_the_next_form(as_alice, key):
    as_alice.post("/t/northlight/draft/", form(takes="5"))
    assert Draft.objects.get().content["takes"] == 5
    assert chosen(as_alice.get(GALLERY).content.decode()) == 5
    as_alice.post(PRESS, form(takes="5"))
    assert chosen(as_alice.get(GALLERY).content.decode()) == 1


# --- the wall -----------------------------------------------------------------------


def test_a_stack_is_one_card_whose_price_comes_first(as_bob, team, alice, key):
    jobs = a_stack(team, alice, *[State.SUCCEEDED] * 2, State.RUNNING, estimate=28, unit="credits", key=key)
    html = as_bob.get(GALLERY).content.decode()
    assert cards(html) == [(stack_id(jobs[0]), "ready")]
    card = re.search(r"<article .*?</article>", html, re.DOTALL)[0]
    assert "<b>84 credits</b>" in card and "2 of 3 ready" in card and "×3" in card
    assert card.index("84 credits") < card.index("A lighthouse at dusk</a>")
    assert f"/clips/{jobs[1].public_id}/files/0/" in card, "its face is the newest that is ready"


def test_the_face_is_the_take_that_was_picked(as_bob, team, alice, key):
    jobs = a_stack(team, alice, *[State.SUCCEEDED] * 3, key=key)
    Job.objects.filter(pk=jobs[0].pk).update(keeper=True)
    html = as_bob.get(GALLERY).content.decode()
    assert f"/clips/{jobs[0].public_id}/files/0/" in html and "picked" in html and "3 takes" in html


@pytest.mark.parametrize(
    ("states", "walls"),
    [
        ((State.RUNNING, State.FAILED), {"": "making", "?show=making": "making", "?show=failed": "making"}),
        ((State.SUCCEEDED, State.FAILED), {"": "ready", "?show=making": None, "?show=failed": "ready"}),
        ((State.FAILED, State.CANCELED), {"": None, "?show=failed": "failed"}),
        ((State.QUEUED, State.UNKNOWN), {"": "queued", "?show=mine": "queued"}),
    ],
)
def test_a_filter_finds_a_stack_once_if_it_finds_a_take_of_it(as_alice, team, alice, key, states, walls):
    jobs = a_stack(team, alice, *states, key=key)
    for query, state in walls.items():
        expected = [(stack_id(jobs[0]), state)] if state else []
        assert cards(as_alice.get(GALLERY + query).content.decode()) == expected, query


def test_pages_count_a_stack_as_one_and_skip_nothing(as_alice, team, alice, key):
    """A stack stands where its newest take stands, and never twice, also across pages."""
    groups = [uuid.uuid4() for _ in range(3)]
    shown = []
    for number in range(PAGE + 6):
        if number % 6 == 0:
            for _take in range(3):
                a_stack(team, alice, State.SUCCEEDED, group=groups[(number // 6) % 3], key=key)
        job = a_job(team, alice, f"shot {number}", key=key)
        an_output(job)
        shown.append(f"job-{job.public_id.hex}")
    first = as_alice.get(GALLERY).content.decode()
    older = re.search(r'grid__older" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = as_alice.get(GALLERY + older).content.decode()
    ids = [found for found, _state in [*cards(first), *cards(second)]]
    assert len(cards(first)) == PAGE and len(ids) == len(set(ids)) == PAGE + 6 + 3
    assert [found for found in ids if found.startswith("job-")] == shown[::-1]


def test_as_many_questions_for_twenty_stacks_as_for_one(as_alice, team, alice, key):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_alice.get(GALLERY)
        return len(queries)

    a_stack(team, alice, State.SUCCEEDED, State.RUNNING, key=key)
    asked()
    few = asked()
    for _ in range(19):
        a_stack(team, alice, *[State.SUCCEEDED] * 4, State.RUNNING, key=key)
    assert asked() == few


@pytest.mark.both_databases
def test_the_database_finds_the_newest_of_a_stack_by_its_own_index(team, alice, key):
    from django.db.models import Q

    from videos import access
    from videos.models import Membership

    member = Membership.objects.get(user=alice)
    rows = access.one_of_each_stack(access.clips_for(member), Q(state="succeeded")).order_by("-pk")
    if connection.vendor == "sqlite":
        assert "job_by_stack" in rows.explain()
    assert list(rows) == []


# --- the poller -----------------------------------------------------------------------


def made(job: Job) -> Job:
    move(job, Event.MADE, By(worker="w"))
    an_output(job)
    move(job, Event.STORED, By(worker="w"))
    return job


def test_the_first_that_is_ready_becomes_the_face(as_alice, team, alice, key):
    jobs = a_stack(team, alice, *[State.RUNNING] * 3, key=key)
    before = [Job.objects.get(pk=job.pk) for job in jobs]
    made(jobs[1])
    html = ask(as_alice, *before).content.decode()
    assert cards(html) == [(stack_id(jobs[0]), "ready")] and "<video" in html
    assert f'hx-swap-oob="true" class="card card--stack" id="{stack_id(jobs[0])}"' in html
    assert "job-" not in html.replace("job-day", "") and "1 of 3 ready" in html


def test_a_film_that_somebody_watches_goes_on(as_alice, team, alice, key):
    """Where the page shows a film of the stack already, only the line below it is replaced."""
    jobs = a_stack(team, alice, State.SUCCEEDED, State.RUNNING, State.RUNNING, key=key)
    before = [Job.objects.get(pk=job.pk) for job in jobs[1:]]
    made(jobs[2])
    html = ask(as_alice, *before).content.decode()
    assert cards(html) == [] and "<video" not in html
    assert f'id="{stack_id(jobs[0])}-line" hx-swap-oob="true"' in html and "2 of 3 ready" in html


def test_a_page_with_a_stack_is_told_in_three_questions_that_nothing_changed(as_alice, team, alice, key):
    jobs = a_stack(team, alice, *[State.RUNNING] * 12, key=key)
    with CaptureQueriesContext(connection) as queries:
        assert ask(as_alice, *jobs).status_code == 204
    assert len(queries) <= 3
