"""The page of the budgets: set, warned, asked, decided once, and seen by whom it concerns."""

import re
from decimal import Decimal

import pytest

from tests.budgets.given import a_budget, a_rate, a_wish, an_estimate
from tests.builders import MODEL, VENDOR, a_key, a_project
from tests.pages import door
from tests.people import join, person, signed_in
from tests.usage.spent import A, M, spent
from videos.models import Budget, BudgetRequest, Event, Job, OwnEstimate, Rate

pytestmark = pytest.mark.django_db
PAGE = "/t/northlight/budgets/"
GENERATE = "/t/northlight/generations/"
PRESSED = {"model": MODEL, "was": MODEL, "prompt": "A harbour"}
HTMX = {"HX-Request": "true"}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def story(team) -> list[str]:
    verbs = Event.objects.filter(team=team).order_by("pk").values_list("verb", flat=True)
    return [verb for verb in verbs if verb.partition(".")[0] in ("budget", "rate", "estimate")]


def new(client, **more):
    return client.post(PAGE, {"scope": "team:", "unit": "presses:", "amount": "10", "currency": ""} | more)


@pytest.mark.parametrize(
    ("name", "post"),
    [("budgets", False), ("budget_change", True), ("budget_ask", True), ("budget_answer", True),
     ("budget_rate", True), ("budget_estimate", True)],
)  # fmt: skip
def test_the_door(team, charlie, bob, name, post):
    budget = a_budget(team)
    args = {
        "budget_change": [budget.pk],
        "budget_ask": [budget.pk],
        "budget_answer": [a_wish(budget, bob).pk],
    }
    door.check(name, ["northlight", *args.get(name, [])], stranger=charlie, post=post)


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ({}, {"measure": "presses", "of": "", "amount": 10}),
        ({"unit": f"credits:{VENDOR}", "amount": "99.5"}, {"measure": "credits", "of": VENDOR, "amount": Decimal("99.5")}),
        ({"amount": "0"}, {"measure": "presses", "amount": 0}),
        ({"unit": "money:", "currency": "eur"}, {"measure": "money", "of": "EUR"}),
    ],
)  # fmt: skip
def test_an_owner_sets_one(as_alice, team, asked, columns):
    answer = new(as_alice, **asked)
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert Budget.objects.filter(team=team, person=None, key=None, project=None, **columns).count() == 1
    assert story(team) == ["budget.set"]


def test_for_a_person_a_key_or_a_project(as_alice, team, bob):
    key, project = a_key(team), a_project(team)
    for scope in (f"person:{bob.pk}", f"key:{key.pk}", f"project:{project.pk}"):
        assert new(as_alice, scope=scope).status_code == 302
    found = Budget.objects.values_list("person", "key", "project").order_by("pk")
    assert list(found) == [(bob.pk, None, None), (None, key.pk, None), (None, None, project.pk)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-3"}, {"amount": "much"}, {"amount": ""}, {"amount": "1e20"}, {"amount": "NaN"},
        {"unit": "money:"}, {"unit": "money:", "currency": "E1R"}, {"unit": "credits:nobody"}, {"scope": "person:0"},
        {"scope": "team"},
    ],
)  # fmt: skip
def test_what_is_no_budget_is_said_and_kept_in_the_form(as_alice, wrong):
    answer = new(as_alice, **wrong)
    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()
    assert not Budget.objects.exists()


def test_another_teams_people_keys_and_projects_have_none_here(as_alice, charlie):
    theirs = charlie.memberships.get().team
    key, project = a_key(theirs), a_project(theirs)
    assert new(as_alice, scope=f"person:{charlie.pk}").status_code == 422
    for scope in (f"key:{key.pk}", f"project:{project.pk}"):
        assert new(as_alice, scope=scope).status_code == 404
    assert not Budget.objects.exists()


def test_a_second_one_for_the_same_is_the_first_ones_change(as_alice, team):
    new(as_alice)
    again = new(as_alice, amount="20")
    assert again.status_code == 422 and "change that one" in text(again)
    budget = Budget.objects.get()
    assert as_alice.post(f"{PAGE}{budget.pk}/", {"amount": "20"}).status_code == 302
    budget.refresh_from_db()
    assert budget.amount == 20
    as_alice.post(f"{PAGE}{budget.pk}/", {"end": "1"})
    assert new(as_alice).status_code == 302
    assert story(team) == ["budget.set", "budget.changed", "budget.ended", "budget.set"]


@pytest.mark.parametrize("role", ["maker", "reviewer", "viewer"])
def test_who_does_not_manage_changes_nothing(team, alice, role):
    client, budget = signed_in(join(team, person("Dora"), role).user), a_budget(team)
    told = 403 if role == "maker" else 404
    assert new(client).status_code == 403
    assert client.post(f"{PAGE}{budget.pk}/", {"end": "1"}).status_code == told
    assert client.post(f"{PAGE}rates/", {}).status_code == 403
    assert client.post(f"{PAGE}estimates/", {}).status_code == 403
    assert (
        client.post(f"{PAGE}requests/{a_wish(budget, alice).pk}/", {"decision": "approve"}).status_code == 404
    )
    budget.refresh_from_db()
    assert (budget.amount, budget.ended_at) == (10, None)


