"""Rows as text: what people type, paste and save from a spreadsheet."""

import csv
import io
import time

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from videos import labels
from videos.create.many.columns import COLUMNS, SYNONYMS, column
from videos.create.many.table import Row, as_field_text, as_file, read, with_joined
from videos.spreadsheet.cells import original


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
        ("prompt,seconds\none,4,,", ["one"]),
        ("Text, sound and light\nx", ["Text, sound and light", "x"]),
        ("Scene, a wide lake\nA boat", ["Scene, a wide lake", "A boat"]),
        ("Seed, tone, sound\nA boat", ["Seed, tone, sound", "A boat"]),
        ("A cat; slow\nA dog; fast", ["A cat; slow", "A dog; fast"]),
        ("A cat, a dog\nA bird, a fish", ["A cat, a dog", "A bird, a fish"]),
        ("\tindented\n\ttwice", ["indented", "twice"]),
        ('"He said" and left\n"She" too', ['"He said" and left', '"She" too']),
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


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=40)


@given(st.lists(CELL.filter(str.strip), min_size=1, max_size=5))
def test_what_is_written_is_read_again(texts):
    rows = [Row(n, text.strip(), {"seconds": "4"}, (("start", "a.png"),)) for n, text in enumerate(texts, 2)]
    for again, back in ((read(as_file(rows)).rows, original), (read(as_field_text(rows)).rows, str)):
        assert [back(row.prompt) for row in again] == [row.prompt for row in rows]
        assert all(row.cells == {"seconds": "4"} and row.pictures == (("start", "a.png"),) for row in again)


# --- rows with more cells than columns ------------------------------------------------

WIDE = [
    ("seconds,prompt\n8,A red fox, running fast, in snow", "A red fox, running fast, in snow"),
    ("prompt,seconds\nA red fox, running,8", "A red fox, running"),
    ("seconds;prompt;audio\n8;A fox; slow;true", "A fox; slow"),
    ("prompt\tseconds\nA fox\tslow\t8", "A fox\tslow"),
    ("| prompt | seconds |\n|---|---|\n| A fox | slow | 8 |", "A fox|slow"),
    ("prompt,seconds,,\nA fox, slow,8,", "A fox, slow"),
    ('prompt,seconds\n"A fox, slow", fast,8', "A fox, slow, fast"),
]


@pytest.mark.parametrize(("text", "prompt"), WIDE)
def test_cells_beyond_the_columns_are_counted_and_offered_as_part_of_the_prompt(text, prompt):
    found = read(text)
    wide = next(row for row in found.rows if row.beyond)
    assert found.joined[wide.number].prompt == prompt
    again = read(with_joined(text, found.joined))
    assert [row.prompt for row in again.rows] == [prompt] and not any(row.beyond for row in again.rows)
    assert again.rows[0].cells["seconds"] == "8"


def test_other_lines_stay_as_they_were_typed():
    text = 'sep=,\nprompt , seconds\n\n"Two\nlines" , 4\nA fox, slow,8\n  A cat,4\n'
    assert read('prompt,seconds\n"a" ,4').wrong == ("row_unreadable", {"row": 2})
    text = text.replace('" , 4', '", 4')
    assert with_joined(text, read(text).joined) == text.replace("A fox, slow,8", '"A fox, slow",8')


@pytest.mark.parametrize("text", ["prompt,,seconds\nA fox,lost,8", "prompt,seconds,\nA fox,8,lost"])
def test_a_cell_below_no_name_is_not_dropped_in_silence(text):
    assert read(text).rows[0].beyond == 1


@given(st.lists(st.lists(st.text(alphabet='ab ,;"\n', max_size=5), min_size=1, max_size=6), max_size=5))
def test_no_filled_cell_disappears(rows):
    """Every word of a table is in a prompt, in a setting, in a picture, or counted as beyond."""
    found = read("prompt,seconds,start\n" + typed_rows(rows))
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows if any(cell.strip() for cell in row)]
    told = [bool(row.prompt) + len(row.cells) + bool(row.pictures) + row.beyond for row in found.rows]
    assert told == filled


