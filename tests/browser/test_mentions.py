"""Pictures in the words: the list that @ opens, and words that follow pictures that move."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import UNWATCHED, found
from tests.pages.pictures import png

REFERENCES, FRAMES = "defapi/seedance-2.0", "seedance2ai/seedance"
NAMES = ("harbour.png", "lighthouse.png", "boat.png")
COMPOSING = """(prompt, key) => prompt.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, isComposing: true }))"""
DROP = """(slot, files) => {
  const carried = new DataTransfer();
  for (const [data, name] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type: "image/png" }));
  }
  for (const type of ["dragover", "drop"]) {
    slot.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""


def coded(name: str, data: bytes) -> list[str]:
    """A file as it is handed to the page."""
    return [base64.b64encode(data).decode(), name]


def files(names=NAMES) -> list[dict]:
    return [{"name": name, "mimeType": "image/png", "buffer": png(NAMES.index(name))} for name in names]


def bring(desk, role: str, names=NAMES) -> None:
    """Several at once, by the dialog."""
    desk.page.locator(f'input[name="file.{role}"]').set_input_files(files(names))
    for name in names:
        expect(slot(desk, name)).to_be_visible()
    desk.settle()


def slot(desk, name: str):
    return desk.page.locator(".slot").filter(has=desk.page.get_by_role("img", name=name))


def order(desk) -> list[str]:
    return desk.page.locator(".slot img").evaluate_all("pictures => pictures.map((one) => one.alt)")


def chips(desk) -> dict[str, str]:
    """What the strip says: mention -> the name of its picture, of those that the words mention."""
    rows = desk.page.locator(".mentions__strip > [data-there]").all_inner_texts()
    return {row.split()[0]: row.split()[1] for row in rows}


@pytest.fixture
def desk(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose(REFERENCES)
    bring(desk, "reference")
    return desk


def options_of(desk):
    return desk.page.get_by_role("listbox", name="Attached pictures").get_by_role("option")


@pytest.fixture
def listed(desk):
    return options_of(desk)


def test_the_list_is_worked_by_keys_alone(desk, listed):
    """Behaviour 5."""
    page, prompt = desk.page, desk.prompt
    prompt.press_sequentially("The ship of @")
    expect(listed).to_have_count(3)
    expect(prompt).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(listed.nth(1)).to_have_attribute("aria-selected", "true")
    expect(prompt).to_have_attribute("aria-activedescendant", listed.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # from the first to the last
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("The ship of @image3 ")
    expect(listed).to_have_count(0)
    expect(prompt).not_to_have_attribute("aria-expanded", "true")
    page.keyboard.type("sails past @light")
    expect(listed).to_have_count(1)
    page.keyboard.press("Tab")
    expect(prompt).to_have_value("The ship of @image3 sails past @image2 ")
    expect(prompt).to_be_focused()
    assert chips(desk) == {"@image3": "boat.png", "@image2": "lighthouse.png"}
    expect(page.get_by_text("not in your words")).to_have_count(3)
    expect(page.get_by_text("not in your words").filter(visible=True)).to_have_count(1)


@pytest.mark.long
def test_escape_closes_it_and_enter_is_a_new_line_again(desk, listed):
    desk.prompt.press_sequentially("@")
    expect(listed).to_have_count(3)
    desk.page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    desk.page.keyboard.press("Enter")
    expect(desk.prompt).to_have_value("@\n")
    desk.page.keyboard.type("@image1")
    expect(listed).to_have_count(0)  # it is whole: nothing to choose
    desk.page.keyboard.press("Enter")
    expect(desk.prompt).to_have_value("@\n@image1\n")


@pytest.mark.long
def test_a_finger_chooses_and_the_keyboard_of_the_phone_stays(desk, listed):
    desk.prompt.press_sequentially("Of ＠")  # as a Chinese keyboard has it
    listed.filter(has_text="boat.png").click()
    expect(desk.prompt).to_have_value("Of @image3 ")
    expect(desk.prompt).to_be_focused()


def test_what_is_no_mention_opens_nothing(desk, listed):
    for text in ("me@", "first.last@", "9@", "@ ", "@nobody"):
        desk.prompt.fill("")
        desk.prompt.press_sequentially(text)
        expect(desk.prompt).to_have_value(text)
        expect(listed).to_have_count(0)


@pytest.mark.long
def test_an_input_method_keeps_its_keys(desk, listed):
    desk.prompt.press_sequentially("@")
    expect(listed).to_have_count(3)
    for key in ("Enter", "Tab", "Escape", "ArrowDown"):
        assert desk.prompt.evaluate(COMPOSING, key), "the page kept the key from the input method"
    expect(listed.first).to_have_attribute("aria-selected", "true")
    expect(desk.prompt).to_have_value("@")


@pytest.mark.long
def test_removing_the_first_renumbers_chips_text_and_order_and_can_be_undone(desk):
    """Behaviour 5."""
    desk.prompt.press_sequentially("@image3 passes @image2 and @image1")
    desk.page.get_by_role("button", name="Remove Reference: harbour.png").click()
    expect(desk.prompt).to_have_value("@image2 passes @image1 and @image0")
    desk.settle()
    assert order(desk) == ["lighthouse.png", "boat.png"]
    assert chips(desk) == {"@image1": "lighthouse.png", "@image2": "boat.png"}
    expect(desk.page.locator(".mentions__lost")).to_contain_text("@image0 names no picture here.")
    expect(desk.button).to_have_attribute("aria-disabled", "true")
    desk.prompt.press("Control+z")
    expect(desk.prompt).to_have_value("@image3 passes @image2 and @image1")
    desk.prompt.press("Control+Shift+z")
    expect(desk.prompt).to_have_value("@image2 passes @image1 and @image0")


@pytest.mark.long
def test_what_was_renumbered_is_what_comes_back(desk):
    desk.prompt.press_sequentially("@image3 passes @image1")
    desk.page.get_by_role("button", name="Move left: boat.png").click()
    expect(desk.prompt).to_have_value("@image2 passes @image1")
    desk.settle()
    desk.page.reload()
    expect(desk.prompt).to_have_value("@image2 passes @image1")
    assert order(desk) == ["harbour.png", "boat.png", "lighthouse.png"]


@pytest.mark.long
def test_pictures_move_by_drag(desk):
    desk.prompt.press_sequentially("@image1 and @image3")
    slot(desk, "boat.png").drag_to(slot(desk, "harbour.png"))
    expect(desk.prompt).to_have_value("@image2 and @image1")
    desk.settle()
    assert order(desk) == ["boat.png", "harbour.png", "lighthouse.png"]
    slot(desk, "boat.png").drag_to(slot(desk, "lighthouse.png"))
    expect(desk.prompt).to_have_value("@image1 and @image3")
    assert order(desk) == ["harbour.png", "lighthouse.png", "boat.png"]


@pytest.mark.long
def test_a_picture_dropped_onto_another_takes_its_place(desk):
    desk.prompt.press_sequentially("@image2 and @image3")
    slot(desk, "lighthouse.png").evaluate(DROP, [coded("storm.png", png(3))])
    expect(slot(desk, "storm.png")).to_be_visible()
    desk.settle()
    assert order(desk) == ["harbour.png", "storm.png", "boat.png"]
    expect(desk.prompt).to_have_value("@image2 and @image3")
    assert chips(desk) == {"@image2": "storm.png", "@image3": "boat.png"}


@pytest.mark.long
def test_start_and_end_change_places_by_button_and_by_drag(studio, visitors):
    """Behaviour 7: two labelled places; where they are illegal they are not drawn."""
    desk = studio.desk(visitors)
    desk.choose(FRAMES)
    bring(desk, "start", NAMES[:1])
    bring(desk, "end", NAMES[1:2])
    desk.prompt.press_sequentially("From @image1")
    desk.page.get_by_role("button", name="Swap start and end").click()
    expect(desk.prompt).to_have_value("From @image2")
    desk.settle()
    assert order(desk) == ["lighthouse.png", "harbour.png"]
    slot(desk, "harbour.png").drag_to(slot(desk, "lighthouse.png"))
    expect(desk.prompt).to_have_value("From @image1")
    assert order(desk) == ["harbour.png", "lighthouse.png"]
    expect(desk.page.locator(".mentions__strip > [data-there]")).to_contain_text("sent as “the start frame”")
    desk.choose("acedata/doubao-seedance-1-0-lite-t2v-250428")
    expect(desk.page.locator(".slot")).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Swap start and end")).to_have_count(0)
    desk.choose(FRAMES)
    expect(desk.page.locator(".mentions__strip > [data-there]")).to_contain_text("sent as “the start frame”")


@pytest.mark.long
def test_pictures_without_room_are_said_to_be_left_out(studio, visitors):
    """Nothing vanishes in silence: the slot for one takes the first of two and says so."""
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    page = desk.page
    two = [coded(name, png(n)) for n, name in enumerate(NAMES[:2])]
    page.locator('label.slot[data-role="start"]').evaluate(DROP, two)
    expect(slot(desk, NAMES[0])).to_be_visible()
    expect(page.get_by_text("The others were left out.")).to_be_visible()
    assert order(desk) == [NAMES[0]]


def test_a_mention_that_points_nowhere_is_not_sent(desk, studio):
    """Behaviour 6."""
    desk.prompt.fill("@image4 walks")
    expect(desk.page.locator(".mentions__lost")).to_contain_text("@image4 names no picture here.")
    desk.prompt.press("Control+Enter")
    expect(desk.page.locator("#prompt-errors")).to_contain_text(
        "@image4 names a picture that is not attached."
    )
    expect(desk.cards).to_have_count(0)
    assert studio.ledger() == []


@pytest.mark.long
def test_the_vendor_reads_what_stood_beside_the_picture(studio, visitors):
    """Behaviour 6, to the wire."""
    desk = studio.desk(visitors)
    desk.choose(FRAMES)
    bring(desk, "start", NAMES[:1])
    card = desk.press("The boat leaves @image1 slowly")
    expect(card).to_have_attribute("data-state", re.compile("making|storing|ready"), timeout=60_000)
    (told,) = studio.told("The boat leaves")
    assert "The boat leaves the start frame slowly" in told


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_obeys_the_rules(studio, visitors, scheme):
    desk = studio.desk(visitors, color_scheme=scheme, **UNWATCHED)
    desk.choose(REFERENCES)
    bring(desk, "reference")
    desk.prompt.press_sequentially("@image1 and @image9 and @")
    expect(options_of(desk)).to_have_count(3)
    assert found(desk.page) == []


def test_a_model_without_pictures_and_back_loses_no_mention(desk):
    desk.prompt.fill("@image3 before @image2")
    desk.choose("acedata/doubao-seedance-1-0-lite-t2v-250428")
    expect(desk.page.get_by_text("Waiting for a model with a place for them, and not sent:")).to_be_visible()
    desk.choose(REFERENCES)
    expect(slot(desk, "boat.png")).to_be_visible()
    expect(desk.prompt).to_have_value("@image3 before @image2")
    assert chips(desk) == {"@image2": "lighthouse.png", "@image3": "boat.png"}
