"""From a wish to a film: what it must be, who can, one press into the form, one press to make it."""

import pytest
from playwright.sync_api import expect

from tests.desk import wait_for

ORG, ACE = "seedanceapi-org/seedance-2.0", "acedata/doubao-seedance-1-5-pro-251215"


def ask(desk, name, value):
    """One wish, and the answer to it."""
    field = desk.page.locator(f"#want-{name}")
    with desk.page.expect_response(lambda reply: "/create/models/" in reply.url):
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()
    desk.settle()


@pytest.mark.long
def test_twelve_seconds_with_sound_become_a_card(studio, visitors):
    """Behaviour 3, too: what changed in the form is named."""
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    desk.prompt.fill("The lamp turns, twelve seconds long")
    page.get_by_role("button", name="Find by wish").click()
    panel = page.locator("#finder")
    expect(panel.locator("summary")).to_be_focused()
    expect(panel.get_by_label("Length")).to_have_value("5")
    ask(desk, "seconds", "12")
    ask(desk, "audio", "yes")
    ask(desk, "aspect_ratio", "16:9")
    expect(panel.get_by_role("status")).to_have_text("3 models can do this.")
    able = panel.get_by_role("table", name="These can")
    expect(able.get_by_role("row", name="seedanceapi.org")).to_contain_text("84 credits, about $0.42")
    expect(panel.get_by_role("table", name="These cannot")).to_contain_text(
        "Length is fixed by this model: 5 s."
    )
    panel.get_by_role("button", name="Take Seedance 2.0 (vendor v1) of seedanceapi.org").click()
    expect(page.get_by_label("Model")).to_have_value(ORG)
    expect(page.get_by_label("Model")).to_be_focused()
    expect(panel).to_be_hidden()
    expect(desk.prompt).to_have_value("The lamp turns, twelve seconds long")
    notes = page.locator(".composer__notes")
    for change in ("Length: 5 s became 12 s.", "Sound: off became on."):
        expect(notes).to_contain_text(change)
    for name, value in (("seconds", "12"), ("aspect_ratio", "16:9"), ("audio", "true")):
        expect(page.locator(f'[name="option.{name}"][value="{value}"]')).to_be_checked()
    expect(desk.button).to_contain_text("84 credits, about $0.42")
    desk.button.click()
    card = desk.card("The lamp turns")
    wait_for(card, "ready")
    expect(card.get_by_text("0:12", exact=True)).to_be_visible()


@pytest.mark.long
def test_without_javascript_the_same_page_and_nothing_typed_is_lost(studio, visitors):
    desk = studio.desk(visitors, java_script_enabled=False)
    page = desk.page
    desk.prompt.fill("Typed without a script")
    page.get_by_role("button", name="Find by wish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a model by wish")
    page.get_by_label("Length").fill("12")
    page.get_by_label("Sound").select_option("yes")
    page.get_by_role("button", name="Show the models").click()
    assert "seconds=12" in page.url and "audio=yes" in page.url
    page.get_by_role("button", name="Take Seedance 1.5 Pro of acedata.cloud").click()
    expect(desk.prompt).to_have_value("Typed without a script")
    expect(page.get_by_label("Model")).to_have_value(ACE)
    expect(page.locator('[name="option.seconds"]').last).to_have_value("12")


@pytest.mark.long
def test_the_ruler_knows_the_model_and_counts_as_the_server_does(studio, visitors):
    """Behaviour 10: what is too long says so at the button before anything is sent."""
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose(ORG)
    ruler, reason = page.locator(".ruler"), page.get_by_text("The prompt is longer than the 2000 characters")
    desk.prompt.fill("\N{CLAPPER BOARD}" * 1998 + "\r\na")
    expect(ruler).to_have_text("2,000 / 2,000")
    expect(reason).to_be_hidden()
    expect(desk.button).to_have_attribute("aria-disabled", "false")
    desk.prompt.press("End")
    desk.prompt.press_sequentially("b")
    expect(ruler).to_have_text("2,001 / 2,000")
    expect(reason).to_be_visible()
    expect(desk.button).to_have_attribute("aria-disabled", "true")
    desk.button.focus()
    expect(desk.button).to_be_focused()
    assert "longer than the 2000" in page.locator("#reasons").inner_text()
    desk.choose("seedance2ai/seedance")
    expect(ruler).to_be_hidden()
    expect(desk.button).to_have_attribute("aria-disabled", "false")
    desk.choose(ORG)
    expect(ruler).to_have_text("2,001 / 2,000")
    desk.button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#prompt-errors")).to_contain_text("2001 characters")
    expect(desk.cards).to_have_count(0)
