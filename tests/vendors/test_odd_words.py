"""Status words that no document lists, and one that is listed and says little."""

import json

import pytest

from tests.vendors.asking import reply
from tests.vendors.recorded import recordings
from videos.vendors import registry
from videos.vendors.contract import Kind, Refused, Working

VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)


@VENDORS
def test_trap_a7_13_a_word_that_sounds_like_a_check_is_told_apart_and_ends_nothing(vendor):
    told = next(r for r in recordings("check-stopped-by-a-word") if r.slug == vendor.slug)
    for word in (
        "nsfw",
        "NSFW_DETECTED",
        "moderated",
        "in-moderation",
        "violation",
        "sensitivity",
        "blocked",
        "auto_rejected",
    ):
        text = json.dumps(told.told["body"]).replace(
            json.dumps(told.told["expect"]["word"]), json.dumps(word)
        )
        assert vendor.read_check(reply(200, text.encode())) == Working(None, word, known=False, checked=True)
    for word in ("contemplating", "upscaling", "on_hold"):
        text = json.dumps(told.told["body"]).replace(
            json.dumps(told.told["expect"]["word"]), json.dumps(word)
        )
        assert vendor.read_check(reply(200, text.encode())) == Working(None, word, known=False)


@VENDORS
def test_trap_a7_13_rejected_is_a_check_only_where_nothing_else_is_said(vendor):
    told = next(r for r in recordings("check-rejected") if r.slug == vendor.slug)
    said = "The duration is not supported"
    body = told.told["body"] | {"error_message": said, "error": {"message": said}}
    body = body | {
        "data": body.get("data", {})
        | {"error": said, "error_message": said, "status_reason": {"message": said}}
    }
    if "response" in body:
        body["response"] = body["response"] | {"error": {"message": said}}
    outcome = vendor.read_check(reply(200, body))
    assert (type(outcome), outcome.kind, outcome.said) == (Refused, Kind.BAD_OPTION, said)
