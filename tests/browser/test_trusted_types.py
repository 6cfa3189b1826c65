"""No text becomes a script or a part of a page, whoever wrote it and whichever way it would take."""

import pytest
from playwright.sync_api import expect

WAYS = {
    "a part of the page": "document.body.insertAdjacentHTML('beforeend', text)",
    "the inside of an element": "document.querySelector('main').innerHTML = text",
    "a page in a page": "document.createElement('iframe').srcdoc = text",
    "a script": "document.createElement('script').text = text",
    "the address of a script": "document.createElement('script').src = text",
    "a policy that lets all through": "trustedTypes.createPolicy('mine', {}).createHTML(text)",
}


@pytest.mark.long
def test_a29_no_text_becomes_a_part_of_a_page(studio, visitors):
    desk = studio.desk(visitors)
    visitors.expected += [
        "content security policy:",
        "Trusted",
        "Content Security Policy",
        "evaluate a string",
    ]
    for what, way in WAYS.items():
        tried = (
            f"(text) => {{ try {{ {way}; return 'went through'; }} catch (error) {{ return error.name; }} }}"
        )
        assert desk.page.evaluate(tried, "<b id='planted'>x</b>") in ("TypeError", "EvalError"), what
    expect(desk.page.locator("#planted")).to_have_count(0)
    allowed = "(text) => new DOMParser().parseFromString(text, 'text/html').body.firstChild.id"
    assert desk.page.evaluate(allowed, "<b id='read'>x</b>") == "read", "as htmx reads it"
