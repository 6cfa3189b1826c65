"""Rows as text: what people type, paste and save from a spreadsheet."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.create.many.table import Row, read, written
from videos.spreadsheet import decoded, harmless, original, table


def prompts(text: str) -> list[str]:
    return [row.prompt for row in read(text).rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one\ntwo", ["one", "two"]),
        ("  one  \r\n\r\n\ttwo\r\n", ["one", "two"]),
        ("one, two; three\tfour", ["one, two; three\tfour"]),
        ('"quoted", and not', ['"quoted", and not']),
        ('an "open quote', ['an "open quote']),
        ("prompting\nx", ["prompting", "x"]),
        ("a prompt, said she\nx", ["a prompt, said she", "x"]),
        ("prompt\none, two\nthree; four", ["one, two", "three; four"]),
        ('prompt\n"two\nlines"\n', ["two\nlines"]),
        ("PROMPT;Seconds\none;4", ["one"]),
        ("\n\n prompt , seconds\none,4", ["one"]),
        ("seconds,prompt\n4", [""]),
        ("prompt,seconds\none,4,more,cells", ["one"]),
        ("", []),
        ("\0", []),
        ("=1+1\n@x\n-y", ["=1+1", "@x", "-y"]),
    ],
)
def test_what_is_a_prompt(text, found):
    assert prompts(text) == found


def test_rows_have_the_numbers_that_an_editor_gives_them():
    assert [row.number for row in read("one\n\ntwo").rows] == [1, 3]
    assert [row.number for row in read("prompt,seconds\none\n\n,\ntwo").rows] == [2, 5]


def test_settings_and_pictures_of_a_row():
    found = read("prompt,seconds,audio,reference,reference,start\nx,4,,a.png|b.png,c.png,d.png\n")
    assert found.rows == (
        Row(2, "x", {"seconds": "4"}, (("reference", "a.png"), ("reference", "b.png"), ("reference", "c.png"), ("start", "d.png"))),
    )  # fmt: skip
    assert read("prompt,colour,,Colour,seconds\nx,red\n").unknown == ("colour",)


def test_a_quote_that_is_never_closed_is_said():
    assert read('prompt\n"' + "x" * 200_000).unreadable


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=40),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_again(texts):
    rows = [Row(n, text.strip(), {"seconds": "4"}, (("start", "a.png"),)) for n, text in enumerate(texts, 2)]
    again = read(written(rows)).rows
    safe = [row for row in rows if harmless(row.prompt) == row.prompt]
    assert [row.prompt for row in again if row.prompt in {one.prompt for one in safe}] == [
        row.prompt for row in safe
    ]
    assert all(row.cells == {"seconds": "4"} and row.pictures == (("start", "a.png"),) for row in again)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text):
    found = read(text)
    assert found.unreadable or all(row.number >= 1 for row in found.rows)


@pytest.mark.parametrize(
    "text",
    ["prompt," * 50_000, "prompt" + "\n" * 200_000, '"' * 100_000, ("prompt;" + "x;" * 100 + "\n") * 500],
)
def test_a_paste_without_end_takes_no_time(text):
    before = time.process_time()
    read(text)
    assert time.process_time() - before < 2


@given(st.text(max_size=30))
def test_a_cell_that_was_made_harmless_comes_back_as_it_was(text):
    assert original(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_german_file_is_read_whatever_wrote_it(encoding):
    data = "prompt;seconds\r\nGrüße, Meer;4\r\n".encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert table(decoded(data).removeprefix("\ufeff")) == [
        (1, ["prompt", "seconds"]),
        (2, ["Grüße, Meer", "4"]),
    ]
