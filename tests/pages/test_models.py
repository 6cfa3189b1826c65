"""Finding a model by wish, through the front door: who can, at what price, how it went for this
team, whose key would pay, and why the others cannot."""

import re
from decimal import Decimal

import pytest

from tests.budgets.given import a_budget
from tests.builders import a_job, a_key
from tests.pages import door
from tests.pages.finding import (
    ACE,
    CHOOSE,
    FIND,
    GALLERY,
    HTMX,
    LITE,
    ORG,
    S2A,
    WISH,
    every_key,
    find,
    row,
    tables,
    went,
)
from tests.pages.pictures import an_upload
from tests.people import join, person, signed_in
from videos.models import Draft, OwnEstimate, Rate, Team, VendorKey
from videos.models.clock import now
from videos.states import State
from videos.vendors import registry

pytestmark = pytest.mark.django_db
QUERIES = (
    10  # session, person, membership, draft, key of the form, rates, keys, estimates, budgets, how it went
)
RECKONED = 6  # a budget: two of what was spent, two of what was entered, what was granted, whom to ask


@pytest.fixture
def keys(team):
    return every_key(team)


@pytest.mark.parametrize(("name", "post"), [("models", False), ("model_choice", True)])
def test_the_door(team, charlie, name, post):
    door.check(name, ["northlight"], stranger=charlie, post=post)


def test_who_may_not_press_sees_it_and_takes_nothing(team, bob, keys):
    team.memberships.filter(user=bob).update(role="viewer")
    assert "84 credits" in (html := find(signed_in(bob), **WISH)) and 'name="choose"' not in html
    assert signed_in(bob).post(CHOOSE, {"choose": ORG}).status_code == 403


def test_every_model_has_its_row_and_every_refusal_its_reasons(as_alice, keys):
    html = as_alice.get(FIND, WISH).content.decode()
    found = tables(html)
    assert found["These can"] == [ORG, ACE, S2A]
    assert sum(map(len, found.values())) == len(registry.MODELS)
    assert "3 models can do this." in html and "<html" in html
    assert "12 s · 16:9 · 720p · Sound: on 84 credits, about $0.42" in row(html, ORG)
    assert "unknown until done" in row(html, S2A)
    assert (
        "Length is fixed by this model: 5 s. Shape cannot be chosen with this model. Sound is fixed"
        in row(html, LITE)
    )
    assert "It makes stills, no films." in row(html, "seedance2ai/gpt-image-2")


def test_htmx_gets_the_fragment(as_alice, keys):
    html = find(as_alice, **WISH)
    assert html.lstrip().startswith('<div id="found"') and "<html" not in html


def test_the_page_keeps_its_address_and_the_panel_leaves_the_gallerys_alone(as_alice, keys):
    for current, replaced in ((FIND, True), (GALLERY, False)):
        headers = HTMX | {"HX-Current-URL": f"http://testserver{current}"}
        answer = as_alice.get(FIND, WISH, headers=headers)
        assert ("HX-Replace-Url" in answer.headers) is replaced
        assert ("hx-include" in answer.content.decode()) is not replaced


def test_models_without_a_key_come_last_and_say_so(as_alice, team):
    a_key(team, vendor="seedance2ai", secret="rehearsal-one")
    html = find(as_alice, **WISH)
    found = tables(html)
    assert list(found) == ["These can", "These cannot", "For these there is no key yet"]
    assert found["These can"] == [S2A] and ORG in found["For these there is no key yet"]
    assert "84 credits, about $0.42" in row(html, ORG) and "Add a key" in row(html, ORG)


def test_a_paused_key_is_a_reason_and_no_missing_key(as_alice, team):
    a_key(team, label="Main", state="paused")
    html = find(as_alice, **WISH)
    assert tables(html)["These cannot"] == [ORG] and "is paused" in row(html, ORG)


def test_which_key_would_pay_and_that_nobody_gets_from_rehearsing_to_real_money(as_alice, team, alice):
    a_key(team, vendor="seedance2ai", secret="sk-real-0001", rehearsal=False, label="Real account")
    a_key(team, vendor="seedance2ai", secret="sk-rehearse-0002", label="Stand-in")
    real = a_key(team, rehearsal=False, label="Org account")
    stand_in = a_key(team, secret="sk-rehearse-0003", label="Org stand-in")
    for key, expected in ((real, "Real account"), (stand_in, "Rehearsal · Stand-in")):
        content = {"model": ORG, "key": key.pk}
        Draft.objects.update_or_create(team=team, user=alice, token="one", defaults={"content": content})
        html = find(as_alice, **WISH)
        assert expected in row(html, S2A)
        as_alice.post(f"{CHOOSE}?seconds=12", {"choose": S2A})
        assert VendorKey.objects.get(pk=Draft.objects.get().content["key"]).rehearsal is key.rehearsal


