"""More than one person: colleagues see each other's work come alive, strangers see nothing."""

import pytest
from playwright.sync_api import expect

from tests.desk import wait_for


@pytest.mark.long
def test_two_at_once_see_each_others_cards(studio, visitors):
    alice, bob = studio.desk(visitors, "alice"), studio.desk(visitors, "bob")
    alice.choose("seedance2ai/nano-banana-pro")
    bob.choose("seedance2ai/nano-banana-pro")
    hers, his = alice.press("By Alice"), bob.press("By Bob")
    wait_for(hers, "ready")
    wait_for(his, "ready")
    for desk, theirs, maker in ((alice, "By Bob", "Bob"), (bob, "By Alice", "Alice")):
        desk.page.reload()
        expect(desk.card(theirs)).to_have_attribute("data-state", "ready")
        expect(desk.card(theirs)).to_contain_text(maker)
        expect(desk.cards).to_have_count(2)
    assert len(studio.charges()) == 2


@pytest.mark.long
def test_a_colleague_watches_it_come_alive(studio, visitors):
    """Two windows on one thing: what one pressed is there when the other looks, and moves for both."""
    alice = studio.desk(visitors, "alice")
    alice.choose("seedance2ai/nano-banana-pro")
    hers = alice.press("Watched by two [slow:40]")
    bob = studio.desk(visitors, "bob")
    expect(bob.card("Watched by two")).not_to_have_attribute("data-state", "ready")
    wait_for(bob.card("Watched by two"), "ready")
    wait_for(hers, "ready")


@pytest.mark.long
def test_a_stranger_sees_nothing(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    card = desk.press("Not for strangers")
    wait_for(card, "ready")
    clip = card.get_by_role("heading").get_by_role("link").get_attribute("href")
    film, poster = card.locator("video").get_attribute("src"), card.locator("img").get_attribute("src")
    for name in ("charlie", None):
        cookies = studio.troupe.cookies(name) if name else None
        stranger = visitors.arrive(base_url=studio.stack.base_url, storage_state=cookies)
        for address in (studio.path, f"{studio.path}prompts/", f"{studio.path}changes/", clip, film, poster):
            answer = stranger.request.get(address, max_redirects=0)
            assert answer.status == (404 if name else 302), address
            assert "Not for strangers" not in answer.text()
