"""What a colleague sees of a key that is somebody's own, and who sees amounts at all: on every page
that tells of a generation the same as on the usage page."""

import re

import pytest
from django.urls import reverse

from tests.builders import a_key
from tests.pages.test_takes import a_stack
from tests.people import join, person, signed_in
from videos.models import Job, Role
from videos.states import Money, State

pytestmark = pytest.mark.django_db
LABEL, AMOUNT = "Secret side job", re.compile(r"\d credits|\$\d")


@pytest.fixture
def bobs(team, bob):
    """Four takes under a key of Bob's own: one made, two that came to nothing, one without an answer."""
    key = a_key(team, secret="sk-bobs-own-k9z3", rehearsal=False, person=bob, label=LABEL)
    fields = {"key": key, "estimate": 28, "estimate_usd": "0.14", "charge": 28, "unit": "credits"}
    jobs = a_stack(team, bob, State.SUCCEEDED, money=Money.CHARGED, refunded=4, **fields)
    more = {"group": jobs[0].take_group, **fields}
    jobs += a_stack(team, bob, State.FAILED, money=Money.REFUNDED, kind="failed", refunded=28, **more)
    jobs += a_stack(team, bob, State.FAILED, money=Money.CHARGED, kind="failed", **more)
    return jobs + a_stack(team, bob, State.UNKNOWN, money=Money.POSSIBLY, kind="no_answer", **more)


def pages(client, jobs: list[Job]) -> str:
    """Every page on which these generations stand, as a stack and alone, and what a poller is sent."""
    gallery, history = reverse("gallery", args=["northlight"]), reverse("prompts", args=["northlight"])
    walls = [gallery, f"{gallery}?show=making", f"{gallery}?show=failed", history]
    stack = reverse("stack", args=["northlight", jobs[0].take_group])
    watch = {"watch": ",".join(f"{job.public_id.hex}.9p0" for job in jobs)}
    htmx = {"headers": {"hx-request": "true"}}
    told = [client.get(url) for url in [*walls, stack]]
    told += [
        client.post(f"{stack}changes/", watch, **htmx),
        client.post(reverse("changes", args=["northlight"]), watch, **htmx),
    ]
    Job.objects.update(take_group=None)
    clips = [reverse("clip", args=["northlight", job.public_id]) for job in jobs]
    told += [client.get(url) for url in [*walls, *clips]]
    assert {answer.status_code for answer in told} == {200}
    return "\n".join(answer.content.decode() for answer in told)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_not_spend_sees_no_amount_anywhere(team, bobs, role):
    eve = person("Eve")
    join(team, eve, role)
    shown = pages(signed_in(eve), bobs)
    assert AMOUNT.findall(shown) == [] and "Price shown" not in shown and "What support needs" not in shown
    assert "The vendor gave the money back." in shown and "It was charged." in shown
    assert "It may have been charged; the vendor did not say." in shown
    assert "Bob&#x27;s own key" in shown and LABEL not in shown and "k9z3" not in shown


def test_a_colleague_sees_the_teams_money_and_whose_key_it_was(as_alice, bobs):
    shown = pages(as_alice, bobs)
    assert "<dd>28 credits</dd>" in shown and "112 credits" in shown and "What support needs" in shown
    assert "Bob&#x27;s own key" in shown and LABEL not in shown and "k9z3" not in shown


def test_whose_key_it_is_reads_its_label(as_bob, bobs):
    shown = pages(as_bob, bobs)
    assert f"{LABEL} …k9z3" in shown and "own key" not in shown


def test_a_key_of_the_teams_is_named_for_everybody(team, bob):
    key = a_key(team, secret="sk-the-teams-t7q1", label="Studio account")
    job = a_stack(team, bob, State.SUCCEEDED, key=key)[0]
    eve = person("Eve")
    join(team, eve, Role.VIEWER)
    page = signed_in(eve).get(reverse("clip", args=["northlight", job.public_id])).content.decode()
    assert "<dd>Studio account …t7q1</dd>" in page


def test_a_card_that_is_remembered_is_remembered_for_each(team, as_bob, bobs):
    """A card is made once for all who may see the same; a viewer is not served a spender's."""
    gallery = reverse("gallery", args=["northlight"])
    eve = person("Eve")
    join(team, eve, Role.VIEWER)
    Job.objects.filter(state=State.UNKNOWN).update(state=State.FAILED)
    assert AMOUNT.search(as_bob.get(gallery).content.decode())
    assert not AMOUNT.search(signed_in(eve).get(gallery).content.decode())