def test_a_colleagues_own_key_pays_for_nobody_else(as_alice, team, bob):
    a_key(team, person=bob)
    assert ORG in tables(find(as_alice, **WISH))["For these there is no key yet"]


@pytest.mark.parametrize(
    ("made", "failed", "said"),
    [
        (0, 0, "no rehearsals yet"),
        (1, 0, "too few for a range 1 of 1 rehearsal (100 %)"),
        (0, 3, "– 0 of 3 rehearsals (0 %)"),
        (8, 1, "usually 80 seconds to 85 seconds 8 of 9 rehearsals (88 %)"),
        (60, 5, "45 of 50 rehearsals (90 %)"),
    ],
)
def test_waiting_and_success_are_this_teams_own(as_alice, team, alice, keys, made, failed, said):
    went(team, alice, ORG, made=made, failed=failed, seconds=80)
    assert said in row(find(as_alice, **WISH), ORG)


def test_real_and_rehearsal_and_other_teams_are_never_mixed(as_alice, team, alice, charlie):
    rehearsal, real = a_key(team), a_key(team, secret="sk-real-0001", rehearsal=False)
    went(team, alice, ORG, made=6, seconds=30, key=rehearsal)
    went(Team.objects.get(slug="elsewhere"), charlie, ORG, failed=9)
    for key, said in ((real, "no jobs yet"), (rehearsal, "6 of 6 rehearsals")):
        Draft.objects.update_or_create(
            team=team, user=alice, token="one", defaults={"content": {"model": ORG, "key": key.pk}}
        )
        assert said in row(find(as_alice, **WISH), ORG)
    went(team, alice, ORG, made=1, failed=1, key=real)
    Draft.objects.all().delete()
    assert "1 of 2 jobs (50 %)" in row(find(as_alice, **WISH), ORG)


def test_what_was_taken_back_or_is_under_way_counts_for_nothing(as_alice, team, alice, keys):
    for state in (State.CANCELED, State.RUNNING, State.UNKNOWN):
        ended = now() if state is State.CANCELED else None
        a_job(team, alice, "A harbour", model=ORG, state=state, ended_at=ended)
    assert "no rehearsals yet" in row(find(as_alice, **WISH), ORG)


def test_the_best_come_first_by_price_then_by_waiting(as_alice, team, alice, keys):
    went(team, alice, ACE, made=6, seconds=300)
    went(team, alice, S2A, made=6, seconds=30)
    assert tables(find(as_alice, **WISH))["These can"] == [ORG, S2A, ACE]
    Rate.objects.create(team=team, vendor="acedata", currency="EUR", per_credit=Decimal("0.01"))
    OwnEstimate.objects.create(team=team, model=ACE, amount=Decimal("20"))
    html = find(as_alice, **WISH)
    assert tables(html)["These can"] == [ACE, S2A, ORG], "what the team pays in euros is known of one alone"
    assert "20 credits (your estimate) 0.20 EUR" in row(html, ACE)


def test_a_highest_price_hides_nothing_and_invents_nothing(as_alice, keys):
    found = tables(html := find(as_alice, **WISH, price="0.40"))
    assert found["These can; what they would cost in USD is not known"] == [ACE, S2A]
    assert "It would cost 0.42 USD, more than 0.40 USD." in row(html, ORG)
    assert tables(find(as_alice, **WISH, price="0.42"))["These can"] == [ORG]


