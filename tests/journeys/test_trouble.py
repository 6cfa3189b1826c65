"""What goes wrong at a vendor is told in words, costs what it says, and is put right in one press.

The sandbox misbehaves by a tag in the prompt. All are pressed first and looked at afterwards."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import visiting
from tests.cast import Team
from tests.desk import PATIENCE, Desk, support_words, wait_for

ORG = ("seedanceapi-org/seedance-2.0", {"resolution": "480p", "seconds": 4})
DEV = ("seedanceapi-dev/seedance-lite-5s", {})  # neither callbacks nor idempotency
AI = ("seedance2ai/nano-banana-pro", {})  # with idempotency
CHEAP = ("seedance2ai/gpt-image-2", {})
WANTED = {
    "A refused one [refuse]": ORG,
    "A failing one [fail]": ORG,
    "One in a queue [busy]": ORG,
    "One healed by its callback [lost]": ORG,
    "A lost one to give up [lost]": DEV,
    "A lost one to look for [lost]": DEV,
    "A failing one, kept [fail]": DEV,
    "One with a dead link [dead-link]": AI,
    "One with an odd word [odd]": CHEAP,
    "One healed by its key [lost]": AI,
    "One without an address [no-url]": CHEAP,
}


@dataclass(frozen=True)
class Wall:
    team: Team
    desk: Desk

    def card(self, prompt: str) -> Locator:
        return self.desk.card(prompt)

    def follow(self, link: Locator) -> Page:
        """In a tab of its own: what fails leaves the wall when that is loaded again."""
        tab = self.desk.page.context.new_page()
        tab.goto(link.get_attribute("href"))
        return tab

    def clip(self, prompt: str) -> Page:
        return self.follow(self.card(prompt).get_by_role("heading").get_by_role("link"))

    def tasks_of(self, prompt: str) -> list[str]:
        """The vendor's name for it, as the clip page shows it to support people."""
        tab = self.clip(prompt)
        shown = support_words(tab)
        tab.close()
        return [task for task in {entry["task"] for entry in self.team.ledger()} if task in shown]

    def entries(self, prompt: str) -> list[str]:
        """What the sandbox's ledger holds for its task: ``charge``, ``refund``."""
        tasks = self.tasks_of(prompt)
        return [entry["kind"] for entry in self.team.ledger() if entry["task"] in tasks]


@pytest.fixture(scope="module")
def wall(troupe, chromium):
    with visiting(chromium) as visitors:
        team = troupe.a_team()
        desk = team.desk(visitors)
        chosen = None
        for prompt, (model, wishes) in WANTED.items():
            if model != chosen:
                desk.choose(model, **wishes)
                chosen = model
            desk.press(prompt)
        yield Wall(team, desk)


def test_a_refusal_says_what_and_that_nothing_was_charged(wall):
    card = wall.card("A refused one")
    wait_for(card, "failed")
    expect(card).to_contain_text("The vendor could not use the prompt")
    expect(card).to_contain_text("Nothing was charged.")
    tab = wall.follow(card.get_by_role("link", name="Change it"))
    expect(tab.get_by_label("Prompt", exact=True)).to_have_value("A refused one [refuse]")
    tab.close()


def test_a_failure_gives_the_money_back_and_one_press_tries_again(wall):
    """Behaviour 19."""
    card = wall.card("A failing one [fail]")
    wait_for(card, "failed")
    expect(card).to_contain_text("Nothing was charged.")
    assert wall.entries("A failing one [fail]") == ["charge", "refund"]
    first = card.get_attribute("id")
    card.get_by_role("button", name="Try again").click()
    again = wall.card("A failing one [fail]")
    expect(again).not_to_have_id(first)
    wait_for(again, "failed")
    tab = wall.clip("A failing one [fail]")
    expect(tab.get_by_role("link", name="A second try of an earlier one")).to_be_visible()
    tab.get_by_role("link", name="A second try of an earlier one").click()
    expect(tab.get_by_role("link", name="Tried again")).to_be_visible()
    tab.close()


def test_a_vendor_that_keeps_the_money_is_said_to(wall):
    card = wall.card("A failing one, kept")
    wait_for(card, "failed")
    expect(card).to_contain_text("12 credits")
    assert wall.entries("A failing one, kept") == ["charge"]


@pytest.mark.parametrize(
    "prompt",
    [
        "One in a queue",
        "One with a dead link",
        "One with an odd word",
        "One healed by its key",
        "One healed by its callback",
        "One without an address",
    ],
)
def test_what_the_studio_puts_right_by_itself_is_charged_once(wall, prompt):
    wait_for(wall.card(prompt), "ready")
    assert wall.entries(prompt) == ["charge"]


def test_a_lost_answer_is_never_sent_again_by_itself_and_can_be_given_up(wall):
    card = wall.card("A lost one to give up")
    wait_for(card, "unknown")
    expect(card).to_contain_text("may have been charged")
    tab = wall.follow(card.get_by_role("link", name="Decide"))
    tab.get_by_role("button", name="Give it up").click()
    wait_for(tab.get_by_role("article"), "failed")
    expect(tab.get_by_role("article")).to_contain_text("It may have been charged: 12 credits.")
    wall.desk.come_back()
    wait_for(card, "failed")
    tab.close()


def test_a_lost_one_is_found_by_its_task_id(wall):
    card = wall.card("A lost one to look for")
    wait_for(card, "unknown")
    tab = wall.clip("A lost one to look for")
    # Three tasks of this vendor were charged: two lost ones, and the failed one that a card has.
    (kept,) = wall.tasks_of("A failing one, kept")
    lost = [entry["task"] for entry in wall.team.charges("seedanceapi-dev") if entry["task"] != kept]
    assert len(lost) == 2
    tab.get_by_label("Its task id").fill(kept)
    tab.get_by_role("button", name="Ask after this task").click()
    expect(tab.get_by_role("status").get_by_text("already belongs to another clip")).to_be_visible()
    tab.get_by_label("Its task id").fill(lost[-1])
    tab.get_by_role("button", name="Ask after this task").click()
    expect(tab.locator("#film")).to_be_visible(timeout=PATIENCE)
    tab.close()
    wall.desk.come_back()
    wait_for(card, "ready")
