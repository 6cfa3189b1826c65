"""Checking, completing, pricing and carrying what a person asked for."""

from decimal import Decimal

import pytest

from tests.vendors.asking import codes, problems, start
from videos.vendors import options, registry
from videos.vendors.contract import Model, Option, Price, PriceTable, Rule, Wish

ORG = registry.model("seedanceapi-org/seedance-2.0")
PRO = registry.model("acedata/doubao-seedance-1-0-pro-250528")
VIDEO = registry.model("seedance2ai/seedance")
GPT = registry.model("seedance2ai/gpt-image-2")
DEV = registry.model("seedanceapi-dev/seedance-1.5-pro-10s")


def change(changes: list) -> dict:
    return {entry.name: (entry.before, entry.after) for entry in changes}


def test_every_reason_is_given_at_once_and_bound_to_its_field():
    found = problems(ORG.key, "", start(), start(), seconds=5, resolution="4K", seed=0)
    assert [problem.field for problem in found] == ["prompt", "seconds", "resolution", "seed", "pictures"]


def test_none_is_not_asked_and_zero_is_a_value():
    assert options.complete(PRO, {"seed": None, "watermark": None})["watermark"] is False
    assert "seed" not in options.complete(PRO, {"seed": None})
    assert options.complete(PRO, {"seed": 0, "camera_fixed": False})["seed"] == 0
    assert problems(PRO.key, "A cat", seed=None, tier=None) == []


def test_true_is_not_one_and_text_is_not_a_number():
    assert codes(problems(ORG.key, "A cat", audio=1)) == [("audio", "not_legal")]
    assert codes(problems(ORG.key, "A cat", seconds="8")) == [("seconds", "not_legal")]
    assert codes(problems(VIDEO.key, "A cat", seconds=True)) == [("seconds", "not_legal")]


def test_complete_keeps_the_models_order():
    assert list(options.complete(ORG, {"audio": True, "seconds": 4})) == [o.name for o in ORG.options]


@pytest.mark.parametrize(
    ("model", "name", "text", "value"),
    [
        (ORG, "seconds", " 8 ", 8),
        (ORG, "seconds", "7", 7),
        (ORG, "resolution", "720P", "720p"),
        (ORG, "resolution", "4K", "4K"),
        (ORG, "audio", "on", True),
        (ORG, "audio", "0", False),
        (PRO, "seed", "-1", -1),
        (PRO, "seed", "0", 0),
        (GPT, "resolution", "2k", "2K"),
        (GPT, "count", "4", 4),
    ],
)
def test_a_forms_text_becomes_a_value(model, name, text, value):
    got = options.parse_value(model.option(name), text)
    assert (type(got), got) == (type(value), value)


@pytest.mark.parametrize(
    ("model", "name", "text", "code"),
    [(ORG, "seconds", "eight", "not_a_number"), (ORG, "seconds", "٨", "not_a_number"), (ORG, "seconds", "", "not_a_number"),
     (PRO, "seed", "1e3", "not_a_number"), (PRO, "seed", "9" * 13, "not_a_number"), (ORG, "audio", "maybe", "not_yes_or_no")],
)  # fmt: skip
def test_a_text_that_cannot_be_a_value_says_so(model, name, text, code):
    with pytest.raises(options.BadValue) as caught:
        options.parse_value(model.option(name), text)
    assert caught.value.problem.code == code and caught.value.problem.values["legal"]


def test_a_switch_keeps_what_is_legal_and_names_the_rest():
    asked = {
        "seconds": 8,
        "aspect_ratio": "9:16",
        "resolution": "1080p",
        "audio": True,
        "seed": 0,
        "tier": "pro",
    }
    kept, changes = options.carry_over(ORG, asked)
    assert kept == {"seconds": 8, "aspect_ratio": "9:16", "resolution": "720p", "audio": True}
    assert change(changes) == {"resolution": ("1080p", "720p"), "seed": (0, None), "tier": ("pro", None)}


@pytest.mark.parametrize(
    ("model", "name", "before", "after"),
    [
        (ORG, "seconds", 5, 4),
        (ORG, "seconds", 6, 4),
        (ORG, "seconds", 11, 12),
        (ORG, "seconds", 15, 12),
        (VIDEO, "seconds", 2, 4),
        (VIDEO, "seconds", 60, 15),
        (VIDEO, "resolution", "480p", "720p"),
        (VIDEO, "resolution", "4K", "720p"),
        (VIDEO, "aspect_ratio", "9:21", "9:16"),
        (VIDEO, "aspect_ratio", "adaptive", "16:9"),
        (GPT, "aspect_ratio", "adaptive", "1:1"),
        (PRO, "frames", 60, 57),
    ],
)
def test_the_nearest_legal_value_and_never_the_dearer_of_two(model, name, before, after):
    kept, changes = options.carry_over(model, {name: before})
    assert kept == {name: after} and change(changes) == {name: (before, after)}


