"""Behaviour 29, in part: everything that matters works with JavaScript off."""

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in
from tests.desk import Desk, wait_for
from videos.gallery.queries import PAGE


def test_sign_in_create_page_through_open_download(studio, visitors):
    page = visitors.arrive(base_url=studio.stack.base_url, java_script_enabled=False)
    sign_in(page, "bob")
    page.goto(studio.path)
    desk = Desk(page, studio.path)
    page.get_by_label("Model").select_option("seedance2ai/nano-banana-pro")
    page.get_by_role("button", name="Update the form").click()
    expect(page.locator('[name="option.format"]').first).to_be_attached()
    desk.prompt.fill("Made by hand")
    desk.button.click()
    page.wait_for_url(f"**{studio.path}")
    desk.prompt.fill("Typed meanwhile")
    look_until_ready(desk, "Made by hand")
    expect(desk.prompt).to_have_value("Typed meanwhile")
    desk.card("Made by hand").get_by_role("heading").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Made by hand")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith((".png", ".jpg"))
    assert download.value.path().stat().st_size > 1000


@pytest.mark.long
def test_a_race_is_looked_at_and_started(studio, visitors):
    """The page is worked out anew by a button, and nothing is sent that nobody saw the price of."""
    desk = studio.desk(visitors, java_script_enabled=False)
    page = desk.page
    desk.prompt.fill("Two gulls, by hand")
    page.get_by_role("button", name="Race…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Race")
    for name in ("Seedance 2.0 (vendor v1)", "Seedance Lite 5 s"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Start the race").click()
    expect(page.get_by_role("alert")).to_contain_text("This is what the race would be now")
    page.get_by_role("checkbox", name="Seedance Lite 5 s").uncheck()
    page.get_by_role("checkbox", name="Seedance Lite 10 s").check()
    page.get_by_role("button", name="Update the form").click()
    page.get_by_role("button", name="Start the race of 2").click()
    page.wait_for_url("**/stacks/*/")
    expect(page.locator(".take h2")).to_have_text(["Seedance 2.0 (vendor v1)", "Seedance Lite 10 s"])
    page.goto(studio.path)
    expect(desk.cards).to_have_count(1)


@pytest.mark.long
def test_a_wall_of_more_than_a_page_is_paged_by_links(studio, visitors):
    """By the newest prompts of each page: nothing is shown twice and nothing left out."""
    studio.has_made(PAGE + 3)
    page = visitors.arrive(base_url=studio.stack.base_url, java_script_enabled=False)
    sign_in(page, "bob")
    page.goto(studio.path)
    desk = Desk(page, studio.path)
    first = desk.cards.get_by_role("heading").all_inner_texts()
    page.get_by_role("link", name="Show older ones").click()
    page.wait_for_url("**?before=*")
    second = desk.cards.get_by_role("heading").all_inner_texts()
    assert (len(first), len(second)) == (PAGE, 3)
    assert [*first, *second] == [f"Shot {number}" for number in range(PAGE + 3, 0, -1)]
    assert page.get_by_role("link", name="Show older ones").count() == 0
    page.go_back()
    assert desk.cards.get_by_role("heading").all_inner_texts() == first


def look_until_ready(desk: Desk, prompt: str) -> None:
    """The page never goes away by itself under somebody who types; a press looks, and keeps the words."""
    for _ in range(100):
        assert desk.page.locator("meta[http-equiv=refresh]").count() == 0
        if desk.card(prompt).get_attribute("data-state") == "ready":
            return
        desk.page.get_by_role("button", name="Look again").click()
    wait_for(desk.card(prompt), "ready", patience=1)
