"""Without a mouse: everything on the create page is reached and worked by keys."""

import pytest
from playwright.sync_api import expect

from tests.desk import until, wait_for


def tab_to(page, target, most=40) -> None:
    """As somebody does who cannot see where it is: one stop after another."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")


def test_the_first_stop_skips_to_the_content(studio, visitors):
    page = studio.desk(visitors).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_film_is_wished_for_sent_and_opened_with_keys_alone(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    model = page.get_by_label("Model")
    tab_to(page, desk.prompt)
    page.keyboard.type("Made without a mouse")
    tab_to(page, model)
    page.keyboard.type("Seedance Lite 5")
    expect(model).to_have_value("seedanceapi-dev/seedance-lite-5s")
    expect(desk.button).to_contain_text("12 credits")
    desk.settle()
    expect(model).to_be_focused()
    tab_to(page, desk.button)
    page.keyboard.press("Enter")
    card = desk.card("Made without a mouse")
    wait_for(card, "ready")
    play = card.get_by_role("link", name="Play:")
    tab_to(page, play)
    until(card.locator("video"), "film => film.currentTime > 0 && film.muted")
    page.keyboard.press("Enter")
    until(card.locator("video"), "film => !film.paused && !film.muted")
    expect(card.locator("video")).to_be_focused()
    tab_to(page, card.get_by_role("heading").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Made without a mouse")


def test_escape_closes_a_menu_and_gives_the_focus_back(studio, visitors):
    page = studio.desk(visitors).page
    details = page.locator("details.menu").filter(visible=True).first  # a desk hides the bar of a phone
    menu = details.locator("summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(details).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(details).not_to_have_attribute("open", "")
    expect(menu).to_be_focused()


@pytest.mark.long
def test_the_players_keys_are_inert_while_somebody_types(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    card = desk.press("Frame by frame")
    wait_for(card, "ready")
    page = desk.page
    page.goto(card.get_by_role("heading").get_by_role("link").get_attribute("href"))
    film = page.locator("#film")
    until(film, "film => film.readyState >= 2")
    page.keyboard.press(".")
    until(film, "film => film.currentTime > 0 && film.currentTime < 0.1")
    page.keyboard.press("l")
    until(film, "film => film.currentTime > 1")
    page.keyboard.press("k")
    until(film, "film => !film.paused")
    page.keyboard.press("k")
    until(film, "film => film.paused")


@pytest.mark.long
def test_who_switched_single_keys_off_moves_no_film_by_one(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    card = desk.press("Keys only type")
    wait_for(card, "ready")
    address = card.get_by_role("heading").get_by_role("link").get_attribute("href")
    shortcuts(page, on=False)
    page.goto(address)
    film = page.locator("#film")
    until(film, "film => film.readyState >= 2")
    expect(page.locator(".player kbd")).to_have_count(0)
    page.keyboard.press("l")
    page.get_by_role("button", name="One frame on").click()
    until(film, "film => film.currentTime > 0 && film.currentTime < 0.1")
    shortcuts(page, on=True)


def shortcuts(page, on: bool) -> None:
    page.goto("/me/")
    page.locator("[name=shortcuts]").set_checked(on)
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => form.requestSubmit()")


def test_a_question_mark_lists_the_keys_and_is_a_letter_where_somebody_types(studio, visitors):
    desk = studio.desk(visitors)
    page = desk.page
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    link = page.get_by_role("link", name="Keyboard shortcuts")
    link.focus()
    page.keyboard.press("?")
    expect(sheet.get_by_text("Go to the prompt")).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(desk.prompt).not_to_be_focused()  # what lies behind the sheet does nothing
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    page.keyboard.press("?")
    expect(sheet).not_to_be_visible()
    page.keyboard.press("Alt+a")
    expect(desk.prompt).to_be_focused()
    page.keyboard.type("What? L")
    expect(desk.prompt).to_have_value("What? L")
    expect(sheet).not_to_be_visible()


@pytest.mark.parametrize("key", ["?", "L"])
def test_a_key_that_composes_a_word_is_none(studio, visitors, key):
    page = studio.desk(visitors).page
    pressed = """(body, [key, isComposing]) => !body.dispatchEvent(
      new KeyboardEvent("keydown", { key, isComposing, bubbles: true, cancelable: true }))"""
    body = page.locator("body")
    assert not body.evaluate(pressed, [key, True])
    assert body.evaluate(pressed, [key, False]), "and else it does something"