def test_each_sees_what_concerns_them(as_alice, as_bob, team, alice, bob):
    a_budget(team, "11")
    a_budget(team, "12", person=bob)
    a_budget(team, "13", person=alice)
    a_budget(team, "14", key=a_key(team, person=alice))
    seen = {n for n in ("11", "12", "13", "14") if f"of {n} presses" in text(as_bob.get(PAGE))}
    assert seen == {"11", "12"}
    assert all(f"of {n} presses" in text(as_alice.get(PAGE)) for n in ("11", "12", "13", "14"))
    viewer = signed_in(join(team, person("Dora"), "viewer").user)
    assert "presses" not in text(viewer.get(PAGE))


def test_who_decides_is_told_on_every_page_and_nobody_else(as_alice, as_bob, team, bob):
    wish = a_wish(a_budget(team), bob)
    told = "Somebody asks for more budget"
    assert told in text(as_alice.get("/t/northlight/")) and told in text(as_alice.get("/t/northlight/keys/"))
    assert told not in text(as_bob.get("/t/northlight/"))
    as_alice.post(f"{PAGE}requests/{wish.pk}/", {"decision": "decline"})
    assert told not in text(as_alice.get("/t/northlight/"))


def test_a_models_own_estimate_is_its_price_on_the_button(as_bob, team):
    a_key(team, vendor="acedata")
    model = "acedata/doubao-seedance-1-5-pro-251215"
    url = f"/t/northlight/create/?model={model}&was={model}"
    assert "your estimate" not in text(as_bob.get(url, headers=HTMX))
    an_estimate(team, model, "12")
    assert "12 credits (your estimate)" in text(as_bob.get(url, headers=HTMX))


# --- at the button -----------------------------------------------------------------


def test_near_the_button_from_four_fifths_on(as_bob, team, bob):
    a_key(team)
    a_budget(team, "5")
    for _n in range(4):
        spent(team, bob, A.CHARGED, money=M.CHARGED)
    page = text(as_bob.get("/t/northlight/"))
    assert "The whole team: 4 of 5 presses used (80 %)" in page
    assert as_bob.post(GENERATE, PRESSED).status_code == 303


def test_at_the_end_of_it_the_button_says_whom_to_ask(as_bob, alice, team, bob):
    a_key(team)
    a_budget(team, "1")
    spent(team, bob, A.CHARGED, money=M.CHARGED)
    answer = as_bob.post(GENERATE, PRESSED)
    assert answer.status_code == 422
    assert "Alice can raise it" in text(answer) and f'href="{PAGE}"' in answer.content.decode()
    assert Job.objects.count() == 1
    assert Event.objects.filter(verb="press.refused", actor=bob).exists()


def test_from_asking_to_the_next_film(as_alice, as_bob, team, bob):
    """At 100 % the person asks; the owner sees it and decides in place; the button works."""
    a_key(team)
    budget = a_budget(team, "0")
    assert "Ask Alice" in text(as_bob.get(PAGE))
    asked = as_bob.post(
        f"{PAGE}{budget.pk}/requests/", {"amount": "2", "why": "The launch film"}, headers=HTMX
    )
    assert asked.status_code == 200 and "You asked for more" in text(asked) and "<html" not in text(asked)
    page = text(as_alice.get(PAGE))
    assert "Bob asks for 2 presses more this month (The whole team)" in page and "The launch film" in page
    url = f"{PAGE}requests/{BudgetRequest.objects.get().pk}/"
    assert as_alice.post(url, {"decision": "approve", "granted": "1", "note": "One"}).status_code == 302
    assert "Alice raised it by 1 press. " in text(as_bob.get(PAGE))
    assert as_bob.post(GENERATE, PRESSED | {"client_token": "one"}).status_code == 303
    assert as_bob.post(GENERATE, PRESSED | {"client_token": "two"}).status_code == 422
    assert story(team) == ["budget.asked", "budget.granted"]


def test_a_request_is_made_once_and_decided_once(as_alice, as_bob, team, bob):
    budget = a_budget(team, "1")
    url = f"{PAGE}{budget.pk}/requests/"
    assert as_bob.post(url, {"amount": "2", "why": "A launch"}).status_code == 302
    again = as_bob.post(url, {"amount": "3", "why": "A launch"})
    assert again.status_code == 422 and "You asked already" in text(again)
    decision = f"{PAGE}requests/{BudgetRequest.objects.get().pk}/"
    declined = as_alice.post(decision, {"decision": "decline", "note": "Next month"}, headers=HTMX)
    assert "Alice declined" in text(declined) and "Next month" in text(declined)
    late = as_alice.post(decision, {"decision": "approve", "granted": "2"})
    assert late.status_code == 422 and "answered this request already" in text(late)
    wish = BudgetRequest.objects.get()
    assert (wish.state, wish.granted, wish.note) == ("declined", 0, "Next month")
    assert as_bob.post(url, {"amount": "2", "why": "Once more"}).status_code == 302
    assert story(team) == ["budget.asked", "budget.declined", "budget.asked"]