def test_a_highest_price_in_the_teams_own_currency(as_alice, team, keys):
    Rate.objects.create(team=team, vendor="seedanceapi-org", currency="EUR", per_credit=Decimal("0.005"))
    html = find(as_alice, **WISH, price="0.43", currency="EUR")
    assert tables(html)["These can"] == [ORG] and "84 credits, about $0.42 0.42 EUR" in row(html, ORG)
    assert "It would cost 0.42 EUR" in row(find(as_alice, **WISH, price="0.3", currency="EUR"), ORG)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"seconds": "long"}, "seconds"),
        ({"seconds": "0"}, "seconds"),
        ({"medium": "opera"}, "medium"),
        ({"references": "-1", "pictures": "reference"}, "references"),
        ({"aspect_ratio": "7:3"}, "aspect_ratio"),
        ({"price": "-1"}, "price"),
        ({"price": "cheap"}, "price"),
        ({"currency": "ZZZ", "price": "1"}, None),
        ({"seed": "1" * 5000}, "seed"),
        ({"pictures": "start\0"}, "pictures"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_made_up(as_alice, keys, wrong, field):
    answer = as_alice.get(FIND, wrong)
    html = answer.content.decode()
    assert answer.status_code == 422 and tables(html) == {}
    if field:
        control = re.search(rf'<(?:input|select|fieldset)[^>]*\sid="want-{field}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in control and f'aria-describedby="want-{field}-why"' in control
        assert f'id="want-{field}-why"' in html


def test_another_medium_forgets_what_it_does_not_have(as_alice, keys):
    html = find(
        as_alice, medium="still", pictures="start-end", resolution="720p", aspect_ratio="9:21", seconds="5"
    )
    assert tables(html)["These can"] == ["seedance2ai/gpt-image-2"], "9:21 is a shape of stills, too"
    assert 'name="seconds"' not in html and 'name="count"' in html


def test_references_are_at_least_one(as_alice, keys):
    html = find(as_alice, pictures="reference")
    assert 'name="references" value="1"' in html and "defapi/seedance-2.0" in tables(html)["These can"]
    with_films = tables(find(as_alice, pictures="reference", films="2"))
    assert with_films["These can"] == [S2A]


def test_it_starts_with_what_stands_in_the_form(as_alice, team, alice, keys):
    upload = an_upload(team, alice)
    content = {
        "model": ACE, "prompt": "A harbour", "pictures": [["start", upload.pk]],
        "options": {"seconds": 7, "aspect_ratio": "21:9", "resolution": "1080p", "audio": True, "seed": 0},
    }  # fmt: skip
    Draft.objects.create(team=team, user=alice, token="one", content=content)
    html = as_alice.get(FIND).content.decode()
    for name, value in (("seconds", "7"), ("seed", "0")):
        assert re.search(rf'name="{name}" value="{value}"', html), name
    for value in ("21:9", "1080p", "yes", "start"):
        assert f'<option value="{value}" selected>' in html
    assert tables(html)["These can"] == [ACE, S2A]


def test_costs_the_same_however_many_generations_there_are(
    as_alice, team, alice, keys, django_assert_num_queries
):
    with django_assert_num_queries(QUERIES):
        find(as_alice, **WISH)
    went(team, alice, ORG, made=30, failed=30)
    went(team, alice, S2A, made=30)
    for n in range(8):
        a_key(team, vendor="defapi", secret=f"rehearsal-more-{n}")
        join(team, person(f"Someone {n}"))
    with django_assert_num_queries(QUERIES):
        find(as_alice, **WISH)


def test_what_a_budget_cannot_pay_for_now_says_so_and_whom_to_ask(as_alice, team, alice):
    """Presses count for a rehearsal, too; a budget of one key stops that key's models alone."""
    a_key(team, vendor="seedance2ai", secret="rehearsal-one")
    full = a_budget(team, "0", key=a_key(team, label="Main"))
    html = find(as_alice, **WISH)
    assert tables(html)["These can"] == [S2A] and ORG in tables(html)["These cannot"]
    assert "budget does not allow it." in row(html, ORG)
    assert f"{alice.shown_name} can raise it." in row(html, ORG)
    full.amount = 1
    full.save()
    assert ORG in tables(find(as_alice, **WISH))["These can"]


def test_a_sum_is_held_against_each_models_own_price(as_alice, team):
    """84 credits of a vendor whose budget holds 50, and 35 that fit."""
    a_key(team, rehearsal=False, secret="sk-real-0001")
    a_budget(team, "50", measure="credits", of="seedanceapi-org")
    dear = find(as_alice, **WISH)
    assert "this would be 84 credits more" in row(dear, ORG)
    cheap = find(as_alice, **(WISH | {"seconds": "5"}))
    assert "budget" not in row(cheap, ORG)


def test_a_full_storage_is_a_reason_of_every_model(as_alice, team, keys):
    Team.objects.filter(pk=team.pk).update(storage_limit=0)
    html = find(as_alice, **WISH)
    assert "These can" not in tables(html) and "storage is full" in row(html, ORG)


def test_budgets_cost_the_same_for_one_model_and_for_all(as_alice, team, django_assert_num_queries):
    a_key(team, secret="rehearsal-first")
    a_budget(team, "0")
    with django_assert_num_queries(QUERIES + RECKONED):
        find(as_alice, **WISH)
    every_key(team)
    with django_assert_num_queries(QUERIES + RECKONED):
        assert find(as_alice, **WISH).count("budget does not allow it") > 2
