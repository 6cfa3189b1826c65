"""Nothing that was typed is lost: not by a reload, a crash, another device, Back, or by using
something again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import UNWATCHED, found
from tests.browser.test_keyboard import tab_to
from tests.browser.test_mentions import NAMES, bring, order
from tests.cast import sign_in
from tests.desk import Desk, wait_for

STILL = "seedance2ai/nano-banana-pro"
FRAMES = "seedance2ai/seedance"


def typed(desk, prompt: str) -> None:
    """Words, a wish and a picture, and the moment in which they are kept."""
    desk.choose(FRAMES, seconds="9")
    bring(desk, "start", NAMES[:1])
    with desk.page.expect_response("**/draft/"):
        desk.prompt.fill(prompt)
    desk.settle()


def expect_typed(desk, prompt: str) -> None:
    expect(desk.prompt).to_have_value(prompt)
    expect(desk.page.locator("[name='option.seconds'][type=number]")).to_have_value("9")
    assert order(desk) == list(NAMES[:1])


def go_on_with(page, words: str) -> None:
    """On the page of drafts."""
    row = page.get_by_role("listitem").filter(has_text=words)
    row.get_by_role("button", name="Go on with it").click()


def saved(desk):
    return desk.page.expect_response(lambda reply: "/draft/" in reply.url)


@pytest.mark.long
def test_text_wishes_and_pictures_survive_reload_crash_and_signing_in_again(studio, visitors):
    """Behaviour 11."""
    desk = studio.desk(visitors)
    typed(desk, "Typed for a long time")
    desk.page.reload()
    expect_typed(desk, "Typed for a long time")
    desk.page.context.close()  # nothing is said to the page any more
    page = visitors.arrive(base_url=studio.stack.base_url)
    sign_in(page, "alice")
    page.goto(studio.path)
    again = Desk(page, studio.path)
    expect_typed(again, "Typed for a long time")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "alice")
    page.goto(studio.path)
    expect_typed(again, "Typed for a long time")
    again.prompt.press("Control+Enter")
    expect(again.cards).to_have_count(1)
    page.reload()
    expect(again.prompt).to_have_value("")
    assert order(again) == []


@pytest.mark.long
def test_what_was_typed_a_moment_before_the_tab_closed_is_kept(studio, visitors):
    desk = studio.desk(visitors)
    desk.prompt.fill("Typed and gone")
    desk.page.goto("/me/")
    elsewhere = studio.desk(visitors)
    for _look in range(50):  # it is sent while the next page is on its way already
        if elsewhere.prompt.input_value():
            break
        elsewhere.page.reload()
    expect(elsewhere.prompt).to_have_value("Typed and gone")


@pytest.mark.long
def test_two_devices_never_lose_each_others_words(studio, visitors):
    desk, phone = studio.desk(visitors), studio.desk(visitors)
    for one, words in ((desk, "From the desk"), (phone, "From the phone")):
        with saved(one):
            one.prompt.fill(words)
    desk.page.reload()
    expect(desk.prompt).to_have_value("From the phone")
    desk.page.get_by_role("link", name="One more draft of yours waits").click()
    go_on_with(desk.page, "From the desk")
    expect(desk.prompt).to_have_value("From the desk")


@pytest.mark.long
@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_back_after_a_press_offers_nothing_to_pay_for_again(studio, visitors, script):
    """Behaviour 12: the form of before, which makes the same job; or a new one, which is empty.
    (What the same form does, sent again, is in test_prompt.py.)"""
    page = visitors.arrive(
        base_url=studio.stack.base_url,
        storage_state=studio.troupe.cookies("alice"),
        java_script_enabled=script,
    )
    page.goto(studio.path)
    desk = Desk(page, studio.path)
    desk.prompt.fill("Pressed, and back")
    token = page.locator("#composer [name=client_token]").input_value()
    desk.button.click()
    expect(desk.cards).to_have_count(1)
    desk.cards.first.get_by_role("heading").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pressed, and back")
    for _step in range(1 if script else 2):  # to where it was pressed
        page.go_back()
    same = page.locator("#composer [name=client_token]").input_value() == token
    assert same or desk.prompt.input_value() == ""
    desk.prompt.press("Control+Enter") if script else desk.button.click()
    page.goto(studio.path)
    expect(desk.cards).to_have_count(1)


@pytest.fixture
def made(studio, visitors):
    """A still of bob's, to be used again, and alice at her desk."""
    other = studio.desk(visitors, "bob")
    other.choose(STILL, format="jpeg")
    card = other.press("A lighthouse in a storm")
    wait_for(card, "ready")
    address = card.get_by_role("heading").get_by_role("link").get_attribute("href")
    desk = studio.desk(visitors)
    return desk, address


