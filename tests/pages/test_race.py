"""The race: one wish to several models at once, under one ceiling, all of them or none."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budgets.given import a_budget, a_rate, an_estimate
from tests.builders import a_key
from tests.pages import door
from tests.people import join, person, signed_in
from videos.models import Draft, Event, Job, Role
from videos.vendors import registry

pytestmark = pytest.mark.django_db
RACE = "/t/northlight/race/"
ORG, DEV, ACE = (
    "seedanceapi-org/seedance-2.0",
    "seedanceapi-dev/seedance-lite-5s",
    "acedata/doubao-seedance-1-5-pro-251215",
)
WISH = {
    "was": ORG, "model": ORG, "prompt": "A lighthouse at dusk", "option.seconds": "8", "option.resolution": "720p",
    "client_token": "the-wish",
}  # fmt: skip


@pytest.fixture
def wish(as_alice, team):
    """What stands in alice's form."""

    def type_it(**more):
        as_alice.post("/t/northlight/draft/", WISH | more)

    type_it()
    return type_it


@pytest.fixture
def rehearsals(team):
    return [a_key(team, vendor=vendor, secret=f"rehearsal-{vendor}") for vendor in registry.VENDORS]


@pytest.fixture
def paid(team):
    return [a_key(team, vendor=vendor, secret=f"sk-{vendor}", rehearsal=False) for vendor in registry.VENDORS]


def look(client, *models, **more) -> str:
    return html.unescape(client.get(RACE, {"model": models, **more}).content.decode())


def start(client, *models, seen: str | None = None, **more):
    """Looked at and pressed, or pressed with what somebody ``seen`` before."""
    if seen is None:
        seen = re.search(r'name="seen" value="(\w+)"', look(client, *models, **more))[1]
    return client.post(RACE, {"model": models, "seen": seen, "client_token": "one-race", **more})


def said(answer) -> str:
    assert answer.status_code == 422 and not Job.objects.exists()
    return html.unescape(answer.content.decode())


def test_the_door(team, charlie):
    door.check("race", ["northlight"], stranger=charlie, post=False)


def test_who_only_looks_runs_no_race(team):
    viewer = person("Viewer")
    join(team, viewer, Role.VIEWER)
    assert signed_in(viewer).get(RACE).status_code == 403


# --- rehearsed: it costs nothing and needs no rates -----------------------------------


def test_two_rehearsals_are_one_stack_of_two_vendors(as_alice, wish, rehearsals):
    answer = start(as_alice, ORG, DEV)
    jobs = list(Job.objects.order_by("pk"))
    assert answer.url == f"/t/northlight/stacks/{jobs[0].take_group}/"
    assert {job.model for job in jobs} == {ORG, DEV} and len({job.take_group for job in jobs}) == 1
    assert all(job.rehearsal and job.prompt.text == "A lighthouse at dusk" for job in jobs)
    assert Event.objects.get(verb="race.started").data["ceiling"] == ""
    assert not Draft.objects.exists(), "the wish was pressed"
    assert start(as_alice, ORG, DEV, seen="x").url == answer.url and Job.objects.count() == 2, "one press"


def test_each_is_carried_to_its_own_values_with_every_change_named(as_alice, wish, rehearsals):
    page = look(as_alice, ORG, DEV)
    assert "Length: 8 s became 5 s, which Seedance Lite 5 s decides." in page
    assert "28 credits, about $0.14" in page and "12 credits" in page
    assert "rehearsal, costs nothing" in page
    start(as_alice, ORG, DEV)
    assert Job.objects.get(model=ORG).options["seconds"] == 8


def test_with_rates_a_rehearsal_shows_what_it_would_cost(as_alice, team, wish, rehearsals):
    a_rate(team, "seedanceapi-org", "0.01")
    a_rate(team, "seedanceapi-dev", "0.02")
    assert "Start the race of 2 · rehearsal of 0.52 EUR" in look(as_alice, ORG, DEV)


@pytest.mark.parametrize(
    "models",
    [
        (),
        (ORG,),
        (ORG, DEV, ACE, *[f"seedanceapi-dev/seedance-{n}" for n in ("lite-10s", "pro-5s", "pro-10s")]),
    ],
)
def test_two_to_five_run(as_alice, wish, rehearsals, models):
    assert "Choose 2 to 5 models." in said(start(as_alice, *models))


def test_who_cannot_says_why(as_alice, team, wish):
    a_key(team)
    page = look(as_alice)
    assert page.count('type="checkbox"') == 1
    assert "There is no key for seedanceapi.dev" in page
    assert "There is no key for seedanceapi.dev" in said(start(as_alice, ORG, DEV))


