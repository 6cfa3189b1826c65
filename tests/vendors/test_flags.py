"""Settings typed into a prompt, wherever they stand and however they are spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.vendors import flags, options, registry
from videos.vendors.contract import Wish

PRO = registry.model("acedata/doubao-seedance-1-5-pro-251215")
INLINE = [model for model in registry.MODELS.values() if model.prompt.inline]
OTHERS = [model for model in registry.MODELS.values() if not model.prompt.inline]

BEFORE = ["A kitten. ", "A kitten.", "小猫打哈欠。", "小猫，", "小猫", "A kitten, ", "A kitten,", "a (kitten)", "kitten", "A “kitten”",
          "A kitten\n", "A kitten\u3000", "A kitten\u00a0", "🐱", ""]  # fmt: skip
SPELLED = ["--dur 10", "--dur=10", "--dur:10", "--dur10", "--duration 10", "--DUR 10", "--dur\u300010", "－－dur 10", "－－ｄｕｒ　１０",
           "—dur 10", "–dur 10", "——dur 10", "―dur：10", "‑‑dur 10", "---dur 10", "--dur\t10", "−−dur 10"]  # fmt: skip


@pytest.mark.parametrize("spelled", SPELLED)
@pytest.mark.parametrize("before", BEFORE)
def test_a_flag_is_lifted_wherever_it_stands(before, spelled):
    assert options.lift_flags(PRO, before + spelled) == (before.rstrip(), {"seconds": 10}, [])


@pytest.mark.parametrize(
    "after", [".", "。", ",", "，", ", a dog", "\nA dog", "、狗", "小狗", " A dog", ")", "--rs 1080p"]
)
def test_what_stands_behind_its_value_stays(after):
    prompt, asked, problems = options.lift_flags(PRO, f"A kitten --dur 10{after}")
    assert asked["seconds"] == 10 and not problems
    assert prompt == ("A kitten" if "rs" in after else f"A kitten {after.lstrip(' ')}".rstrip())


@pytest.mark.parametrize("model", INLINE, ids=lambda model: model.key)
def test_the_case_that_was_reported(model):
    prompt, asked, problems = options.lift_flags(model, "小猫打哈欠。--rs 1080p --dur 10")
    assert (prompt, asked, problems) == ("小猫打哈欠。", {"resolution": "1080p", "seconds": 10}, [])


@pytest.mark.parametrize("model", [*INLINE, *OTHERS], ids=lambda model: model.key)
@pytest.mark.parametrize("spelled", ["cat--wm true", "猫。--wm true", "猫，－－wm true", "cat—wm true"])
def test_a_flag_is_an_option_or_is_refused_by_its_name(model, spelled):
    prompt, asked, problems = options.lift_flags(model, spelled)
    if model.option("watermark"):
        assert asked == {"watermark": True} and not problems and "wm" not in prompt
    else:
        assert [(one.code, one.values["flag"]) for one in problems] == [("flag_without_option", "--wm")]


@pytest.mark.parametrize("model", INLINE, ids=lambda model: model.key)
@pytest.mark.parametrize(
    "text", ["猫。--quality high", "cat--quality high", "猫，－－quality", "A cat.--quality", "----quality"]
)
def test_any_other_word_behind_hyphens_is_refused_by_its_name_where_a_vendor_would_read_it(model, text):
    assert [(one.code, one.values["flag"]) for one in options.lift_flags(model, text)[2]] == [
        ("flag_not_known", "--quality")
    ]
    assert any(one.code == "flag_not_known" for one in options.check(model, Wish(text)))


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model.key)
def test_and_is_text_for_every_other_vendor(model):
    text = "猫。--quality high, he waits--then leaves"
    assert options.lift_flags(model, text) == (text, {}, [])


@pytest.mark.parametrize(
    "text",
    ["A cat -- no, two cats", "rock—roll", "5--7 cats", "the hero—frames of memory", "life – seed of doubt", "A ratio—duration unknown",
     "a---", "——", "—dur", "well-known-seed 5"],
)  # fmt: skip
def test_punctuation_stays_punctuation(text):
    assert options.lift_flags(PRO, text) == (text, {}, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [("猫。--dur", "flag_without_value"), ("猫--dur 十", "flag_without_value"), ("猫。--dur 10s", "not_a_number"), ("cat--seed 5-6", "not_a_number"),
     ("猫，--fps 30", "flag_not_legal"), ("—fps 30", "flag_not_legal")],
)  # fmt: skip
def test_a_flag_without_a_value_that_it_may_have_is_refused(text, code):
    assert [one.code for one in options.lift_flags(PRO, text)[2]] == [code]


def test_a_dash_with_a_value_that_is_not_legal_is_refused_and_not_sent_as_text():
    assert options.lift_flags(PRO, "A cat —dur 99")[1] == {"seconds": 99}


@given(st.text(alphabet="-—–－ dursw15:=。，\n", max_size=40))
def test_nothing_that_a_vendor_would_read_is_ever_sent(text):
    """What is left is free of flags, or it is refused."""
    for model in (PRO, OTHERS[0]):
        lifted, _asked, problems = options.lift_flags(model, text)
        again, more, same = options.lift_flags(model, lifted)
        assert problems or not more or again != lifted
        if model.prompt.inline and not problems:
            assert "--dur" not in lifted and not flags.flag_problems(model, lifted)
