"""``manage.py models`` and the page made of it."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.vendors.recorded import DOCUMENTS
from videos.vendors import options, registry

PAGE = DOCUMENTS.parent / "vendors.md"


def printed(*flags: str) -> str:
    out = StringIO()
    call_command("models", *flags, stdout=out)
    return out.getvalue()


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == printed("--markdown"), "write it anew: manage.py models --markdown"


def test_every_link_of_the_page_leads_somewhere():
    for part in PAGE.read_text("utf-8").split("](")[1:]:
        assert (PAGE.parent / part.partition(")")[0]).is_file()


def test_json_names_every_model_with_what_it_takes():
    listed = {entry["model"]: entry for entry in json.loads(printed("--json"))}
    assert list(listed) == list(registry.MODELS)
    for key, entry in listed.items():
        model = registry.model(key)
        assert list(entry["options"]) == [option.name for option in model.options]
        for option in model.options:
            told = entry["options"][option.name]
            assert told["default"] == option.default
            legal = told.get("legal") or range(told["minimum"], told["maximum"] + 1, told["step"])
            assert all(options.is_legal(option, value) for value in list(legal[:3]) + [legal[-1]])
        assert [mode["mode"] for mode in entry["pictures"]] == [mode.name for mode in model.modes]


def test_json_prices_are_the_ones_people_are_shown():
    for entry in json.loads(printed("--json")):
        model = registry.model(entry["model"])
        assert (entry["prices"] is None) == (model.prices is None)
        for row in entry["prices"] or []:
            asked = {name: row[name] for name in model.prices.by}
            price = options.price(model, asked)
            assert Decimal(row["amount"]) == price.amount
            assert row["usd"] is None or Decimal(row["usd"]) == price.usd


@pytest.mark.parametrize("key", registry.MODELS)
def test_the_list_for_people_has_every_model(key):
    assert f"\n{key}  " in "\n" + printed()


def test_the_list_speaks_plainly():
    text = printed()
    assert "resolution 480p, seconds 12, audio no: 19 credits (about $0.095)" in text
    assert "29 to 289 in steps of 4" in text
    assert "with channel real: seed not possible" in text
    assert "start 1 and end 0 to 1" in text


def test_a_wish_is_answered_as_the_page_answers_it():
    text = printed("--wish", "seconds=12", "audio=yes", "aspect_ratio=16:9")
    first, second, *_rest = text.splitlines()
    assert first == "can     seedanceapi-org/seedance-2.0"
    assert second.strip() == "12 s · 16:9 · 720p · Sound: on · 84 credits, about $0.42"
    assert "unknown until done" in text
    assert "cannot  seedanceapi-dev/seedance-lite-5s\n        Length is fixed by this model: 5 s.\n" in text


def test_a_wish_for_scripts():
    found = {
        one["model"]: one
        for one in json.loads(printed("--json", "--wish", "seconds=12", "--wish", "price=0.1"))
    }
    assert sorted(found) == sorted(registry.MODELS)
    dear = found["seedanceapi-org/seedance-2.0"]
    assert not dear["can"] and dear["reasons"][0]["code"] == "too_dear" and dear["usd"] == "0.21"
    assert found["seedance2ai/seedance"]["can"] and found["seedance2ai/seedance"]["price"] is None


@pytest.mark.parametrize("wish", ["seconds=long", "colour=red", "aspect_ratio=7:3", "count=2"])
def test_a_wish_that_is_none_is_refused(wish):
    with pytest.raises(CommandError, match=wish.partition("=")[0]):
        printed("--wish", wish)
