"""What a person does at the create page, in words: choose, type, press, wait, watch."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# Playwright's wait_for_function would be refused by the pages' own policy: it needs eval.
UNSETTLED = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
PATIENCE = 60_000  # a film takes about a second here, and waits for its turn behind others

# From the press to the moment its card is in the page, as the browser's own clock has it.
STOPWATCH = """() => {
  window.appeared = [];
  let pressed = 0;
  const seen = new Set([...document.querySelectorAll("article.card")].map((card) => card.id));
  document.addEventListener("submit", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    for (const card of document.querySelectorAll("article.card")) {
      if (seen.has(card.id)) continue;
      seen.add(card.id);
      window.appeared.push([card.id, performance.now() - pressed]);
    }
  }).observe(document.body, { subtree: true, childList: true });
}"""


@dataclass(frozen=True, slots=True)
class Desk:
    page: Page
    path: str

    @property
    def prompt(self) -> Locator:
        return self.page.get_by_label("Prompt", exact=True)

    @property
    def button(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Generate"))

    @property
    def cards(self) -> Locator:
        return self.page.get_by_role("article")

    def card(self, prompt: str) -> Locator:
        """The newest card with this prompt."""
        return self.cards.filter(has_text=prompt).first

    def choose(self, model: str, **wishes: object) -> None:
        """A model (``vendor/model``), then options by the name the form gives them."""
        with self._drawn_again():
            self.page.get_by_label("Model").select_option(model)
        for name, value in wishes.items():
            self._wish(name, str(value))

    def _wish(self, name: str, value: str) -> None:
        field = self.page.locator(f'[name="option.{name}"]')
        look = field.first.evaluate("field => field.type")
        if look == "radio":
            field = self.page.locator(f'[name="option.{name}"][value="{value}"]')
        if look in ("radio", "checkbox"):
            if field.is_checked() != (value != "False"):
                with self._drawn_again():
                    field.set_checked(value != "False", force=True)
        elif field.input_value() != value:
            with self._drawn_again():
                if look == "select-one":
                    field.select_option(value)
                else:
                    field.fill(value)
                    field.blur()

    def _drawn_again(self):
        return DrawnAgain(self.page)

    def press(self, prompt: str) -> Locator:
        """Types and presses; the card that appears."""
        before = self.cards.count()
        self.prompt.fill(prompt)
        self.button.click()
        expect(self.cards).to_have_count(before + 1)
        self.settle()
        return self.card(prompt)

    def settle(self) -> None:
        """Until what was asked of the server is drawn."""
        settled(self.page)

    def come_back(self) -> None:
        """To this tab from another: the page looks at once, however slowly it was asking."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def start_stopwatch(self) -> None:
        self.page.evaluate(STOPWATCH)

    def appeared_after(self) -> dict[str, float]:
        """Card id -> milliseconds."""
        return dict(self.page.evaluate("window.appeared"))


class DrawnAgain:
    """``with``: the wishes were asked for again and stand in the page."""

    def __init__(self, page: Page):
        self.page = page
        self.waiting = page.expect_response(lambda reply: "/create/" in reply.url)

    def __enter__(self) -> None:
        self.waiting.__enter__()

    def __exit__(self, *problem) -> None:
        self.waiting.__exit__(*problem)
        settled(self.page)


def settled(page: Page) -> None:
    expect(page.locator(UNSETTLED)).to_have_count(0)


def wait_for(card: Locator, state: str, patience: int = PATIENCE) -> None:
    expect(card).to_have_attribute("data-state", state, timeout=patience)


def until(element: Locator, condition: str) -> None:
    """Until ``condition``, a JavaScript function of the element, is true; the test's timeout ends it."""
    element.evaluate(
        "(element) => new Promise((done) => {"
        f" const look = () => (({condition})(element) ? done() : setTimeout(look, 40)); look(); }})"
    )


def support_words(clip: Page) -> list[str]:
    """The words of what a clip page has for a vendor's support: its task id is one of them."""
    return clip.get_by_role("textbox", name="What support needs", include_hidden=True).input_value().split()
