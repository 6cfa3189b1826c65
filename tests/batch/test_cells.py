"""Cells that leave the studio: shown by every spreadsheet, run by none."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.spreadsheet.cells import harmless, original, to_csv, to_form_csv

RUN = "=+-@＝＋－＠"
ODD = st.text(alphabet="=+-@＝＋－＠'\";,|\t\n\r a1", max_size=12) | st.text(max_size=30)


@given(ODD)
def test_a_cell_that_was_made_harmless_comes_back_as_it_was(text):
    assert original(harmless(text)) == text


@given(ODD)
def test_no_piece_of_a_cell_is_run_wherever_a_program_splits_it(text):
    for piece in re.split(r"[;,|\t\n\r]", harmless(text)):
        assert not piece.strip(' "\u00a0\u3000').startswith(tuple(RUN)), piece


@pytest.mark.parametrize("split", [";", ",", "\t", "\n", "\r\n", "|", "; ", ';"', ",\u3000"])
@pytest.mark.parametrize("run", RUN)
def test_a_formula_behind_any_delimiter_is_text(split, run):
    assert harmless(f"a{split}{run}1+1") == f"a{split}'{run}1+1"
    assert harmless(f"{run}1+1") == f"'{run}1+1"


def test_words_without_formulas_stay_as_they_are():
    for text in ("A well-known fox; slow, at 5 + 5", "a=b", "mail@example.org", "It's; 'quoted'", "5-7", ""):
        assert harmless(text) == text


@given(st.lists(st.lists(ODD, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_file_is_harmless_and_a_field_is_as_it_was(rows):
    read = list(csv.reader(io.StringIO(to_csv(rows).removeprefix("\ufeff"), newline="")))
    assert [[original(cell) for cell in row] for row in read] == rows
    plain = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    assert list(csv.reader(io.StringIO(to_form_csv(rows), newline=""))) == plain


@pytest.mark.parametrize("piece", ["'", "; ", "' ", "\t", "'\t", ";'", '"', "＝", ";="])
def test_a_cell_costs_in_step_with_its_length(piece):
    """Each place where a cell could begin gives one apostrophe at most."""
    text = piece * 20_000
    assert len(harmless(text)) <= 2 * len(text) + 1 and original(harmless(text)) == text