def typed_rows(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


# --- what cannot be read is said --------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ('prompt\n"' + "x" * 200_000, "row_unreadable", 2),
        ('prompt,seconds\nA fox,8\n"A cat,4\nA dog,4', "row_unreadable", 3),
        ('prompt,seconds\n"Stop!" he shouts,8', "row_unreadable", 2),
        ("Shots for Monday\n\nprompt,seconds\nA fox,8", "lines_above_header", 3),
        ("Here is your table:\n| prompt | seconds |\n|---|---|\n| A fox | 8 |", "lines_above_header", 2),
        ("sep=;\nShots\nprompt;seconds\nA fox;8", "lines_above_header", 3),
    ],
)
def test_what_cannot_be_read_is_named_by_its_row(text, code, row):
    assert read(text).wrong == (code, {"row": row}) and not read(text).rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("秒数;分辨率\n8;480p", "no_prompt_column"),
        ("Dauer;Notiz\n8;Fuchs", "no_prompt_column"),
        ("A fox\t8\nA cat\t4", "table_without_header"),
        ("Motiv,Zeit\nEin Fuchs,8\nEine Katze,4", "table_without_header"),
        ("A fox;8 s\nA cat;4 s", "table_without_header"),
        ("| Motiv | Zeit |\n|---|---|\n| Fuchs | 8 |", "table_without_header"),
    ],
)
def test_a_table_without_the_names_of_its_columns_becomes_no_films(text, code):
    assert read(text).wrong[0] == code and not read(text).rows


def test_two_columns_that_mean_the_same_are_told_of():
    assert read("prompt,Szene\na,b").twice == (("prompt", "Szene"),)
    assert read("prompt,seconds,Dauer\na,4,8").twice == (("seconds", "Dauer"),)
    assert read("prompt,start,start\na,b.png,c.png").twice == ()


# --- what programs write around a table -------------------------------------------------

TWO = [(2, "A fox runs", "8"), (3, "A cat sleeps", "4")]


@pytest.mark.parametrize(
    "text",
    [
        "prompt;seconds\nA fox runs;8\nA cat sleeps;4",
        "Prompt\tSeconds\r\nA fox runs\t8\r\nA cat sleeps\t4\r\n",
        "prompt|seconds\nA fox runs|8\nA cat sleeps|4",
        "提示词,时长\nA fox runs,8\nA cat sleeps,4",
        "Eingabe;Dauer (s)\nA fox runs;8\nA cat sleeps;4",
        'seconds, prompt\n8, "A fox runs"\n4, "A cat sleeps"',
        "﻿镜头；\t秒\nA fox runs\t8\nA cat sleeps\t4".replace("；", ""),
        "*Szene*;Länge:\nA fox runs;8\nA cat sleeps;4",
    ],
)
def test_a_header_is_understood(text):
    assert [(row.number, row.prompt, row.cells["seconds"]) for row in read(text).rows] == TWO


@pytest.mark.parametrize("mark", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_what_excel_writes_above_a_table_names_its_delimiter(mark):
    found = read(f"{mark}\nprompt;seconds\nA fox, runs;8\n")
    assert [(row.number, row.prompt, row.cells) for row in found.rows] == [
        (3, "A fox, runs", {"seconds": "8"})
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| prompt | seconds |\n|---|:-:|\n| A fox runs | 8 |\n| A cat \\| sleeps | 4 |",
        "prompt | seconds\n--- | ---\nA fox runs | 8\nA cat \\| sleeps | 4",
        "```markdown\n| prompt | seconds |\n|---|---|\n| A fox runs | 8 |\n| A cat \\| sleeps | 4 |\n```",
    ],
)
def test_a_table_of_bars_is_read(text):
    rows = read(text).rows
    assert [(row.prompt, row.cells) for row in rows] == [
        ("A fox runs", {"seconds": "8"}),
        ("A cat | sleeps", {"seconds": "4"}),
    ]


def test_every_word_of_the_form_names_its_column_in_every_language():
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name in COLUMNS[1:]:
                said = labels.role_name(name) if name in labels.ROLES else labels.option_name(name)
                assert column(said) in (name, said.casefold()), (language, said)
    assert all(column(word) == name for name, words in SYNONYMS.items() for word in words)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text):
    found = read(text)
    assert found.wrong or all(row.number >= 1 for row in found.rows)
    assert with_joined(text, found.joined) if found.joined else True


@pytest.mark.parametrize(
    "text",
    ["prompt," * 50_000, "prompt" + "\n" * 200_000, '"' * 100_000, ("prompt;" + "x;" * 100 + "\n") * 500],
)
def test_a_paste_without_end_takes_no_time(text):
    before = time.process_time()
    read(text)
    assert time.process_time() - before < 2
