"""seedanceapi.org, row by row (docs/vendors/seedanceapi-org.md)."""

from decimal import Decimal

import pytest

from tests.vendors.asking import body, codes, problems, reply, start
from tests.vendors.recorded import recording
from videos.vendors import options, registry
from videos.vendors.contract import Finished, Found, Kind, Refused, Unreadable, Working

VENDOR = registry.vendor("seedanceapi-org")
KEY = "seedanceapi-org/seedance-2.0"
FILM = "https://cdn.example/1.mp4"


def task(**data) -> dict:
    return {"code": 200, "message": "success", "data": {"task_id": "seed15", **data}}


@pytest.mark.parametrize(
    ("resolution", "seconds", "audio", "credits", "usd"),
    [
        ("480p", 4, False, 8, "0.04"),
        ("480p", 4, True, 14, "0.07"),
        ("480p", 8, False, 14, "0.07"),
        ("480p", 8, True, 28, "0.14"),
        ("480p", 12, False, 19, "0.095"),
        ("480p", 12, True, 38, "0.19"),
        ("720p", 4, False, 14, "0.07"),
        ("720p", 4, True, 28, "0.14"),
        ("720p", 8, False, 28, "0.14"),
        ("720p", 8, True, 56, "0.28"),
        ("720p", 12, False, 42, "0.21"),
        ("720p", 12, True, 84, "0.42"),
    ],
)
def test_trap_4_7_every_row_of_the_price_table(resolution, seconds, audio, credits, usd):
    model = registry.model(KEY)
    price = options.price(model, {"resolution": resolution, "seconds": seconds, "audio": audio})
    assert (price.amount, price.usd) == (Decimal(credits), Decimal(usd))


def test_trap_4_7_a_price_nobody_published_is_not_made_up():
    model = registry.model(KEY)
    assert len(model.prices.rows) == 12
    assert options.price(model, {"seconds": 5}) is None
    assert options.price(model, {"resolution": "1080p"}) is None


def test_trap_4_1_the_envelopes_success_is_not_the_tasks():
    assert VENDOR.read_check(reply(200, task(status="IN_PROGRESS"))) == Working(None, "IN_PROGRESS")
    lower = VENDOR.read_check(reply(200, task(status="success", response=[FILM])))
    assert isinstance(lower, Finished)


@pytest.mark.parametrize("word", ["FAILED", "FAILURE", "FAIL", "ERROR", "failed"])
def test_trap_4_2_every_word_for_failure(word):
    outcome = VENDOR.read_check(reply(200, task(status=word, error_message="boom")))
    assert outcome == Refused(Kind.FAILED, "boom")
    silent = VENDOR.read_check(reply(200, task(status=word, error_message=None)))
    assert silent == Refused(Kind.FAILED, "")  # never the envelope's "success"


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "INSUFFICIENT_CREDITS", "message": "no"},
        {"code": 402, "message": "no"},
        {"code": "402", "message": "no"},
        {"error_code": "insufficient_credits", "message": "no"},
        {"error": "INSUFFICIENT_CREDITS"},
        {"error": {"code": "INSUFFICIENT_CREDITS", "message": "no"}},
        {"code": 400, "error": "INSUFFICIENT_CREDITS", "message": "no"},
    ],
)
@pytest.mark.parametrize("http", [200, 402])
def test_trap_4_3_a_code_is_found_wherever_it_stands(answer, http):
    outcome = VENDOR.read_submit(reply(http, answer))
    assert (type(outcome), outcome.kind) == (Refused, Kind.INSUFFICIENT_CREDITS)


def test_trap_4_4_an_error_inside_a_200_is_an_error():
    refused = recording("seedanceapi-org", "submit-refused-number-in-200").read()
    assert isinstance(refused, Refused)
    server = VENDOR.read_submit(reply(200, {"code": 500, "message": "Serverfehler"}))
    assert (type(server), server.kind) == (Unreadable, Kind.SERVER)


@pytest.mark.parametrize("seconds", [4, 8, 12])
def test_trap_4_5_seconds_are_sent_as_text(seconds):
    assert body(KEY, "A cat", seconds=seconds)["duration"] == str(seconds)


def test_trap_4_6_the_shape_is_always_sent():
    assert body(KEY)["aspect_ratio"] == "1:1"
    assert body(KEY, "A cat", aspect_ratio="9:21")["aspect_ratio"] == "9:21"


def test_trap_4_8_credits_are_the_truth_and_dollars_an_estimate():
    price = options.price(registry.model(KEY), {})
    assert (price.amount, price.usd, VENDOR.unit) == (Decimal(28), Decimal("0.14"), "credits")
    assert recording("seedanceapi-org", "check-finished").read().charge.amount == Decimal(28)


def test_trap_4_9_the_result_is_inside_data():
    assert VENDOR.read_check(reply(200, task(status="SUCCESS", response=[FILM]))).outputs == (
        Found("video", FILM),
    )


def test_trap_4_10_the_name_says_which_version_it_is():
    model = registry.model(KEY)
    assert (model.id, model.name) == ("seedance-2.0", "Seedance 2.0 (vendor v1)")


@pytest.mark.parametrize("response", [{}, {"response": None}, {"response": []}, {"response": [None, ""]}])
def test_trap_4_11_nothing_there_yet(response):
    assert isinstance(VENDOR.read_check(reply(200, task(status="IN_PROGRESS", **response))), Working)
    over = VENDOR.read_check(reply(200, task(status="SUCCESS", **response)))
    assert (type(over), over.kind) == (Unreadable, Kind.NO_OUTPUT)


def test_trap_4_12_the_webhooks_name_is_inferred_and_sent_only_when_there_is_one():
    assert "callback_url" not in body(KEY)
    assert body(KEY, callback="https://studio.example/h")["callback_url"] == "https://studio.example/h"
    assert VENDOR.read_callback(b'{"task_id":"seed15","status":"SUCCESS"}').ticket == {"task_id": "seed15"}


def test_trap_4_13_the_shape_goes_along_with_a_picture():
    sent = body(KEY, "A cat", start(), aspect_ratio="21:9")
    assert sent["image_urls"] == ["https://studio.example/start.png"] and sent["aspect_ratio"] == "21:9"


def test_trap_4_14_not_found_may_mean_not_yours():
    outcome = recording("seedanceapi-org", "check-unclear-not-found").read()
    assert (type(outcome), outcome.kind) == (Unreadable, Kind.NOT_FOUND)


def test_one_picture_and_two_thousand_characters():
    assert codes(problems(KEY, "A cat", start(), start())) == [("pictures", "too_many_pictures")]
    assert problems(KEY, "猫" * 2000) == []
    assert codes(problems(KEY, "猫" * 2001)) == [("prompt", "prompt_too_long")]