def test_without_words_there_is_no_race(as_alice, wish, rehearsals):
    wish(prompt="  ")
    assert "Describe the shot in the gallery first" in said(start(as_alice, ORG, DEV))


def test_what_nobody_looked_at_is_not_sent(as_alice, wish, rehearsals):
    seen = re.search(r'name="seen" value="(\w+)"', look(as_alice, ORG, DEV))[1]
    assert "This is what the race would be now" in said(start(as_alice, ORG, ACE, seen=seen))
    wish(prompt="Another wish altogether")
    assert "This is what the race would be now" in said(start(as_alice, ORG, DEV, seen=seen))


def test_as_many_questions_for_every_model_as_for_few(as_alice, team, wish, rehearsals):
    with CaptureQueriesContext(connection) as queries:
        look(as_alice, ORG, DEV)
    assert len(queries) <= 30, "there are eighteen models"


# --- for money ------------------------------------------------------------------------


def test_real_and_rehearsal_are_never_in_one_race(as_alice, wish, rehearsals, paid):
    assert "Real, costs money" in look(as_alice)
    start(as_alice, ORG, DEV, kind="rehearsal")
    assert {job.rehearsal for job in Job.objects.all()} == {True}


def test_without_a_rate_and_a_price_or_estimate_it_cannot_join(as_alice, team, wish, paid):
    a_rate(team, "seedanceapi-org", "0.01")
    page = look(as_alice, kind="real")
    assert "Enter what a credit of seedanceapi.dev costs in EUR." in page
    answer = said(start(as_alice, ORG, ACE, kind="real", ceiling="5"))
    assert "publishes no price for this: enter your estimate" in answer
    a_rate(team, "acedata", "0.1")
    an_estimate(team, ACE, "10")
    assert "Start the race of 2 · 1.28 EUR" in look(as_alice, ORG, ACE, kind="real")
    assert start(as_alice, ORG, ACE, kind="real", ceiling="1.28").status_code == 302
    assert not any(job.rehearsal for job in Job.objects.all())
    assert Event.objects.get(verb="race.started").data["currency"] == "EUR"


def test_one_ceiling_is_checked_before_the_first_is_sent(as_alice, team, wish, paid):
    a_rate(team, "seedanceapi-org", "0.01")
    a_rate(team, "seedanceapi-dev", "0.02")
    assert "Say what the race may cost at most." in said(start(as_alice, ORG, DEV, kind="real"))
    assert "Say what the race" in said(start(as_alice, ORG, DEV, kind="real", ceiling="much"))
    answer = said(start(as_alice, ORG, DEV, kind="real", ceiling="0.51"))
    assert "Together they cost 0.52 EUR, which is more than 0.51 EUR." in answer
    assert start(as_alice, ORG, DEV, kind="real", ceiling="0.52").status_code == 302
    assert Job.objects.count() == 2


def test_a_budget_holds_the_whole_race(as_alice, team, wish, paid):
    a_rate(team, "seedanceapi-org", "0.01")
    a_rate(team, "seedanceapi-dev", "0.02")
    a_budget(team, "0.50", "money", "EUR")
    assert "This month's budget does not allow it" in said(
        start(as_alice, ORG, DEV, kind="real", ceiling="1")
    )


def test_a_rate_that_changed_is_looked_at_again(as_alice, team, wish, paid):
    a_rate(team, "seedanceapi-org", "0.01")
    rate = a_rate(team, "seedanceapi-dev", "0.02")
    seen = re.search(r'name="seen" value="(\w+)"', look(as_alice, ORG, DEV, kind="real"))[1]
    type(rate).objects.filter(pk=rate.pk).update(per_credit="0.03")
    assert "This is what the race would be now" in said(
        start(as_alice, ORG, DEV, seen=seen, kind="real", ceiling="9")
    )


def test_a_setting_typed_into_the_words_is_named_where_it_counts_in_the_price(as_alice, wish, rehearsals):
    wish(**{"prompt": "A lighthouse at dusk --dur 11"})
    page = look(as_alice, ACE, ORG)
    rows = {
        key: part
        for part in page.split('class="race__one"')
        for key in (ACE, ORG)
        if f'value="{key}"' in part
    }
    assert len(rows) == 2 and all("From your words: Length is 11 s." in part for part in rows.values())
    wish()
    assert "From your words" not in look(as_alice, ACE, ORG)