def test_what_the_other_models_name_decides_is_named():
    kept, changes = options.carry_over(DEV, {"seconds": 10, "resolution": "720p", "audio": False})
    assert kept == {}
    assert change(changes) == {"resolution": ("720p", "1080p"), "audio": (False, True)}


def test_what_is_carried_can_be_sent():
    asked = {
        "seconds": 7, "frames": 57, "aspect_ratio": "21:9", "resolution": "4K", "audio": True, "camera_fixed": True,
        "seed": 0, "channel": "real", "tier": "pro", "count": 3, "format": "jpeg", "service": "flex",
    }  # fmt: skip
    for model in registry.MODELS.values():
        kept, changes = options.carry_over(model, asked)
        wish = Wish("A cat", kept, (start(),) if "i2v" in model.id else ())
        assert options.check(model, wish) == []
        untouched = {name for name, value in asked.items() if kept.get(name, model.fixed.get(name)) == value}
        assert {entry.name for entry in changes} == set(asked) - untouched
        assert options.carry_over(model, kept) == (kept, [])


def test_an_exclusion_is_obeyed_when_the_model_is_switched():
    kept, changes = options.carry_over(GPT, {"aspect_ratio": "auto", "resolution": "4K"})
    assert kept == {"aspect_ratio": "auto", "resolution": "1K"}
    assert change(changes) == {"resolution": ("4K", "1K")}
    kept, changes = options.carry_over(VIDEO, {"channel": "real", "seed": 0})
    assert kept == {"channel": "real"} and change(changes) == {"seed": (0, None)}


def test_flags_on_other_vendors():
    assert options.lift_flags(ORG, "A cat --dur 8 --rt 9:16") == (
        "A cat",
        {"seconds": 8, "aspect_ratio": "9:16"},
        [],
    )
    prompt, lifted, found = options.lift_flags(ORG, "A cat --wm true --stylize 50")
    assert (prompt, lifted) == ("A cat --wm true --stylize 50", {})
    assert codes(found) == [("prompt", "flag_without_option")]
    assert problems(ORG.key, "A cat --stylize 50") == []


def test_a_flag_without_its_value_is_refused():
    prompt, lifted, found = options.lift_flags(PRO, "A cat --dur --seed 5")
    assert lifted == {"seed": 5} and codes(found) == [("prompt", "flag_without_value")]
    assert "--dur" in prompt


def test_a_prompt_that_no_vendor_could_read_is_refused():
    assert codes(problems(ORG.key, "a \ud800 cat")) == [("prompt", "prompt_unreadable")]
    assert codes(problems(ORG.key, "a \0 cat")) == [("prompt", "prompt_unreadable")]


def test_a_count_multiplies_a_price():
    table = PriceTable(by=("format",), rows={("png",): Price(Decimal(8), Decimal("0.04"))}, times="count")
    model = Model(
        "v", "m", "M", "still", "/x", prices=table,
        options=(Option("format", legal=("png", "jpeg"), default="png"), Option("count", minimum=1, maximum=4, default=1)),
    )  # fmt: skip
    assert options.price(model, {}) == Price(Decimal(8), Decimal("0.04"))
    assert options.price(model, {"count": 3}) == Price(Decimal(24), Decimal("0.12"))
    assert options.price(model, {"format": "jpeg"}) is None
    assert options.price(model, {"count": 5}) is None


def test_a_vendor_without_a_table_has_no_price():
    priced = {model.vendor for model in registry.MODELS.values() if options.price(model, {})}
    assert priced == {"seedanceapi-org", "seedanceapi-dev"}


def test_a_rule_looks_at_defaults_too():
    model = Model(
        "v", "m", "M", "still", "/x", rules=(Rule((("tier", "pro"),), "audio", (False,)),),
        options=(Option("tier", legal=("pro",), default="pro"), Option("audio", legal=(False, True), default=False)),
    )  # fmt: skip
    assert options.check(model, Wish("x")) == []
    found = options.check(model, Wish("x", {"audio": True}))
    assert codes(found) == [("audio", "not_with")] and found[0].values["when"] == {"tier": "pro"}


def test_the_registry_names_what_there_is():
    assert registry.vendor("acedata").name == "acedata.cloud"
    with pytest.raises(KeyError, match="no vendor 'veo'; there are seedanceapi-org"):
        registry.vendor("veo")
    with pytest.raises(registry.UnknownModel, match="defapi/seedance-2.0"):
        registry.model("defapi/seedance")
    mine = registry.models_for(["defapi", "seedance2ai"])
    assert [model.key for model in mine] == [
        "defapi/seedance-2.0",
        VIDEO.key,
        GPT.key,
        "seedance2ai/nano-banana-pro",
    ]
