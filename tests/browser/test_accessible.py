"""Every page, by the rules of WCAG 2.2 AA as axe knows them.

Once each as a newcomer meets it; every theme, language and width of them in the long run."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import visiting
from tests.cast import Team
from tests.desk import Desk, DrawnAgain, wait_for
from tests.pages.pictures import png

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OUTSIDE = {
    "sign in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
}
INSIDE = {
    "gallery": "",
    "failed": "?show=failed",
    "nothing found": "?show=making",
    "prompts": "prompts/",
    "pictures": "pictures/",
    "clips of a picture": "pictures/clips/",
    "race": "race/",
    "many at once": "batch/",
    "templates": "templates/",
    "new template": "templates/new/",
    "filling a template": "templates/shipped/product-turn/",
    "keys": "keys/",
    "members": "members/",
    "models by wish": "create/models/?seconds=12&audio=yes&price=0.3",
    "a wish nobody can read": "create/models/?seconds=long",
    "usage": "usage/",
    "budgets": "budgets/",
    "trash": "trash/",
    "profile": "/me/",
    "password once more": "/accounts/reauthenticate/",
    "shortcuts": "/shortcuts/",
    "new team": "/teams/new/",
    "not found": "nowhere/",
}


# axe measures with styles of its own, which the policy would refuse; every other test obeys that.
UNWATCHED = {"bypass_csp": True}
DESK = {"width": 1440, "height": 900}


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def found(page: Page) -> list[str]:
    """What breaks a rule, one line each: the rule, what is meant, and where."""
    page.evaluate(axe())
    result = page.evaluate(
        """rules => axe.run(document, {
          runOnly: { type: "tag", values: rules }, resultTypes: ["violations"], preload: false,
        })""",
        RULES,
    )
    return [
        f"{broken['id']}: {broken['help']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for broken in result["violations"]
        for node in broken["nodes"]
    ]


@dataclass(frozen=True)
class Full:
    """A team whose wall has a film, a still, one in the making, one that failed, and a stack of two
    takes; a picture stands in its form."""

    team: Team
    clips: dict[str, str]

    def address(self, name: str) -> str:
        if name in self.clips:
            return self.clips[name]
        path = INSIDE[name]
        return path if path.startswith("/") else f"{self.team.path}{path}"


@pytest.fixture(scope="module")
def full(troupe, chromium):
    with visiting(chromium) as visitors:
        team = troupe.a_team()
        desk = team.desk(visitors)
        ends = {
            "A film": "ready",
            "A still": "ready",
            "It failed [fail]": "failed",
            "Nobody knows [lost]": "unknown",
        }
        models = ["seedanceapi-dev/seedance-lite-5s", "seedance2ai/nano-banana-pro"]
        cards = {}
        for prompt, model in zip(ends, [*models, models[0], models[0]], strict=True):
            desk.choose(model)
            cards[prompt] = desk.press(prompt)
        for prompt, end in ends.items():
            wait_for(cards[prompt], end)
        address = {
            name: card.get_by_role("heading").get_by_role("link").get_attribute("href")
            for name, card in zip(["film", "still", "failure", "unknown"], cards.values(), strict=True)
        }
        address["stack"] = a_stack(desk)
        address["picture"] = a_picture(desk)
        return Full(team, address)


def a_stack(desk: Desk) -> str:
    """The address of two takes."""
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    with DrawnAgain(desk.page):
        desk.page.locator("#wish-takes").select_option("2")
    card = desk.press("Two takes of a pier")
    wait_for(card, "ready")
    return card.get_by_role("heading").get_by_role("link").get_attribute("href")


def a_picture(desk: Desk) -> str:
    """The address of a picture that was brought to the form, and stands in it."""
    given = {"name": "pier.png", "mimeType": "image/png", "buffer": png()}
    desk.page.locator('input[name="file.start"]').set_input_files(given)
    expect(desk.page.get_by_alt_text("pier.png")).to_be_visible()
    desk.page.goto(f"{desk.path}pictures/")
    return desk.page.get_by_role("link", name="pier.png").first.get_attribute("href")


def find_by_wish(page: Page, full: Full) -> None:
    """The gallery with the finder open beside what is typed."""
    page.goto(full.team.path)
    page.locator(".pill--find").click()  # it has a name in each language
    expect(page.locator("#found")).to_be_visible()


CLIPS = ("film", "still", "failure", "unknown", "stack", "picture")


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_door(stack, visitors, name):
    page = visitors.arrive(base_url=stack.base_url, **UNWATCHED)
    page.goto(OUTSIDE[name])
    assert found(page) == []


def test_an_empty_wall(studio, visitors):
    assert found(studio.desk(visitors, **UNWATCHED).page) == []


@pytest.fixture(scope="module")
def browsing(full, chromium) -> Iterator[Page]:
    """Alice, who opens one page after the other: a first visit costs more than what axe does."""
    with visiting(chromium) as visitors:
        visitors.expected.append("the server responded with a status of 404")
        yield full.team.desk(visitors, viewport=DESK, **UNWATCHED).page


@pytest.mark.parametrize("name", [*INSIDE, *CLIPS])
def test_a_page(full, browsing, visitors, name):
    browsing.goto(full.address(name))
    assert found(browsing) == []


def test_the_sheet_of_shortcuts(full, browsing, visitors):
    browsing.goto(full.team.path)
    browsing.locator("body").press("?")
    expect(browsing.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert found(browsing) == []


@pytest.mark.long
def test_the_finder_beside_the_form(full, visitors):
    page = full.team.desk(visitors, **UNWATCHED).page
    find_by_wish(page, full)
    assert found(page) == []


@pytest.mark.long
def test_a_template_with_versions(full, visitors):
    page = full.team.desk(visitors, **UNWATCHED).page
    page.goto(f"{full.team.path}templates/new/")
    page.get_by_label("Title").fill("Product shot")
    page.get_by_label("Words", exact=True).fill("{{product}} on marble")
    page.get_by_role("button", name="Save the template").click()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Words", exact=True).fill("{{product}} on slate")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_role("heading", name="From version 1 to 2")).to_be_visible()
    assert found(page) == []


@pytest.mark.long
def test_a_batch_that_was_checked(full, visitors):
    page = full.team.desk(visitors, **UNWATCHED).page
    for rows, said in (
        ("prompt,seconds\nA boat,99\n", "rows cannot be made"),
        ("A boat\nA storm", "rows are fine"),
    ):
        page.goto(f"{full.team.path}batch/")
        page.get_by_label("One prompt a line, or a table").fill(rows)
        page.get_by_role("button", name="Check them").last.click()
        expect(page.get_by_role("heading", name=said)).to_be_visible()
        assert found(page) == []


def speak(page, language):
    """As a person sets it, on the profile."""
    page.goto("/me/")
    page.locator("[name=language]").select_option(language)
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => form.requestSubmit()")


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_in_every_dress(full, visitors, scheme, language, width):
    """Behaviour 39."""
    visitors.expected.append("the server responded with a status of 404")
    dress = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = full.team.desk(visitors, **dress, **UNWATCHED).page
    speak(page, language)
    problems = {}
    for name in (*INSIDE, *CLIPS):
        page.goto(full.address(name))
        assert page.locator("html").get_attribute("lang").lower() == language.lower()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        problems |= {name: broken} if (broken := found(page)) else {}
    find_by_wish(page, full)
    problems |= {"finder": broken} if (broken := found(page)) else {}
    speak(page, "en")
    assert problems == {}
