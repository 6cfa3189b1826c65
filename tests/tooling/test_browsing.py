"""The browser the journeys use does notice what it promises to notice."""

import asyncio

import pytest

STRICT = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'"}
INLINE = "<!doctype html><body style='color: red'><p>Too colourful</p></body>"


@pytest.fixture
def broken_rule(page):
    page.route("http://studio.invalid/", lambda route: route.fulfill(headers=STRICT, body=INLINE))
    page.goto("http://studio.invalid/")
    return page


def test_an_inline_style_is_a_complaint(broken_rule, visitors):
    assert any("style-src" in complaint for complaint in visitors.complaints)
    visitors.complaints.clear()


def test_an_expected_complaint_is_none(visitors):
    visitors.expected.append("as planned")
    page = visitors.arrive()
    page.goto("data:text/html,<title>x</title>")
    page.evaluate("console.error('went wrong as planned'); console.error('went wrong')")
    page.evaluate("1")
    assert visitors.complaints == ["went wrong"]
    visitors.complaints.clear()


def test_between_browser_tests_no_loop_is_in_sight():
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
