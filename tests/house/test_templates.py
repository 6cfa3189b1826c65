"""Templates hold nothing that the content security policy forbids, and no line that nobody can read."""

import re

import pytest

from .sources import files, shown

TEMPLATES = list(files("templates", suffix=".html"))
WRITTEN = [*TEMPLATES, *files("templates", suffix=".txt")]
LONGEST_LINE, LONGEST_FILE = 140, 300
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"\son[a-z]+\s*=|\shx-on\b|javascript:", re.IGNORECASE),
    "a trigger filter, which needs eval": re.compile(r"hx-trigger=\"[^\"]*\["),
    "an inherited htmx attribute": re.compile(r"\shx-(?:disinherit|inherit|boost)\b"),
    "an htmx value computed by a script": re.compile(r"hx-(?:vals|headers)=[\"']js:"),
    "a list in the address of a question": re.compile(r"hx-get=[^>]*hx-include=\"[^\"]*#watch"),
    "text without escaping": re.compile(r"\|\s*safe\b|autoescape off"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what):
    assert [shown(path) for path in TEMPLATES if FORBIDDEN[what].search(path.read_text())] == []


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("an inline style", '<p style="color: red">'),
        ("an inline script", "<script>alert(1)</script>"),
        ("a handler in an attribute", '<a onclick="x()">'),
        ("a trigger filter, which needs eval", '<a hx-trigger="keyup[ctrlKey]">'),
        ("a list in the address of a question", '<a hx-get="/older/" hx-include="#act, #watch">'),
        ("text without escaping", "{{ prompt|safe }}"),
    ],
)
def test_the_patterns_see_what_they_should(what, markup):
    assert FORBIDDEN[what].search(markup)


def test_a_fragment_stands_alone():
    extending = [
        shown(path) for path in TEMPLATES if path.name.startswith("_") and "{% extends" in path.read_text()
    ]
    assert extending == []


def test_no_line_is_longer_than_140_characters():
    assert [
        f"{shown(path)}:{number}"
        for path in WRITTEN
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ] == []


def test_no_template_is_longer_than_300_lines():
    assert [shown(path) for path in WRITTEN if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_sentences_over_several_lines_are_the_ones_that_are_translated():
    """Without ``trimmed`` the indentation would be part of what translators see, and move with the markup."""
    untrimmed = re.compile(r"{% blocktranslate(?![^%]*\btrimmed\b)[^%]*%}(?:(?!{%).)*\n", re.DOTALL)
    assert [shown(path) for path in WRITTEN if untrimmed.search(path.read_text())] == []


def test_a_tag_that_closes_on_a_line_of_its_own_began_one():
    """The loader takes such a line away whole: the white space in front of the first tag has to stand for it."""
    assert [f"{shown(path)}: {line}" for path in TEMPLATES for line in closed_alone(path.read_text())] == []


def test_no_template_has_an_indented_text_in_which_white_space_shows():
    """The loader takes indentation away."""
    shows = re.compile(r"<(pre|textarea)\b[^>]*>(?:(?!</\1>).)*\n", re.DOTALL)
    assert [shown(path) for path in TEMPLATES if shows.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>{% if a %}\n  b\n{% endif %}\nc</p>", ["{% endif %}"]),
        ("<p>\n{% if a %}\n  b\n{% endif %}\nc</p>", []),
        ("<p>{% if a %}b{% endif %}\nc</p>", []),
    ],
)
def test_it_is_seen_where_a_tag_closes_alone(markup, lines):
    assert closed_alone(markup) == lines


def closed_alone(text: str) -> list[str]:
    """The lines that hold nothing but tags and close one that began behind something else."""
    found, begun = [], []
    for line in text.splitlines():
        alone = not re.sub(r"{%.*?%}", "", line).strip()
        for tag in re.finditer(r"{% (end)?(?:autoescape|block|for|if|with)\b.*?%}", line):
            if not tag[1]:
                begun.append(not re.sub(r"{%.*?%}", "", line[: tag.start()]).strip())
            elif not begun.pop() and alone:
                found.append(line.strip())
    return found
