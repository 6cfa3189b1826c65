"""People who are faster than the line: nothing they type or choose is lost to an answer on its way."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in
from tests.desk import Desk

STILL = "seedance2ai/nano-banana-pro"


def held_back(page, part: str) -> list:
    """The next request to ``part`` waits in here until its ``continue_()``."""
    held = []
    page.route(part, lambda route: held.append(route), times=1)
    return held


def test_what_is_typed_while_a_press_is_on_its_way_stays(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose(STILL)
    desk.prompt.fill("The first")
    held = held_back(desk.page, "**/generations/")
    with desk.page.expect_request("**/generations/"):
        desk.button.click()
    desk.prompt.fill("The next, already")
    with desk.page.expect_request("**/draft/") as kept:
        held[0].continue_()
        expect(desk.card("The first")).to_be_visible()
    assert "The next, already" in kept.value.post_data
    expect(desk.prompt).to_have_value("The next, already")
    desk.settle()
    desk.page.reload()
    expect(desk.prompt).to_have_value("The next, already")


def test_what_was_pressed_is_gone_from_a_form_that_nobody_touched(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose(STILL)
    desk.press("Pressed, and nothing else")
    expect(desk.prompt).to_have_value("")


def test_what_is_typed_while_a_refusal_is_on_its_way_stays(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose(STILL)
    desk.prompt.fill("A point that is nowhere: @image3")
    held = held_back(desk.page, "**/generations/")
    with desk.page.expect_request("**/generations/"):
        desk.page.locator("#composer").evaluate("form => form.requestSubmit(form.querySelector('#go'))")
    desk.prompt.fill("A point that is here")
    held[0].continue_()
    desk.settle()
    expect(desk.prompt).to_have_value("A point that is here")
    expect(desk.cards).to_have_count(0)


@pytest.mark.long
def test_a_page_older_than_the_sign_in_keeps_its_words_and_needs_one_more_press(studio, visitors):
    """Signed out and in again in another tab: the forms of this one carry a secret of before."""
    page = visitors.arrive(base_url=studio.stack.base_url)
    sign_in(page, "bob")
    page.goto(studio.path)
    desk = Desk(page, studio.path)
    with page.expect_response("**/draft/"):
        desk.choose(STILL)
    other = page.context.new_page()
    page.context.clear_cookies(name=re.compile(r"studio-\d+$"))
    sign_in(other, "bob")
    desk.prompt.fill("Written before, pressed after")
    with page.expect_response("**/draft/"):
        desk.prompt.press("Tab")
    expect(page.get_by_text("You signed in as Bob after this page was opened")).to_be_visible()
    desk.button.click()
    expect(desk.card("Written before, pressed after")).to_be_visible()
