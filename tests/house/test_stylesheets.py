"""One stylesheet in layers: every file in it once, colours in one place, nothing long."""

import gzip
import re
from collections import Counter
from pathlib import Path

import django_htmx
import pytest
import tinycss2

from .colours import colours
from .sources import ROOT, files, shown

CSS = ROOT / "static/css"
LAYERS = ["reset", "tokens", "base", "layout", "components", "utilities"]


def app_rules():
    rules = tinycss2.parse_stylesheet((CSS / "app.css").read_text(), skip_comments=True, skip_whitespace=True)
    return [
        (rule.lower_at_keyword, [node for node in rule.prelude if node.type != "whitespace"])
        for rule in rules
    ]


def test_the_layers_are_declared_first_and_in_order():
    keyword, prelude = app_rules()[0]
    assert keyword == "layer"
    assert [node.value for node in prelude if node.type == "ident"] == LAYERS


def test_every_file_is_imported_exactly_once_into_a_layer():
    imported = Counter()
    for keyword, prelude in app_rules()[1:]:
        assert keyword == "import", "app.css imports, and does nothing else"
        address, layer = prelude
        path = address.value if address.type in ("string", "url") else address.arguments[0].value
        assert layer.lower_name == "layer" and layer.arguments[0].value in LAYERS
        imported[(CSS / path).resolve()] += 1
    assert imported == Counter(path for path in files("static/css", suffix=".css") if path.name != "app.css")


def test_stylesheets_are_short():
    lengths = {shown(path): len(path.read_text().splitlines()) for path in files("static/css", suffix=".css")}
    assert {name: lines for name, lines in lengths.items() if lines > 200} == {}


def test_stylesheets_paint_with_roles():
    paths = (path for path in files("static/css", suffix=".css") if path.name != "tokens.css")
    assert {shown(path): found for path in paths if (found := colours(path.read_text()))} == {}


@pytest.mark.parametrize(
    "css",
    [
        "a { color: #fff }",
        "a { border: 1px solid Red }",
        "@layer x { a { &:hover { background: linear-gradient(oklch(50% 0 0), var(--ink)) } } }",
        "@media print { a { --edge: rgb(0 0 0 / 50%) } }",
    ],
)
def test_a_colour_written_out_is_found(css):
    assert len(colours(css)) == 1


def test_names_that_only_look_like_colours_are_none():
    assert colours("#add { color: var(--red); outline-color: transparent; fill: currentcolor }") == []


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
MOVES = re.compile(r"\banimation:\s*\w+ (?:([\d.]+)(m?s)|var\(--(?:quick|calm)\))[^;}]*")
# By hand: it goes on as long as a person stays, or as what they just asked for takes.
BY_HAND = re.compile(r":hover|:focus|\[aria-busy\]")


def moving(css: str) -> list[str]:
    """Selectors under which something moves by itself for more than five seconds (WCAG 2.2.2)."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [
        selector.strip()
        for selector, declared in RULE.findall(css)
        for found in MOVES.finditer(declared)
        if not BY_HAND.search(selector)
        and ("infinite" in found[0] or float(found[1] or 0) * (0.001 if found[2] == "ms" else 1) > 5)
    ]


def test_nothing_moves_by_itself_for_longer_than_five_seconds():
    found = {shown(path): moving(path.read_text()) for path in files("static/css", suffix=".css")}
    assert {name: selectors for name, selectors in found.items() if selectors} == {}


def test_what_moves_is_found():
    css = """/* a */ .a { animation: x 2s linear infinite } @media print { .b::before { color: red; animation: x 5.1s } }
      .c { animation: x 6000ms } .d { animation: x 5s } .e:hover { animation: x 9s infinite } .f { animation: x var(--calm) }"""
    assert moving(css) == [".a", ".b::before", ".c"]


def test_what_a_browser_loads_as_script_stays_small():
    """28 kB with htmx, compressed as it travels."""
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    scripts = [htmx, *files("static/js", suffix=".js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 28_000
