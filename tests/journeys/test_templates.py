"""Words that were written once become a film: a template, its gaps, the composer, a card."""

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in
from tests.desk import wait_for

MODEL = "seedanceapi-dev/seedance-lite-5s"


def written(page, title: str, text: str) -> None:
    page.get_by_role("link", name="New template").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Words", exact=True).fill(text)
    page.get_by_role("button", name="Save the template").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.long
def test_from_a_template_through_its_gaps_to_a_film(studio, visitors):
    """Behaviour 31, and what is being typed elsewhere stays."""
    desk = studio.desk(visitors, "bob")
    page = desk.page
    desk.choose(MODEL)
    page.get_by_role("link", name="Templates").first.click()
    written(page, "Product shot", "{{product}} on {{surface}}")
    page.get_by_role("link", name="Use", exact=True).click()
    page.get_by_label("product").fill("A steel watch")
    expect(page.locator("#preview")).to_contain_text("A steel watch on {{surface}}")
    page.get_by_role("button", name="Take it to the composer").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in every field first")
    expect(page.get_by_label("product")).to_have_value("A steel watch")
    page.get_by_label("surface").fill("wet slate")
    page.get_by_role("button", name="Take it to the composer").click()
    expect(desk.prompt).to_have_value("A steel watch on wet slate")
    desk.button.click()
    wait_for(desk.card("A steel watch on wet slate"), "ready")
    page.goto(studio.path + "templates/")
    expect(page.locator(".recipe", has_text="Product shot")).to_contain_text("used 1 time")


@pytest.mark.long
def test_the_same_without_javascript(studio, visitors):
    page = visitors.arrive(base_url=studio.stack.base_url, java_script_enabled=False)
    sign_in(page, "bob")
    page.goto(studio.path + "templates/")
    written(page, "By hand", "{{thing}} in the rain")
    page.get_by_role("link", name="Use", exact=True).click()
    page.get_by_label("thing").fill("A boat")
    page.get_by_role("button", name="Show how it reads").click()
    expect(page.locator("#preview")).to_contain_text("A boat in the rain")
    page.get_by_role("button", name="Take it to the composer").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A boat in the rain")
    page.get_by_role("button", name="Save as template").click()
    expect(page.get_by_label("Words", exact=True)).to_have_value("A boat in the rain")


def test_what_is_typed_is_saved_as_a_template_and_not_sent(studio, visitors):
    desk = studio.desk(visitors, "bob")
    desk.choose(MODEL)
    desk.prompt.fill("Fog over the pier")
    desk.page.get_by_role("button", name="Save as template").click()
    expect(desk.page.get_by_label("Words", exact=True)).to_have_value("Fog over the pier")
    desk.page.goto(studio.path)
    expect(desk.cards).to_have_count(0)
    expect(desk.prompt).to_have_value("Fog over the pier")
