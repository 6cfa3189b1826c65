"""Another model, another wish: what stays, what changes and says so, and what it costs now."""

import pytest
from playwright.sync_api import expect

from tests.desk import until

ORG, DEF, LITE = "seedanceapi-org/seedance-2.0", "defapi/seedance-2.0", "seedanceapi-dev/seedance-lite-10s"


def test_another_model_keeps_what_is_legal_and_names_what_changed(studio, visitors):
    """Behaviour 3."""
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose(ORG, seconds=12, aspect_ratio="21:9", audio=True)
    desk.prompt.fill("Kept, word by word")
    desk.choose(DEF)
    for name, value in (("aspect_ratio", "21:9"), ("seconds", "10")):
        expect(page.locator(f'[name="option.{name}"][value="{value}"]')).to_be_checked()
    notes = page.locator(".composer__notes")
    expect(notes).to_be_visible()
    for change in (
        "Length: 12 s became 10 s.",
        "no setting for Resolution (it was 720p)",
        "no setting for Sound",
    ):
        expect(notes).to_contain_text(change)
    expect(notes).not_to_contain_text("Shape")
    expect(desk.prompt).to_have_value("Kept, word by word")


def test_the_button_says_the_price_of_what_is_chosen_now(studio, visitors):
    """Behaviour 8, and where a vendor publishes no price, that."""
    desk = studio.desk(visitors)
    desk.choose(ORG, seconds=4)
    expect(desk.button).to_contain_text("14 credits, about $0.07")
    desk.choose(ORG, seconds=12)
    expect(desk.button).to_contain_text("42 credits, about $0.21")
    desk.choose(LITE)
    expect(desk.button).to_contain_text("24 credits")
    desk.choose(DEF)
    expect(desk.button).to_contain_text("rehearsal, costs nothing")
    studio.stack.manage("addkey", "defapi", "--team", studio.slug, input="dk-real-and-never-pressed")
    desk.choose(LITE)
    desk.choose(DEF)
    expect(desk.button).to_contain_text("cost unknown until done")


def test_a_choice_overtaken_by_the_next_is_no_trouble(studio, visitors):
    """The first question is broken off in the browser; nobody is told that the studio did not answer."""
    visitors.expected += ["htmx:afterRequest", "htmx:sendAbort"]  # how htmx speaks of one broken off
    desk = studio.desk(visitors)
    desk.choose(ORG, seconds=4)
    held = []
    desk.page.route("**/create/**", lambda route: held.append(route), times=1)
    desk.page.locator('[name="option.seconds"][value="8"]').check(force=True)
    until(desk.page.locator("#wishes"), "wishes => wishes.classList.contains('htmx-request')")
    with desk.page.expect_event("requestfailed"):
        desk.page.locator('[name="option.seconds"][value="12"]').check(force=True)
    assert held
    expect(desk.button).to_contain_text("42 credits, about $0.21")
    expect(desk.page.locator(".toast")).to_have_count(0)


@pytest.mark.long
@pytest.mark.alone
def test_within_a_second_of_the_choice(studio, visitors):
    """Behaviour 8, where nothing else is going on."""
    desk = studio.desk(visitors)
    desk.choose(ORG, seconds=4)
    desk.page.locator('[name="option.seconds"][value="12"]').check(force=True)
    expect(desk.button).to_contain_text("42 credits, about $0.21", timeout=1_000)
