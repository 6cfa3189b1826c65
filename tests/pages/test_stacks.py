"""The page of a stack: its takes side by side, the one that is picked, and the step to full size."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import a_key
from tests.pages import door
from tests.pages.test_takes import a_stack, made
from tests.people import join, person, signed_in
from videos import live
from videos.models import Event, Job, Role
from videos.states import Money, State

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DRAFT = {"seconds": 8, "aspect_ratio": "16:9", "resolution": "480p", "audio": False}
SEEDED = "acedata/doubao-seedance-1-5-pro-251215"


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False, label="Studio account")


@pytest.fixture
def drafts(team, alice, key):
    return a_stack(
        team, alice, *[State.SUCCEEDED] * 3, key=key, options=DRAFT, estimate=14, unit="credits",
        charge=14, money=Money.CHARGED,
    )  # fmt: skip


def url(job: Job, name: str = "stack") -> str:
    return reverse(name, args=["northlight", job.take_group])


def page(client, job: Job) -> str:
    return client.get(url(job)).content.decode()


@pytest.mark.parametrize(("name", "post"), [("stack", False), ("stack_keeper", True), ("stack_full", True)])
def test_the_door(team, charlie, name, post):
    door.check(name, ["northlight", uuid.uuid4()], stranger=charlie, post=post)


def test_a_stack_that_is_nobodys_is_not_found(as_alice, drafts):
    assert as_alice.get(reverse("stack", args=["northlight", uuid.uuid4()])).status_code == 404


def test_all_takes_side_by_side_with_their_price_and_seed(as_bob, team, alice, key):
    jobs = a_stack(team, alice, State.SUCCEEDED, State.RUNNING, State.FAILED, key=key, options={"seed": 7})
    html = page(as_bob, jobs[0])
    assert re.findall(r'class="take" id="take-(\w+)" data-state="(\w+)"', html) == [
        (job.public_id.hex, state) for job, state in zip(jobs, ["ready", "making", "failed"], strict=True)
    ]
    assert html.count("data-together") == 1 and "autoplay" not in html
    assert html.count("Seed 7") == 3 and "1 of 3 ready" in html


def test_as_many_questions_for_twelve_takes_as_for_two(as_alice, team, alice, key):
    def asked(n: int) -> int:
        jobs = a_stack(team, alice, *[State.SUCCEEDED] * n, key=key)
        page(as_alice, jobs[0])
        with CaptureQueriesContext(connection) as queries:
            page(as_alice, jobs[0])
        return len(queries)

    assert asked(12) == asked(2)


# --- picking ------------------------------------------------------------------------


def pick(client, job: Job, **fields):
    return client.post(url(job, "stack_keeper"), fields or {"take": job.public_id.hex})


def kept() -> list[int]:
    return list(Job.objects.filter(keeper=True).values_list("pk", flat=True))


def test_one_take_is_picked_and_it_says_by_whom(as_bob, as_alice, drafts):
    assert pick(as_bob, drafts[1]).url == url(drafts[1])
    assert kept() == [drafts[1].pk]
    assert "Picked by Bob" in page(as_alice, drafts[0])
    assert Event.objects.get(verb="take.kept").job == drafts[1]


def test_another_can_be_picked_and_none_too(as_bob, drafts):
    pick(as_bob, drafts[1])
    pick(as_bob, drafts[0])
    assert kept() == [drafts[0].pk]
    pick(as_bob, drafts[0])
    assert Event.objects.filter(verb="take.kept").count() == 2, "the same twice is once"
    pick(as_bob, drafts[0], none=drafts[0].public_id.hex)
    assert kept() == [] and Event.objects.filter(verb="take.let_go").count() == 2


def test_what_is_no_ready_take_of_this_stack_is_not_picked(as_bob, team, alice, key, drafts):
    other = a_stack(team, alice, State.RUNNING, State.SUCCEEDED, key=key)
    assert pick(as_bob, drafts[0], take=other[1].public_id.hex).status_code == 404
    assert pick(as_bob, drafts[0], take="").status_code == 404
    answer = as_bob.post(url(other[0], "stack_keeper"), {"take": other[0].public_id.hex}, follow=True)
    assert "Only a take that is ready" in answer.content.decode()
    assert kept() == []


def test_who_only_looks_picks_nothing(team, drafts):
    viewer = person("Viewer")
    join(team, viewer, Role.VIEWER)
    client = signed_in(viewer)
    assert pick(client, drafts[0]).status_code == 403 and kept() == []
    assert "Pick this one" not in page(client, drafts[0])


# --- live ---------------------------------------------------------------------------


def asked(client, *jobs):
    watch = ",".join(f"{job.public_id.hex}.{live.mark(job.version, job.percent)}" for job in jobs)
    return client.post(url(jobs[0], "stack_changes"), {"watch": watch}, headers=HTMX)


def test_only_the_take_that_changed_is_drawn_anew(as_alice, team, alice, key):
    jobs = a_stack(team, alice, State.SUCCEEDED, State.RUNNING, State.RUNNING, key=key)
    before = [Job.objects.get(pk=job.pk) for job in jobs[1:]]
    assert asked(as_alice, *before).status_code == 204
    made(jobs[1])
    html = asked(as_alice, *before).content.decode()
    assert re.findall(r'id="take-(\w+)"', html) == [jobs[1].public_id.hex]
    assert "2 of 3 ready" in html and "every 3s" in html and "<html" not in html


# --- the ladder -----------------------------------------------------------------------


def full(client, job: Job, **fields):
    named = {"take": job.public_id.hex, "size": "resolution:720p", "client_token": "one-page"}
    return client.post(url(job, "stack_full"), named | fields)


def test_the_step_to_full_size_has_its_price_on_its_button(as_bob, drafts):
    assert "Make it at" not in page(as_bob, drafts[0]), "first one is picked"
    pick(as_bob, drafts[1])
    html = page(as_bob, drafts[0])
    assert "Make it at 720p · 28 credits, about $0.14" in html
    assert "Its seed is not known" in html, "this vendor has no seeds"


def test_only_that_one_is_made_larger_with_the_same_words(as_bob, drafts):
    pick(as_bob, drafts[1])
    answer = full(as_bob, drafts[1])
    made = Job.objects.get(relation="full")
    assert answer.url == reverse("clip", args=["northlight", made.public_id])
    assert made.options["resolution"] == "720p" and made.options["seconds"] == 8
    assert (made.parent, made.prompt, made.take_group, made.estimate) == (
        drafts[1],
        drafts[1].prompt,
        None,
        28,
    )
    full(as_bob, drafts[1])
    assert Job.objects.filter(relation="full").count() == 1, "one rendering of the page"
    assert "Made at full size" in page(as_bob, drafts[0])


def test_with_a_seed_it_is_the_same_film_and_says_so(as_bob, team, alice):
    key = a_key(team, vendor="acedata", rehearsal=False)
    jobs = a_stack(
        team, alice, *[State.SUCCEEDED] * 2, key=key, model=SEEDED, options={"resolution": "480p", "seed": 7}
    )
    pick(as_bob, jobs[0])
    html = page(as_bob, jobs[0])
    assert "with the same words, pictures and seed" in html
    assert "Make it at 720p · unknown until done" in html and "Make it at 1080p" in html
    full(as_bob, jobs[0], size="resolution:1080p")
    assert Job.objects.get(relation="full").options["seed"] == 7
    assert "Saved so far" not in page(as_bob, jobs[0]), "nobody published a price"


def test_saved_so_far_is_a_sum_of_published_prices(as_bob, drafts):
    """Three at full size would be 84; 42 were paid for the drafts and 28 for the one."""
    pick(as_bob, drafts[1])
    full(as_bob, drafts[1])
    assert "Saved so far" not in page(as_bob, drafts[0]), "it is not made yet"
    Job.objects.filter(relation="full").update(state=State.SUCCEEDED, charge=28, money=Money.CHARGED)
    assert "Saved so far: 14 credits" in page(as_bob, drafts[0])


def test_a_size_that_cannot_be_had_sends_nothing(as_bob, drafts):
    for size in ("resolution:8K", "resolution:480p", "audio:True", ""):
        answer = full(as_bob, drafts[0], size=size)
        assert answer.url == url(drafts[0])
    assert not Job.objects.filter(relation="full").exists()


def test_a_refusal_says_why_on_the_page(as_bob, drafts, key):
    type(key).objects.filter(pk=key.pk).update(state="paused")
    pick(as_bob, drafts[1])
    assert "is paused" in page(as_bob, drafts[1])
    full(as_bob, drafts[1])
    assert not Job.objects.filter(relation="full").exists()
