"""People who are faster than the line: nothing they type or choose is lost to an answer on its way."""

from playwright.sync_api import expect

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
