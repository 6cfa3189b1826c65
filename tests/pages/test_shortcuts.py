"""The sheet of shortcuts: on every page, as a page of its own, and without single keys for whoever wants none."""

import re

import pytest

pytestmark = pytest.mark.django_db
SHEET, GALLERY = "/shortcuts/", "/t/northlight/"


def keys(html: str) -> set[str]:
    return set(re.findall(r'data-keys="([^"]*)"', html))


def test_needs_somebody_signed_in(client):
    assert client.get(SHEET).url == "/accounts/login/?next=/shortcuts/"
    assert 'id="shortcuts"' not in client.get("/accounts/login/").text


def test_every_page_carries_it_and_a_link_leads_to_it(as_alice, team):
    html = as_alice.get(GALLERY).text
    assert {"?", "L", "K", "Ctrl+Enter", "Enter Tab"} <= keys(html)
    assert f'data-sheet href="{SHEET}"' in html
    page = as_alice.get(SHEET).text
    assert re.search(r"<main.*Go to the prompt.*</main>", page, re.DOTALL)


def test_without_single_keys_there_are_none_and_the_sheet_says_so(as_alice, alice, team):
    type(alice).objects.update(shortcuts=False)
    html = as_alice.get(GALLERY).text
    assert keys(html) == {"Escape", "Ctrl+Enter", "Alt+A", "ArrowDown", "ArrowUp", "Enter Tab"}
    assert "Single keys are switched off." in html and "Beside a film" not in html


@pytest.mark.parametrize(
    ("language", "agent", "printed"),
    [
        ("en", "Mozilla/5.0 (X11; Linux x86_64)", "Ctrl"),
        ("de", "Mozilla/5.0 (Windows NT 10.0)", "Strg"),
        ("de", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "⌘"),
    ],
)
def test_keys_are_called_as_the_keyboard_calls_them(as_alice, team, language, agent, printed):
    html = as_alice.get(GALLERY, headers={"Accept-Language": language, "User-Agent": agent}).text
    assert re.search(rf"<kbd>{printed}</kbd>\s+<kbd>Enter</kbd>", html)
    assert re.search(rf'class="go__keys[^>]*>\s*{printed} ↵\s*<', html)
