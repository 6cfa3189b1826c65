"""What became of a text, word by word, as long as the work for it has an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.recipes.changes import TEXT_MOST
from videos.recipes.comparing import STEPS, compare
from videos.recipes.wording import Piece

WORDS = st.lists(st.sampled_from(["fox", "cat", " ", "\n", "红", "猫", ", "]), max_size=60).map("".join)


def old_and_new(pieces: list[Piece]) -> tuple[str, str]:
    return (
        "".join(piece.text for piece in pieces if piece.kind != "ins"),
        "".join(piece.text for piece in pieces if piece.kind != "del"),
    )


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("A red cat sleeps", "A blue cat sleeps", ["=A ", "-red", "+blue", "= cat sleeps"]),
        ("一只红猫在睡觉", "一只蓝猫在睡觉", ["=一只", "-红", "+蓝", "=猫在睡觉"]),
        (
            "one\ntwo\nthree\n",
            "one\n2\nthree\nfour\n",
            ["=one\n", "-two", "+2", "=\n", "=three\n", "+four\n"],
        ),
        ("", "new", ["+new"]),
        ("gone", "", ["-gone"]),
        ("same\nsame", "same\nsame", ["=same\nsame"]),
    ],
)
def test_a_comparison_goes_by_lines_then_by_words_and_by_signs_in_chinese(before, after, pieces):
    found = compare(before, after)
    marks = {"same": "=", "ins": "+", "del": "-"}
    assert [marks[piece.kind] + piece.text for piece in found.pieces] == pieces and found.by_words


@given(WORDS | st.text(max_size=200), WORDS | st.text(max_size=200), st.sampled_from([0, 1, 5, 50, STEPS]))
def test_a_comparison_loses_nothing_whatever_it_may_cost(before, after, steps):
    found = compare(before, after, steps)
    assert old_and_new(found.pieces) == (before, after) and found.steps <= steps


@given(WORDS)
def test_what_is_the_same_is_the_same_for_nothing(text):
    assert compare(text, text, steps=0).pieces == ([Piece("same", text)] if text else [])


def of_size(n: int) -> list[tuple[str, str]]:
    """Pairs of ``n`` characters that share much, little, or the same words in another order."""
    words = ("a slow push in on the red fox " * n)[:n]
    return [
        (words, words.replace("fox", "dog")), (words, words[::-1]), ("\n" * n, "a\n" * (n // 2)),
        (("春夏秋冬" * n)[:n], ("冬秋夏春" * n)[:n]), (("ab " * n)[:n], ("ba " * n)[:n]), ("x" * n, "x\n" * (n // 2)),
    ]  # fmt: skip


@pytest.mark.parametrize("n", [TEXT_MOST // 16, TEXT_MOST // 4, TEXT_MOST])
def test_no_two_texts_cost_more_than_what_a_comparison_may_take(n):
    for before, after in of_size(n):
        found = compare(before, after)
        assert found.steps <= STEPS and old_and_new(found.pieces) == (before, after)


def test_what_is_too_different_stands_there_whole_and_is_told_of():
    found = compare("春夏秋冬" * 2500, "冬秋夏春" * 2500)
    assert not found.by_words and len(found.pieces) <= 4
    assert compare("a fox runs\n" * 500, "a fox runs\n" * 499 + "a dog runs\n").by_words
