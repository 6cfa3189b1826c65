"""seedanceapi.dev, row by row (docs/vendors/seedanceapi-dev.md)."""

from decimal import Decimal

import pytest

from tests.vendors.asking import body, codes, problems, reply, start
from tests.vendors.recorded import recording
from videos.vendors import options, registry
from videos.vendors.contract import Accepted, Finished, Kind, Picture, Refused, Unreadable, Working

VENDOR = registry.vendor("seedanceapi-dev")
PRO = "seedanceapi-dev/seedance-pro-5s"


def task(**data) -> dict:
    return {"code": 0, "message": "ok", "data": {"task_id": "abc123", **data}}


@pytest.mark.parametrize(
    ("model_id", "resolution", "seconds", "audio", "credits"),
    [
        ("seedance-lite-5s", "720p", 5, False, 12),
        ("seedance-lite-10s", "720p", 10, False, 24),
        ("seedance-pro-5s", "1080p", 5, False, 35),
        ("seedance-pro-10s", "1080p", 10, False, 70),
        ("seedance-1.5-pro-5s", "1080p", 5, True, 50),
        ("seedance-1.5-pro-10s", "1080p", 10, True, 100),
    ],
)
def test_every_row_of_the_price_table(model_id, resolution, seconds, audio, credits):
    model = registry.model(f"seedanceapi-dev/{model_id}")
    assert dict(model.fixed) == {"seconds": seconds, "resolution": resolution, "audio": audio}
    assert options.price(model, {}).amount == Decimal(credits)


@pytest.mark.parametrize("http", [200, 400])
def test_trap_0_1_an_error_is_an_error_whatever_the_http_status(http):
    outcome = VENDOR.read_submit(reply(http, {"code": 401, "message": "API Key 无效"}))
    assert (type(outcome), outcome.kind) == (Refused, Kind.AUTH)


def test_trap_0_1_a_page_has_only_its_http_status():
    assert VENDOR.read_submit(reply(500, b"<h1>oops</h1>")).kind is Kind.SERVER


@pytest.mark.parametrize("code", [0, "0"])
def test_trap_0_2_zero_is_success_as_number_and_as_text(code):
    answer = {"code": code, "message": "ok", "data": {"task_id": "abc123"}}
    assert VENDOR.read_submit(reply(200, answer)).task_id == "abc123"


@pytest.mark.parametrize("code", [200, "200"])
def test_trap_0_2_two_hundred_is_no_success_here(code):
    """Nor is it an error: what else stands in the answer counts, and a look decides."""
    assert isinstance(VENDOR.read_submit(reply(200, {"code": code, "message": "ok"})), Unreadable)
    answer = task(status="success", videos=[{"url": "https://cdn.example/1.mp4"}]) | {"code": code}
    taken = VENDOR.read_submit(reply(200, answer))
    assert (type(taken), taken.task_id, taken.now) == (Accepted, "abc123", None)
    assert isinstance(VENDOR.read_check(reply(200, answer)), Finished)


def test_trap_0_2_any_other_number_is_an_error():
    answer = task(status="success", videos=[{"url": "https://cdn.example/1.mp4"}]) | {"code": 1}
    assert isinstance(VENDOR.read_submit(reply(200, answer)), Unreadable)
    assert isinstance(VENDOR.read_check(reply(200, answer)), Unreadable)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Insufficient credits", Kind.INSUFFICIENT_CREDITS),
        ("积分不足", Kind.INSUFFICIENT_CREDITS),
        ("余额不足", Kind.INSUFFICIENT_CREDITS),
        ("not enough balance", Kind.INSUFFICIENT_CREDITS),
        ("请求参数错误", Kind.INVALID_REQUEST),
    ],
)
def test_trap_0_3_a_400_is_about_money_or_about_input(message, kind):
    outcome = VENDOR.read_submit(reply(400, {"code": 400, "message": message}))
    assert outcome == Refused(kind, message, "400")


def test_trap_0_4_the_model_is_always_sent():
    for model in VENDOR.models:
        assert body(model.key)["model"] == model.id


def test_trap_0_5_an_unknown_scene_does_not_matter():
    answer = task(status="pending", scene="image-to-video-v2")
    assert VENDOR.read_check(reply(200, answer)) == Working(None, "pending")


@pytest.mark.parametrize("videos", [{}, {"videos": None}, {"videos": []}, {"videos": [{}]}])
def test_trap_0_6_success_without_a_film_is_not_success(videos):
    outcome = VENDOR.read_check(reply(200, task(status="success", error=None, **videos)))
    assert outcome == Unreadable(Kind.NO_OUTPUT, "", "no_output")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("boom", "boom"),
        ({"message": "boom", "code": 7}, "boom"),
        ({"code": "E7"}, "E7"),
        (None, ""),
        ([{"message": "a"}], "a"),
    ],
)
def test_trap_0_7_an_error_may_have_any_shape(error, said):
    assert VENDOR.read_check(reply(200, task(status="failed", error=error))).said == said


def test_trap_0_8_a_submit_may_already_be_over():
    taken = recording("seedanceapi-dev", "submit-finished-at-once").read()
    assert isinstance(taken, Accepted) and isinstance(taken.now, Finished)
    failed = VENDOR.read_submit(reply(200, task(status="failed", error="boom")))
    assert failed.now == Refused(Kind.FAILED, "boom")


@pytest.mark.parametrize(
    "asked", [{"aspect_ratio": "16:9"}, {"seed": 0}, {"resolution": "720p"}, {"seconds": 10}]
)
def test_trap_0_9_what_the_name_decides_cannot_be_asked_for(asked):
    found = problems(PRO, "A cat", **asked)
    assert [problem.field for problem in found] == list(asked)
    assert "legal" in found[0].values


def test_trap_0_9_only_documented_keys_are_sent():
    assert set(body(PRO, "A cat", start(), seconds=5, audio=False)) == {"prompt", "model", "image"}


@pytest.mark.parametrize("url", ["ftp://host/a.png", "//host/a.png", "a.png", "data:image/png;base64,AAAA"])
def test_trap_0_10_a_picture_is_a_web_address(url):
    assert [p.field for p in problems(PRO, "A cat", Picture("start", url))] == ["pictures"]


def test_trap_0_10_a_prompt_has_our_own_limit():
    assert codes(problems(PRO, "x" * 10_001)) == [("prompt", "prompt_too_long")]


def test_trap_0_11_nothing_repeats_or_calls_back():
    assert (VENDOR.idempotent, VENDOR.callback) == (False, False)
    lost = VENDOR.read_submit(reply(504, b""))
    assert isinstance(lost, Unreadable)  # unknown, not failed


def test_trap_0_12_not_our_task_is_no_verdict():
    for name in ("check-unclear-not-ours", "check-unclear-not-found"):
        outcome = recording("seedanceapi-dev", name).read()
        assert (type(outcome), outcome.kind) == (Unreadable, Kind.NOT_FOUND)


def test_a_picture_may_stand_instead_of_words_and_something_must():
    assert "prompt" not in body(PRO, "", start())
    assert codes(problems(PRO, " ")) == [("prompt", "prompt_needed")]


def test_the_one_picture_is_a_start_or_a_reference_to_people():
    for role in ("start", "reference"):
        assert body(PRO, "A cat", Picture(role, "https://studio.example/1.png"))["image"]
    assert codes(problems(PRO, "A cat", start(), start())) == [("pictures", "too_many_pictures")]
