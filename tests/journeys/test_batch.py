"""Many prompts at once: three lines are three cards, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in
from tests.desk import PATIENCE, wait_for
from tests.pages.pictures import png

MODEL, OTHER = "seedanceapi-dev/seedance-lite-5s", "seedanceapi-org/seedance-2.0"


@pytest.mark.long
def test_three_lines_three_cards(studio, visitors):
    desk = studio.desk(visitors, "bob")
    page = desk.page
    page.get_by_role("link", name="Many at once").click()
    with page.expect_response(lambda reply: "/batch/" in reply.url):
        page.get_by_label("Model").select_option(OTHER)
    expect(page.locator('[name="option.seconds"]').first).to_be_attached()
    with page.expect_response(lambda reply: "/batch/" in reply.url):
        page.get_by_label("Model").select_option(MODEL)
    expect(page.locator('[name="option.seconds"]')).to_have_count(0)
    page.get_by_label("One prompt a line, or a table").fill("prompt,seconds\nOne,5\nTwo,6\nThree,")
    page.get_by_role("button", name="Check them").click()
    expect(page.get_by_text("Length is fixed by this model: 5 s.")).to_be_visible()
    page.get_by_label("One prompt a line, or a table").fill(
        "The first shot\nThe second shot\nIt breaks [fail]"
    )
    page.get_by_role("button", name="Check them again").click()
    expect(page.get_by_role("heading", name="All 3 rows are fine")).to_be_visible()
    page.get_by_role("button", name="Generate all 3").click()
    page.wait_for_url("**/batch/*/")
    expect(desk.cards).to_have_count(3)
    wait_for(desk.card("The first shot"), "ready")
    wait_for(desk.card("The second shot"), "ready")
    wait_for(desk.card("It breaks"), "failed")
    page.reload()
    page.get_by_role("link", name="Correct the 1 that failed").click()
    expect(page.get_by_label("One prompt a line, or a table")).to_have_value("prompt\nIt breaks [fail]\n")
    assert len(studio.charges()) <= 3


@pytest.mark.long
def test_pictures_with_one_prompt_without_javascript(studio, visitors):
    page = visitors.arrive(base_url=studio.stack.base_url, java_script_enabled=False)
    sign_in(page, "bob")
    page.goto(studio.path + "batch/")
    page.get_by_label("Model").select_option(OTHER)
    page.get_by_role("button", name="Update the form").click()
    page.get_by_label("One prompt a line, or a table").fill("Slowly nearer")
    files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png(n)} for n in (1, 2)]
    page.get_by_label("Pictures", exact=True).set_input_files(files)
    page.get_by_role("button", name="Check them", exact=True).last.click()
    expect(page.get_by_role("heading", name="All 2 rows are fine")).to_be_visible()
    page.get_by_role("button", name="Generate all 2").click()
    expect(page.get_by_role("article")).to_have_count(2)
    for _ in range(60):
        if page.locator('article[data-state="ready"]').count() == 2:
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator('article[data-state="ready"]')).to_have_count(2, timeout=PATIENCE)
