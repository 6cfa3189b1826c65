"""Each of the seven endpoints, from the form to a picture that moves (or is looked at).

All are pressed first and waited for afterwards, as a team in a hurry would do."""

from dataclasses import dataclass
from statistics import median

import pytest
from playwright.sync_api import Locator, expect

from tests.browsing import visiting
from tests.desk import Desk, support_words, until, wait_for


@dataclass(frozen=True)
class Wanted:
    """``size`` is what arrives, in pixels; ``arrives`` are facts as the clip page says them."""

    model: str
    prompt: str
    wishes: dict
    size: tuple[int, int]
    arrives: tuple[str, ...]
    still: bool = False

    @property
    def vendor(self) -> str:
        return self.model.partition("/")[0]


FILMS = (
    Wanted(
        "seedanceapi-org/seedance-2.0", "Fog drifts through a pine valley",
        {"aspect_ratio": "16:9", "resolution": "480p", "seconds": 4}, (864, 480), ("4 s",),
    ),
    Wanted(
        "seedanceapi-dev/seedance-pro-5s", "一只戴着墨镜的猫在沙滩上行走", {}, (1920, 1080), ("5 s",),
    ),
    Wanted(
        "defapi/seedance-2.0", "A tram climbs a hill at night", {"aspect_ratio": "9:16", "seconds": 5},
        (720, 1280), ("5 s",),
    ),
    Wanted(
        "acedata/doubao-seedance-1-5-pro-251215", "Wind over golden dunes",
        {"aspect_ratio": "21:9", "resolution": "480p", "seconds": 4, "audio": True},
        (960, 416), ("4 s", "h264 + aac"),
    ),
    Wanted(
        "seedance2ai/seedance", "Waves fold over black rocks",
        {"aspect_ratio": "1:1", "resolution": "720p", "seconds": 4}, (960, 960), ("4 s",),
    ),
)  # fmt: skip
STILLS = (
    Wanted(
        "seedance2ai/gpt-image-2", "A paper boat, twice", {"aspect_ratio": "3:2", "count": 2},
        (1024, 682), (), still=True,
    ),
    Wanted(
        "seedance2ai/nano-banana-pro", "A lantern in cut paper", {"aspect_ratio": "1:1", "format": "jpeg"},
        (1024, 1024), (), still=True,
    ),
)  # fmt: skip
EVERYTHING = [pytest.param(wanted, id=wanted.model.replace("/", "-")) for wanted in FILMS + STILLS]


@pytest.fixture(scope="module")
def team(troupe):
    return troupe.a_team()


@pytest.fixture(scope="module")
def desk(team, chromium):
    """A page on which all seven were pressed, one after the other, and which is never loaded again."""
    with visiting(chromium) as visitors:
        desk = team.desk(visitors)
        desk.page.evaluate("window.neverReloaded = true")
        desk.start_stopwatch()
        for wanted in FILMS + STILLS:
            desk.choose(wanted.model, **wanted.wishes)
            desk.press(wanted.prompt)
        yield desk


def test_a_card_appears_at_once_before_any_vendor_answered(desk):
    """Behaviour 13. The median, because this machine does other things beside."""
    taken = desk.appeared_after()
    assert len(taken) == len(FILMS + STILLS)
    assert median(taken.values()) < 500, taken


@pytest.mark.parametrize("wanted", EVERYTHING)
def test_from_the_form_to_something_to_look_at(wanted: Wanted, desk: Desk, team):
    card = desk.card(wanted.prompt)
    wait_for(card, "ready")
    assert desk.page.evaluate("window.neverReloaded"), "the page was loaded again"
    expect(card.get_by_text("Rehearsal", exact=True)).to_be_visible()
    assert is_decoded(card.locator("img")) if wanted.still else plays_in_place(card)
    shown = the_clip_page_tells_the_truth(wanted, card, desk)
    charged = [entry for entry in team.ledger(wanted.vendor) if entry["task"] in shown]
    assert [entry["kind"] for entry in charged] == ["charge"]


def plays_in_place(card: Locator) -> bool:
    card.get_by_role("link", name="Play").click()
    film = card.locator("video")
    until(film, "film => film.readyState >= 2 && film.currentTime > 0.1")
    film.evaluate("film => film.pause()")
    return film.evaluate("film => film.readyState >= 2 && !film.error")


def is_decoded(picture: Locator) -> bool:
    picture.scroll_into_view_if_needed()
    return picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth > 0; }")


def the_clip_page_tells_the_truth(wanted: Wanted, card: Locator, desk: Desk) -> list[str]:
    """Looks at the page of the clip in a tab of its own; the words it has for support people."""
    tab = desk.page.context.new_page()
    tab.goto(card.get_by_role("heading").get_by_role("link").get_attribute("href"))
    expect(tab.get_by_role("heading", level=1)).to_have_text(wanted.prompt)
    if wanted.still:
        picture = tab.locator(".player__screen img")
        assert is_decoded(picture)
        size = picture.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]")
    else:
        film = tab.locator("#film")
        until(film, "film => film.readyState >= 2")
        size = film.evaluate("film => [film.videoWidth, film.videoHeight]")
    assert tuple(size) == wanted.size
    arrived = tab.locator("section").filter(has=tab.get_by_role("heading", name="What arrived"))
    for fact in ("{} × {}".format(*wanted.size), *wanted.arrives):
        expect(arrived.get_by_text(fact, exact=True)).to_be_visible()
    expect(arrived.locator("[data-tone=warn]")).to_have_count(0)  # nothing came other than asked
    support = support_words(tab)
    tab.close()
    return support
