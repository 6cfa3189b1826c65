"""One form, one draft: of two tabs, two devices and two presses nothing is lost."""

import re

import pytest

from tests.builders import a_job, a_key
from tests.people import signed_in
from videos.models import Draft, Job

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DRAFT, PRESS, GALLERY = "/t/northlight/draft/", "/t/northlight/generations/", "/t/northlight/"
MODEL = "seedance2ai/seedance"


@pytest.fixture(autouse=True)
def key(team):
    return a_key(team, vendor="seedance2ai")


def typed(**more) -> dict:
    return {
        "model": MODEL,
        "was": MODEL,
        "prompt": "A harbour\nat dusk",
        "client_token": "t1",
        "option.seconds": "9",
    } | more


def the_form(html: str) -> dict:
    """What a browser would send back of the form's own marks."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("client_token", "draft")}


def words(html: str) -> str:
    return re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1]


def test_two_tabs_never_lose_each_others_words(as_alice):
    """Drawn from one draft: the first to write goes on with it, the second begins its own."""
    as_alice.post(DRAFT, typed(), headers=HTMX)
    first, second = (the_form(as_alice.get(GALLERY).content.decode()) for _tab in range(2))
    assert first["draft"] == second["draft"] == "t1" and first["client_token"] != second["client_token"]
    for tab, prompt in (
        (first, "A harbour at dawn"),
        (second, "A harbour at noon"),
        (first, "A harbour at one"),
    ):
        as_alice.post(DRAFT, typed(prompt=prompt) | tab, headers=HTMX)
    kept = {draft.content["prompt"] for draft in Draft.objects.all()}
    assert kept == {"A harbour at one", "A harbour at noon"}
    html = as_alice.get(GALLERY).content.decode()
    assert words(html) == "A harbour at one" and "One more draft of yours waits" in html


def test_another_device_goes_on_where_the_first_stopped(as_alice, alice):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    elsewhere = signed_in(alice)
    marks = the_form(elsewhere.get(GALLERY).content.decode())
    elsewhere.post(DRAFT, typed(prompt="A harbour at night") | marks, headers=HTMX)
    assert Draft.objects.count() == 1
    assert words(as_alice.get(GALLERY).content.decode()) == "A harbour at night"


def test_a_press_in_one_tab_leaves_the_words_of_the_other(as_alice):
    as_alice.post(DRAFT, typed(client_token="one", prompt="The first"), headers=HTMX)
    as_alice.post(DRAFT, typed(client_token="two", prompt="The second"), headers=HTMX)
    as_alice.post(PRESS, typed(client_token="one", prompt="The first"), headers=HTMX)
    assert [draft.content["prompt"] for draft in Draft.objects.all()] == ["The second"]
    assert words(as_alice.get(GALLERY).content.decode()) == "The second"


def test_a_form_pressed_before_it_was_saved_takes_its_draft_along(as_alice):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    marks = the_form(as_alice.get(GALLERY).content.decode())
    as_alice.post(PRESS, typed() | marks, headers=HTMX)
    assert not Draft.objects.exists()


def test_killed_between_the_job_and_the_draft_it_is_not_offered_again(as_alice, team, alice):
    """The job's row is there; whoever was to clear the draft is not."""
    as_alice.post(DRAFT, typed(), headers=HTMX)
    a_job(team, alice, "A harbour")
    Job.objects.update(client_token="t1")
    html = as_alice.get(GALLERY).content.decode()
    assert words(html) == "" and "/drafts/" not in html


def test_the_draft_of_a_studio_before_this_one_is_gone_on_with(as_alice, alice, team):
    Draft.objects.create(
        team=team, user=alice, token="kept", content={"model": MODEL, "prompt": "From before"}
    )
    html = as_alice.get(GALLERY).content.decode()
    assert words(html) == "From before"
    as_alice.post(DRAFT, typed(prompt="From before, and on") | the_form(html), headers=HTMX)
    assert [draft.content["prompt"] for draft in Draft.objects.all()] == ["From before, and on"]


def test_the_twelve_newest_are_kept_and_wishes_alone_make_room_first(as_alice):
    as_alice.post(DRAFT, typed(client_token="wishes", prompt=""), headers=HTMX)
    for n in range(14):
        as_alice.post(DRAFT, typed(client_token=f"form-{n}", prompt=f"Draft {n}"), headers=HTMX)
    kept = list(Draft.objects.order_by("pk").values_list("content__prompt", flat=True))
    assert kept == [f"Draft {n}" for n in range(2, 14)]


def test_a_refused_press_is_the_same_draft(as_alice):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    html = as_alice.post(PRESS, typed(**{"option.seconds": "99"}), headers=HTMX).content.decode()
    as_alice.post(DRAFT, typed(prompt="Better") | the_form(html), headers=HTMX)
    assert [draft.content["prompt"] for draft in Draft.objects.all()] == ["Better"]


def test_as_last_time(as_alice, alice, team):
    """One press of a button: the wishes of the last order, and the words that stand there."""
    assert 'value="last"' not in as_alice.get(GALLERY).content.decode(), "there was no last time"
    as_alice.post(PRESS, typed(**{"option.tier": "pro"}), headers=HTMX)
    assert 'value="last"' not in as_alice.get(GALLERY).content.decode(), "it stands there already"
    changed = typed(
        client_token="t2", prompt="Something else", **{"option.seconds": "4", "option.tier": "standard"}
    )
    assert 'value="last"' in as_alice.get("/t/northlight/create/", changed, headers=HTMX).content.decode()
    html = as_alice.post(DRAFT, changed | {"do": "last"}, headers=HTMX).content.decode()
    assert re.search(r'name="option.seconds"[^>]*value="9"', html)
    assert re.search(r'name="option.tier" value="pro" checked', html)
    without_script = as_alice.get(GALLERY).content.decode()
    assert words(without_script) == "Something else"
    assert re.search(r'name="option.tier" value="pro" checked', without_script)


def test_single_keys_can_be_switched_off(as_alice, alice):
    as_alice.post(PRESS, typed(), headers=HTMX)
    other = typed(client_token="t2", **{"option.seconds": "4"})
    assert (
        'aria-keyshortcuts="L"' in as_alice.get("/t/northlight/create/", other, headers=HTMX).content.decode()
    )
    type(alice).objects.update(shortcuts=False)
    html = as_alice.get("/t/northlight/create/", other, headers=HTMX).content.decode()
    assert 'value="last"' in html and "aria-keyshortcuts" not in html
