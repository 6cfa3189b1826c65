"""The worker dies in the middle of everything, and nothing is lost, forgotten or paid twice."""

import pytest
from playwright.sync_api import expect

from tests.desk import wait_for

MODELS = (
    "seedance2ai/nano-banana-pro",
    "seedance2ai/seedance",
    "seedanceapi-dev/seedance-lite-5s",
    "acedata/doubao-seedance-1-5-pro-251215",
    "defapi/seedance-2.0",
    "seedanceapi-org/seedance-2.0",
)
BANNER = "Nothing is being sent or fetched since"


@pytest.fixture
def worker(studio):
    """The stack with its worker, which is there again afterwards."""
    yield studio.stack
    if not studio.stack.runs("worker"):
        studio.stack.start("worker")


@pytest.mark.long
def test_kill_9_while_everything_is_under_way(studio, visitors, worker):
    """Made, fetched, or not sent yet: the rows know where each one stood."""
    desk = studio.desk(visitors)
    cards = []
    for model in MODELS:
        desk.choose(model)
        cards.append(desk.press(f"Under way [late]: {model}"))
    for card in cards:
        wait_for(card, "making")
    worker.hurry()
    worker.kill("worker")
    cards.append(desk.press("Pressed while nobody works"))
    expect(cards[-1]).to_have_attribute("data-state", "queued")
    worker.start("worker")
    for card in cards:
        wait_for(card, "ready", patience=90_000)
    paid = [entry["task"] for entry in studio.charges()]
    assert len(paid) == len(set(paid)) == len(cards)


@pytest.mark.long
def test_a_stopped_worker_is_told_on_every_page_until_it_is_back(studio, visitors, worker):
    desk = studio.desk(visitors)
    banner = desk.page.get_by_text(BANNER)
    expect(banner).to_have_count(0)
    worker.stop("worker")
    for address in (studio.path, f"{studio.path}prompts/", f"{studio.path}members/"):
        reload_until(desk.page, address, shown=True)
        expect(banner).to_contain_text("your work is safe")
    desk.page.goto(studio.path)
    desk.choose("seedance2ai/nano-banana-pro")
    card = desk.press("Waits for better days")
    worker.start("worker")
    wait_for(card, "ready")
    reload_until(desk.page, studio.path, shown=False)


def reload_until(page, address: str, *, shown: bool) -> None:
    """The banner stands in a page when that is drawn: six seconds of silence here."""
    for _ in range(200):
        page.goto(address)
        if bool(page.get_by_text(BANNER).count()) == shown:
            return
    raise AssertionError(f"the banner is {'missing' if shown else 'still there'} at {address}")
