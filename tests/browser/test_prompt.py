"""The prompt under the hands: what sends, what does not, and that one press is one job."""

import pytest
from playwright.sync_api import expect

# As an input method tells the page while somebody picks characters.
COMPOSING = """(prompt, keys) => prompt.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true, ...keys }))"""


@pytest.fixture
def desk(studio, visitors):
    return studio.desk(visitors)


@pytest.mark.parametrize("chord", ["Control+Enter", "Meta+Enter"])
def test_the_chord_makes_exactly_one(desk, chord):
    """Behaviour 1."""
    desk.prompt.fill(f"By {chord}")
    desk.prompt.press(chord)
    expect(desk.card(f"By {chord}")).to_be_visible()
    expect(desk.cards).to_have_count(1)
    expect(desk.prompt).to_have_value("")


def test_enter_alone_is_a_new_line_and_composing_sends_nothing(desk):
    """Behaviour 1: Chinese is typed with Enter, too."""
    desk.prompt.press_sequentially("first")
    desk.prompt.press("Enter")
    desk.prompt.press_sequentially("second")
    expect(desk.prompt).to_have_value("first\nsecond")
    for keys in ({}, {"ctrlKey": True}, {"metaKey": True}):
        assert desk.prompt.evaluate(COMPOSING, keys), "the page kept the key from the input method"
    desk.prompt.press("Control+Enter")  # would come after any that had been sent
    expect(desk.cards).to_have_count(1)
    assert desk.page.request.get(desk.path).text().count("<article") == 1


def test_a_double_click_is_one_job(desk, studio):
    """Behaviour 12: to the person, to our books, and to the vendor."""
    desk.choose("seedance2ai/nano-banana-pro")
    desk.prompt.fill("Pressed by somebody in a hurry")
    desk.button.dblclick()
    card = desk.card("Pressed by somebody in a hurry")
    expect(card).to_have_attribute("data-state", "ready", timeout=60_000)
    expect(desk.cards).to_have_count(1)
    assert len(studio.charges()) == 1


def test_the_same_form_sent_twice_is_one_job(desk, studio):
    """Behaviour 12: a form that comes again, from Back or from a second tab."""
    desk.choose("seedance2ai/nano-banana-pro")
    form = desk.page.locator("#composer").evaluate("form => Object.fromEntries(new FormData(form))")
    form = {name: value for name, value in form.items() if isinstance(value, str)}
    form |= {"prompt": "Sent twice", "model": "seedance2ai/nano-banana-pro"}
    for _ in range(2):
        reply = desk.page.request.post(
            f"{desk.path}generations/", form=form, headers={"Referer": desk.page.url}
        )
        assert reply.ok
    desk.page.reload()
    expect(desk.cards.filter(has_text="Sent twice")).to_have_count(1)


def test_a_press_without_words_says_why_and_sends_nothing(desk):
    """Behaviour 10: the button stays within reach and its reason beside it."""
    expect(desk.button).to_have_attribute("aria-disabled", "true")
    desk.button.focus()
    expect(desk.button).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Describe the shot first.").first).to_be_visible()
    expect(desk.cards).to_have_count(0)
