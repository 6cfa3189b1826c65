"""A real Chromium that fails a test when a page breaks its own rules."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
  console.error(`content security policy: ${violatedDirective} ${blockedURI} ${sourceFile}`));
"""


def chromium_path() -> str | None:
    """CHROMIUM, else the system's; None is Playwright's own, if somebody installed that."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None


class Visitors:
    """People with a browser each. ``complaints`` collects what their consoles say in red; a test
    that provokes one names it in ``expected`` (a part of the message)."""

    def __init__(self, chromium: Browser):
        self._chromium = chromium
        self._contexts = []
        self.complaints: list[str] = []
        # A refused form is an answer, but Chromium prints every 4xx in red.
        self.expected = ["the server responded with a status of 422"]

    def arrive(self, **context_options) -> Page:
        """A page in a context of its own: ``viewport``, ``locale``, ``java_script_enabled``,
        ``color_scheme``, ``base_url`` ... as Playwright's ``new_context`` has them."""
        context = self._chromium.new_context(**context_options)
        self._contexts.append(context)
        if context_options.get("java_script_enabled", True):
            context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        page.on("console", lambda message: self._hear(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._hear(f"uncaught: {error}"))
        return page

    def _hear(self, complaint: str) -> None:
        if not any(part in complaint for part in self.expected):
            self.complaints.append(complaint)

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        asyncio._set_running_loop(playwright._loop)


@contextmanager
def visiting(chromium: Browser) -> Iterator[Visitors]:
    """Somebody's browsers, for a test or for a whole file of them; complaints fail it at the end.

    Playwright's loop counts as running in this thread for as long as it is open. Between tests it is
    put out of sight, so that Django's guard against database calls inside a running loop keeps
    working for every other test."""
    asyncio._set_running_loop(chromium._loop)
    visitors = Visitors(chromium)
    try:
        yield visitors
    finally:
        asyncio._set_running_loop(chromium._loop)  # a shorter visit may have put it out of sight
        visitors.leave()
        asyncio._set_running_loop(None)
    assert not visitors.complaints, "\n".join(["The browser's console complains:", *visitors.complaints])


@pytest.fixture
def visitors(chromium, monkeypatch) -> Iterator[Visitors]:
    """During a browser test Django is told not to mind the running loop."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with visiting(chromium) as visitors:
        yield visitors


@pytest.fixture
def page(visitors) -> Page:
    """One person at a desk."""
    return visitors.arrive(viewport={"width": 1440, "height": 900})
