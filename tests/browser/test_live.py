"""The wall while things are being made: what asks, what changes, and what is left in peace."""

import pytest
from playwright.sync_api import expect

from tests.desk import until, wait_for

STILL = "seedance2ai/nano-banana-pro"
FILM = ("seedanceapi-dev/seedance-lite-5s", {})
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => hidden ? "hidden" : "visible" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def requests(page, part: str) -> list[str]:
    """Fills up with the addresses that are asked for from now on and contain ``part``."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if part in request.url else None)
    return asked


@pytest.mark.long
def test_nothing_pending_nothing_asked(studio, visitors):
    """Behaviour 15."""
    desk = studio.desk(visitors)
    assert desk.page.locator("#poll").get_attribute("hx-trigger") is None
    desk.choose(STILL)
    card = desk.press("The only one")
    expect(desk.page.locator("#poll")).to_have_attribute("hx-trigger", "every 3s, look")
    wait_for(card, "ready")
    assert desk.page.locator("#poll").get_attribute("hx-trigger") is None


@pytest.mark.long
def test_a_hidden_tab_asks_nothing_and_a_returning_one_at_once(studio, visitors):
    """Behaviour 16. Playwright's clock is turned, so that half a minute passes at once."""
    desk = studio.desk(visitors)
    page = desk.page
    page.clock.install()
    page.goto(desk.path)
    desk.choose(STILL)
    card = desk.press("Unseen [late]")
    wait_for(card, "making")  # a visible tab asks every three seconds
    desk.settle()
    page.evaluate(HIDE, True)
    asked = requests(page, "/changes/")
    studio.stack.hurry()
    page.clock.run_for(30_000)
    assert not asked
    with page.expect_request("**/changes/**", timeout=3_000):
        page.evaluate(HIDE, False)
    wait_for(card, "ready")


def test_an_answer_to_a_question_that_a_press_replaced_is_let_go(studio, visitors):
    """The new poller asks the same again; drawing the late answer would find no card to draw on."""
    desk = studio.desk(visitors)
    desk.choose(STILL)
    first = desk.press("Asked about before the press")
    held = []
    desk.page.route("**/changes/**", lambda route: held.append(route), times=1)
    desk.come_back()
    second = desk.press("Pressed before the answer")
    assert held
    with desk.page.expect_response("**/changes/**"):
        held[0].continue_()
    desk.settle()
    expect(desk.page.locator(".toast")).to_have_count(0)
    wait_for(first, "ready")
    wait_for(second, "ready")


@pytest.mark.long
def test_a_playing_film_and_the_focus_are_left_in_peace(studio, visitors):
    """Behaviour 17."""
    desk = studio.desk(visitors)
    desk.choose(FILM[0])
    playing = desk.press("Playing all the while")
    wait_for(playing, "ready")
    other = desk.press("Arriving meanwhile [slow:60]")
    playing.get_by_role("link", name="Play:").click()
    film = playing.locator("video")
    until(film, "film => film.currentTime > 0.2")
    film.evaluate("""film => {
      window.film = film; window.stops = 0;
      for (const name of ["pause", "emptied"]) film.addEventListener(name, () => { window.stops += 1; });
    }""")
    desk.prompt.press_sequentially("half a thou")
    wait_for(other, "ready")
    expect(desk.prompt).to_be_focused()
    desk.page.keyboard.type("ght")
    expect(desk.prompt).to_have_value("half a thought")
    assert film.evaluate("film => film === window.film && !film.paused && film.readyState >= 2")
    until(film, "film => film.currentTime > 0.2")
    assert desk.page.evaluate("window.stops") == 0


@pytest.mark.long
def test_what_is_stopped_leaves_the_others_alone(studio, visitors):
    """Behaviour 18."""
    desk = studio.desk(visitors)
    desk.choose(STILL)
    stopped, kept = desk.press("To be stopped [late]"), desk.press("To be kept [slow:30]")
    wait_for(stopped, "making")
    tab = desk.page.context.new_page()
    tab.goto(stopped.get_by_role("heading").get_by_role("link").get_attribute("href"))
    expect(tab.get_by_text("may still be charged").first).to_be_visible()
    tab.get_by_role("button", name="Stop watching").click()
    expect(tab.get_by_text("Nobody is watching this any more").first).to_be_visible()
    wait_for(kept, "ready")
    studio.stack.hurry()


@pytest.mark.long
def test_a_ready_card_has_everything(studio, visitors):
    """Behaviours 14, 20 and 22: first an honest wait, then poster, length, size and ranges."""
    desk = studio.desk(visitors)
    desk.choose(FILM[0])
    card = desk.press("Everything about it [slow:80]")
    expect(card).to_contain_text("Seedance Lite 5 s")
    wait_for(card, "making")
    expect(card.locator("time[data-since]")).to_be_visible()
    expect(card).to_contain_text("no estimate yet")
    expect(card).not_to_contain_text("%")
    wait_for(card, "ready")
    poster = card.locator("img.stage__poster")
    assert poster.evaluate("async picture => { await picture.decode(); return picture.naturalWidth; }") > 0
    expect(card.get_by_text("0:05", exact=True)).to_be_visible()
    source = card.locator("video").get_attribute("src")
    part = desk.page.request.get(source, headers={"Range": "bytes=0-1"})
    assert part.status == 206 and len(part.body()) == 2
    assert part.headers["accept-ranges"] == "bytes"
    size = int(part.headers["content-range"].removeprefix("bytes 0-1/"))
    assert desk.page.request.get(source, headers={"Range": f"bytes={size}-"}).status == 416
    assert len(desk.page.request.get(source).body()) == size


@pytest.mark.long
def test_hover_plays_without_a_sound_and_leaving_ends_the_download(studio, visitors):
    """Behaviour 21."""
    desk = studio.desk(visitors)
    desk.choose(FILM[0])
    fetched = requests(desk.page, "/files/")
    card = desk.press("Only looked at")
    wait_for(card, "ready")
    film = card.locator("video")
    assert not fetched, "nothing is fetched before anybody looks"
    card.get_by_role("link", name="Play:").hover()
    until(film, "film => film.currentTime > 0 && film.muted")
    desk.prompt.hover()
    until(film, "film => film.paused && film.readyState === 0")


@pytest.mark.long
def test_nothing_moves_for_people_who_want_it_still(studio, visitors):
    """Behaviour 21."""
    desk = studio.desk(visitors, reduced_motion="reduce")
    desk.page.clock.install()
    desk.page.goto(desk.path)
    desk.choose(FILM[0])
    fetched = requests(desk.page, "/files/")
    card = desk.press("Perfectly still")
    wait_for(card, "ready")
    card.get_by_role("link", name="Play:").focus()
    card.get_by_role("link", name="Play:").hover()
    desk.page.clock.run_for(2_000)
    assert card.locator("video").evaluate("film => film.paused")
    assert not fetched
