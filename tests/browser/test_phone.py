"""On a phone: nothing pushes the page wider than the screen, and a film's actions are at hand."""

import pytest
from playwright.sync_api import expect

from tests.desk import wait_for

MODELS = ("acedata/doubao-seedance-1-5-pro-251215", "seedance2ai/gpt-image-2", "seedanceapi-org/seedance-2.0")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def width(page) -> int:
    """A phone shrinks a page that is too wide, so ``innerWidth`` tells how wide it really is."""
    return page.evaluate("Math.max(innerWidth, document.documentElement.scrollWidth)")


def test_the_wishes_of_no_model_are_wider_than_the_phone(studio, visitors):
    desk = studio.desk(visitors, **PHONE)
    for model in MODELS:
        desk.choose(model)
        assert width(desk.page) == 390, model
        expect(desk.page.get_by_role("navigation", name="Main")).to_be_in_viewport(ratio=1)


@pytest.mark.long
def test_a_tall_film_leaves_its_actions_in_sight(studio, visitors):
    desk = studio.desk(visitors, **PHONE)
    page = desk.page
    desk.choose("acedata/doubao-seedance-1-5-pro-251215", aspect_ratio="9:16")
    card = desk.press("A tall film")
    wait_for(card, "ready")
    card.get_by_role("heading").get_by_role("link").click()
    for name in ("Download", "Reuse"):
        expect(page.get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    assert width(page) == 390


def test_the_bar_under_the_thumb_has_what_is_made_with_and_the_office_behind_more(studio, visitors):
    page = studio.desk(visitors, **PHONE).page
    bar = page.get_by_role("navigation", name="Main")
    expect(bar.get_by_role("link", name="Gallery")).to_be_visible()
    expect(bar.get_by_role("link", name="Keys")).to_have_count(0)
    bar.get_by_text("More").tap()
    keys = bar.get_by_role("link", name="Keys")
    expect(keys).to_be_in_viewport(ratio=1)
    keys.tap()
    page.wait_for_url("**/keys/")
    assert width(page) == 390