@pytest.mark.long
def test_reuse_fills_an_empty_form_at_once(made):
    """Behaviour 30."""
    desk, address = made
    desk.page.goto(address)
    desk.page.get_by_role("link", name="Reuse", exact=True).click()
    expect(desk.prompt).to_have_value("A lighthouse in a storm")
    expect(desk.page.get_by_label("Model")).to_have_value(STILL)
    expect(desk.page.locator("[name='option.format'][value=jpeg]")).to_be_checked()
    with saved(desk):
        desk.prompt.fill("A lighthouse in a calm")
    desk.page.wait_for_url(f"**{desk.path}")
    desk.page.reload()
    expect(desk.prompt).to_have_value("A lighthouse in a calm")


def test_reuse_stands_beside_what_was_typed_and_is_merged_by_keys(made):
    desk, address = made
    page = desk.page
    desk.choose(FRAMES)
    desk.prompt.fill("A harbour at night")
    page.goto(address)
    page.get_by_role("link", name="Reuse", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Side by side")
    words = page.get_by_role("group", name="Prompt")
    expect(words.get_by_role("radio", name="A harbour at night")).to_be_checked()
    tab_to(page, words.get_by_role("radio", name="A harbour at night"))
    page.keyboard.press("ArrowDown")
    expect(words.get_by_role("radio", name="A lighthouse in a storm")).to_be_checked()
    page.keyboard.press("ArrowUp")
    model = page.get_by_role("group", name="Model and key")
    expect(model.get_by_role("radio", name="Nano Banana Pro")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Go on with this choice"))
    page.keyboard.press("Enter")
    expect(desk.prompt).to_have_value("A harbour at night")
    expect(page.get_by_label("Model")).to_have_value(STILL)


@pytest.mark.long
def test_its_words_only_and_the_older_draft_taken_back(made):
    """Behaviour 30, from the prompt history."""
    desk, _address = made
    page = desk.page
    with saved(desk):
        desk.prompt.fill("A harbour at night")
    page.goto(f"{desk.path}prompts/")
    page.get_by_role("link", name="Use its words only").click()
    page.get_by_role("button", name="Take all of the other").click()
    expect(desk.prompt).to_have_value("A lighthouse in a storm")
    page.get_by_role("link", name="One more draft of yours waits").click()
    go_on_with(page, "A harbour at night")
    expect(desk.prompt).to_have_value("A harbour at night")


@pytest.mark.long
def test_side_by_side_without_javascript(made, studio, visitors):
    desk, address = made
    with saved(desk):
        desk.prompt.fill("A harbour at night")
    page = visitors.arrive(
        base_url=studio.stack.base_url,
        storage_state=studio.troupe.cookies("alice"),
        java_script_enabled=False,
    )
    page.goto(address)
    page.get_by_role("link", name="Reuse", exact=True).click()
    words = page.get_by_role("group", name="Prompt")
    words.get_by_role("radio", name="A lighthouse in a storm").check()
    page.get_by_role("button", name="Go on with this choice").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A lighthouse in a storm")
    page.get_by_role("link", name="One more draft of yours waits").click()
    go_on_with(page, "A harbour at night")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A harbour at night")


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_obey_the_rules(made, studio, visitors, scheme):
    desk, address = made
    with saved(desk):
        desk.prompt.fill("A harbour at night")
    page = studio.desk(visitors, color_scheme=scheme, **UNWATCHED).page
    for path in (address.replace("/clips/", "/reuse/"), f"{studio.path}drafts/"):
        page.goto(path)
        assert found(page) == [], path


def test_as_last_time_is_one_key_and_inert_while_somebody_types(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose(STILL, format="jpeg")
    desk.press("Once")
    last = page.get_by_role("button", name=re.compile("^As last time"))
    expect(last).to_have_count(0)
    desk.choose(FRAMES)
    expect(last).to_be_visible()
    desk.prompt.press_sequentially("all")
    expect(desk.prompt).to_have_value("all")
    expect(page.get_by_label("Model")).to_have_value(FRAMES)
    page.locator("h1").first.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("l")
    expect(page.get_by_label("Model")).to_have_value(STILL)
    expect(page.locator("[name='option.format'][value=jpeg]")).to_be_checked()
    expect(desk.prompt).to_have_value("all")
    page.keyboard.press("Alt+a")
    expect(desk.prompt).to_be_focused()