@pytest.mark.parametrize(
    "form", [{"amount": "2"}, {"why": "x"}, {"amount": "-1", "why": "x"}, {"amount": "2", "why": "x" * 501}]
)
def test_a_request_says_how_much_and_why(as_bob, team, form):
    answer = as_bob.post(f"{PAGE}{a_budget(team).pk}/requests/", form)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not BudgetRequest.objects.exists()


def test_what_was_typed_stays_where_it_was_typed(as_alice, as_bob, team, bob):
    budget, other = a_budget(team), a_budget(team, person=bob)
    url = f"{PAGE}{budget.pk}/requests/"
    page = as_bob.post(url, {"amount": "lots", "why": "The launch film"}).content.decode()
    assert page.count('value="lots"') == page.count('value="The launch film"') == 1
    assert "How much more this month: Enter a number." in page
    wish = a_wish(other, bob)
    answer = {"decision": "approve", "granted": "much", "note": "Gladly"}
    page = as_alice.post(f"{PAGE}requests/{wish.pk}/", answer).content.decode()
    assert page.count('value="much"') == page.count('value="Gladly"') == 1


def test_no_two_things_of_a_page_have_one_id(as_alice, as_bob, team, bob):
    budget = a_budget(team, "0")
    a_budget(team, "0", person=bob)
    a_wish(budget, bob)
    for client in (as_alice, as_bob):
        ids = re.findall(r'\sid="([^"]+)"', client.get(PAGE).content.decode())
        assert len(ids) == len(set(ids)) > 5


@pytest.mark.parametrize(
    "form", [{}, {"decision": "perhaps"}, {"decision": "approve"}, {"decision": "approve", "granted": "0"}]
)
def test_an_answer_is_yes_with_an_amount_or_no(as_alice, team, bob, form):
    wish = a_wish(a_budget(team), bob)
    assert as_alice.post(f"{PAGE}requests/{wish.pk}/", form).status_code == 422
    wish.refresh_from_db()
    assert wish.state == "open"


# --- what credits cost ---------------------------------------------------------------


def test_rates_and_estimates_are_entered_changed_and_taken_away(as_alice, team):
    rate = {"vendor": VENDOR, "currency": "eur"}
    for price in ("0.01", "0.02"):
        as_alice.post(f"{PAGE}rates/", rate | {"per_credit": price})
    assert Rate.objects.get(team=team).per_credit == Decimal("0.02")
    as_alice.post(f"{PAGE}estimates/", {"model": MODEL, "amount": "30"})
    assert "30 credits" in text(as_alice.get(PAGE)) and "your estimate" in text(as_alice.get(PAGE))
    as_alice.post(f"{PAGE}rates/", rate | {"per_credit": ""})
    as_alice.post(f"{PAGE}estimates/", {"model": MODEL, "amount": ""})
    assert not Rate.objects.exists() and not OwnEstimate.objects.exists()
    assert story(team) == ["rate.set", "rate.set", "estimate.set", "rate.set", "estimate.set"]
    assert as_alice.post(f"{PAGE}rates/", rate | {"per_credit": "-1"}).status_code == 422
    assert as_alice.post(f"{PAGE}estimates/", {"model": "nobody/nothing", "amount": "1"}).status_code == 422


def test_the_page_says_what_is_missing(as_alice, team, alice):
    a_key(team, rehearsal=False)
    a_budget(team, "100", "money", "EUR")
    spent(team, alice, A.CHARGED, money=M.CHARGED, estimate=None)
    page = text(as_alice.get(PAGE))
    assert "costs in EUR: until then it stops" in page and "enter your estimate; until then it stops" in page
    a_rate(team, VENDOR, "0.5")
    an_estimate(team, MODEL, "10")
    page = text(as_alice.get(PAGE))
    assert "5 of 100 EUR (5 %)" in page and "5 EUR of it by your estimate" in page


def test_costs_the_same_for_one_budget_as_for_thirty(as_alice, team, bob, django_assert_num_queries):
    a_key(team)
    a_wish(a_budget(team), bob)
    spent(team, bob, A.CHARGED, money=M.CHARGED)
    with django_assert_num_queries(18):
        as_alice.get(PAGE)
    for n in range(15):
        dora = join(team, person(f"Dora{n}")).user
        a_wish(a_budget(team, person=dora), dora)
        a_wish(a_budget(team, project=a_project(team, f"P{n}")), bob, state="declined", decided_by=dora)
        spent(team, dora, A.CHARGED, money=M.CHARGED)
    with django_assert_num_queries(18):
        as_alice.get(PAGE)
