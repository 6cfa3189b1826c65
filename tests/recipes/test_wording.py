"""Gaps, what fills them, and what changed: text in, text out, whatever it says (A29)."""

import time

import pytest

from videos.recipes.wording import Piece, fill, missing, pieces, variables

HOSTILE = [
    "{{7*7}}", "{{ }}", "{{}}", "{{{{", "}}{{", "{{a\nb}}", "{{_private}}", "{{request.user}}", "{{a|safe}}", "{% csrf %}",
    "{{" + "x" * 41 + "}}", "<script>alert(1)</script>", "{{__class__}}", "{{1st}}", "{product}", "{{a;b}}",
]  # fmt: skip


def test_two_gaps_in_the_order_in_which_they_come():
    """Behaviour 31."""
    assert variables("{{product}} on {{surface}}, {{ product }} again") == ("product", "surface")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{Product}} and {{product}}", ("Product",)),
        ("{{ a  b }} {{a b}}", ("a b",)),
        ("{{产品}}在{{桌子}}上", ("产品", "桌子")),
        ("{{Größe-2}} {{light_1}}", ("Größe-2", "light_1")),
        ("{{{a}}}", ("a",)),
        ("{{x{{b}}}}", ("b",)),
        ("{{u\u0308ber}} {{über}}", ("über",)),
    ],
)
def test_what_is_a_gap(text, found):
    assert variables(text) == found


@pytest.mark.parametrize("text", HOSTILE)
def test_a29_what_is_no_gap_is_text(text):
    assert variables(text) == ()
    assert fill(text, {"a": "x", "7*7": "49", "product": "y"}) == text


def test_a_gap_is_filled_once():
    """What fills a gap opens none, and is not read again."""
    assert fill("{{a}} {{b}}", {"a": "{{b}}", "b": "{{a}}"}) == "{{b}} {{a}}"


def test_what_is_filled_is_as_it_was_typed():
    assert fill("A {{x}}.", {"X": r" \1 <b>{{7*7}}</b> "}) == r"A \1 <b>{{7*7}}</b>."


def test_an_open_gap_stays_as_it_was_written():
    assert fill("{{ a }} {{b}}", {"b": " "}) == "{{ a }} {{b}}"
    assert missing("{{ a }} {{b}} {{c}}", {"b": " ", "c": "x"}) == ("a", "b")
    assert pieces("A {{x}} and {{y}}.", {"x": "cat"}) == [
        Piece("text", "A "), Piece("filled", "cat"), Piece("text", " and "), Piece("gap", "{{y}}"), Piece("text", "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 5000,
        "{{a" + " " * 10_000,
        "{{" + "\t" * 10_000,
        "{{a " * 2500,
        "{{a}}" * 2000,
        "{{a" + "b" * 10_000,
    ],
)
def test_ten_thousand_characters_take_no_time(text):
    before = time.process_time()
    variables(text), fill(text, {"a": "x"})
    assert time.process_time() - before < 2
