"""Three takes of one press: one card, which opens into all of them on one clock, and one is picked."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in
from tests.desk import Desk, DrawnAgain, settled, until, wait_for

MODEL = "seedanceapi-org/seedance-2.0"
CHEAP = {"resolution": "480p", "seconds": 4}
CLOCKS = """() => [...document.querySelectorAll("video[data-together]")].map((film) => film.currentTime)"""


@pytest.mark.long
def test_three_takes_are_one_card_that_opens_and_one_is_kept(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose(MODEL, **CHEAP)
    with DrawnAgain(page):
        page.get_by_label("Takes").select_option("3")
    expect(desk.button).to_contain_text("Generate 3")
    expect(desk.button).to_contain_text("rehearsal of 24 credits")
    card = desk.press("Three gulls")
    expect(card.locator(".card__takes")).to_contain_text("of 3 ready")
    wait_for(card, "ready")
    expect(card.locator(".card__takes")).to_contain_text("3 takes", timeout=60_000)
    expect(desk.cards).to_have_count(1)
    assert page.locator("#poll").get_attribute("hx-trigger") is None

    card.get_by_role("heading").get_by_role("link").click()
    films = page.locator("video[data-together]")
    expect(films).to_have_count(3)
    assert all(films.nth(n).evaluate("film => film.paused") for n in range(3)), "nothing plays by itself"
    page.get_by_role("button", name="Play or pause all").click()
    until(films.first, "film => film.currentTime > 0.5")
    times = page.evaluate(CLOCKS)
    assert max(times) - min(times) < 0.3, times
    assert all(films.nth(n).evaluate("film => film.muted") for n in range(3))

    page.get_by_role("button", name="Pick take 2").click()
    expect(page.locator(".take[data-kept] h2")).to_have_text("Take 2")
    page.get_by_role("button", name=re.compile("^Make it at 720p · rehearsal of")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three gulls")
    page.goto(studio.path)
    expect(desk.cards).to_have_count(2)
    expect(desk.cards.nth(1)).to_contain_text("picked")


@pytest.mark.long
def test_takes_work_without_javascript(studio, visitors):
    page = visitors.arrive(base_url=studio.stack.base_url, java_script_enabled=False)
    sign_in(page, "bob")
    page.goto(studio.path)
    desk = Desk(page, studio.path)
    page.get_by_label("Model").select_option("seedance2ai/nano-banana-pro")
    page.get_by_label("Takes").select_option("2")
    page.get_by_role("button", name="Update the form").click()
    expect(desk.button).to_contain_text("Generate 2")
    desk.prompt.fill("Two by hand")
    desk.button.click()
    page.wait_for_url(f"**{studio.path}")
    expect(desk.cards).to_have_count(1)
    desk.cards.first.get_by_role("heading").get_by_role("link").click()
    for _look in range(100):
        if page.locator('.take[data-state="ready"]').count() == 2:
            break
        page.reload()
    page.get_by_role("button", name="Pick take 1").click()
    expect(page.locator(".take[data-kept] h2")).to_have_text("Take 1")


@pytest.mark.long
def test_a_race_of_two_rehearsal_vendors_lands_on_one_stack(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose(MODEL, **CHEAP)
    desk.prompt.fill("Two gulls race")
    page.get_by_role("button", name="Race…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Race")
    for name in ("Seedance 2.0 (vendor v1)", "Seedance Lite 5 s"):
        with page.expect_response(lambda reply: "/race/" in reply.url):
            page.get_by_role("checkbox", name=name).check(force=True)
        settled(page)
    expect(page.get_by_text("Length: 4 s became 5 s, which Seedance Lite 5 s decides.")).to_be_visible()
    page.get_by_role("button", name="Start the race of 2").click()
    expect(page.locator('.take[data-state="ready"]')).to_have_count(2, timeout=60_000)
    expect(page.locator(".take h2")).to_have_text(["Seedance 2.0 (vendor v1)", "Seedance Lite 5 s"])
    page.get_by_role("button", name="Play or pause all").click()
    until(page.locator("video[data-together]").first, "film => film.currentTime > 0.5")
    page.get_by_role("button", name="Pick take 1").click()
    page.goto(studio.path)
    expect(desk.cards).to_have_count(1)
    expect(desk.cards.first).to_contain_text("picked")
