"""seedance2ai.io, row by row (docs/vendors/seedance2ai.md)."""

from decimal import Decimal

import pytest

from tests.vendors.asking import IDEM, body, codes, end, problems, references, reply, start
from tests.vendors.recorded import recording, urls
from videos.vendors import registry
from videos.vendors.contract import Accepted, Charge, Kind, RateLimit, Refused, Unreadable, Wish, Working

VENDOR = registry.vendor("seedance2ai")
VIDEO = "seedance2ai/seedance"
GPT = "seedance2ai/gpt-image-2"
NANO = "seedance2ai/nano-banana-pro"
STILL = "https://cdn.example/1.png"


def over(output: object) -> dict:
    return {"id": "gpt2_1", "status": "completed", "output": output, "credits_used": 8}


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "sd2_1"},
        {"task_id": "sd2_1"},
        {"taskId": "sd2_1"},
        {"data": {"id": "sd2_1"}},
        {"data": {"task_id": "sd2_1"}},
        {"data": {"taskId": "sd2_1"}},
    ],
)
@pytest.mark.parametrize("http", [200, 201, 202])
def test_trap_3_1_the_id_is_found_in_every_likely_place(answer, http):
    assert VENDOR.read_submit(reply(http, answer)) == Accepted("sd2_1", {"task_id": "sd2_1"})


def test_trap_3_1_no_id_is_unknown_and_may_be_asked_again():
    assert isinstance(VENDOR.read_submit(reply(200, {"ok": True})), Unreadable)
    assert VENDOR.idempotent


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"code": "insufficient_credits", "message": "no", "required_credits": 30}},
        {"code": "insufficient_credits", "message": "no"},
        {"error": "no"},
        {"message": "no"},
    ],
)
def test_trap_3_2_an_error_is_read_in_every_likely_shape(answer):
    outcome = VENDOR.read_submit(reply(402, answer))
    assert (type(outcome), outcome.kind, outcome.said) == (Refused, Kind.INSUFFICIENT_CREDITS, "no")


def test_trap_3_3_unnamed_words_mean_working():
    for word in ("processing", "queued", "rendering"):
        outcome = VENDOR.read_check(reply(200, {"id": "sd2_1", "status": word}))
        assert outcome == Working(None, word, known=word != "rendering")


def test_trap_3_3_the_task_is_asked_for_with_a_get():
    call = VENDOR.check({"task_id": "sd2_1"})
    assert (call.method, call.path, call.body) == ("GET", "/api/v1/tasks/sd2_1", None)


@pytest.mark.parametrize("error", ["boom", {"message": "boom"}, {"code": "x", "message": "boom"}])
def test_trap_3_4_a_failure_says_why_and_a_refund_is_never_assumed(error):
    outcome = VENDOR.read_check(
        reply(200, {"id": "a", "status": "failed", "error": error, "credits_used": 30})
    )
    assert (type(outcome), outcome.said) == (Refused, "boom")
    assert outcome.charge == Charge(Decimal(30), None)
    assert not VENDOR.refunds_failures


def test_trap_3_4_a_refund_counts_when_the_vendor_says_so():
    assert recording("seedance2ai", "check-failed").read().charge == Charge(Decimal(30), Decimal(30))


@pytest.mark.parametrize(
    "output",
    [
        {"images": [{"url": STILL}]},
        {"images": [STILL]},
        {"image_urls": [STILL]},
        {"imageUrls": [STILL]},
        {"image_url": STILL},
        {"url": STILL},
        [STILL],
    ],
)
def test_trap_3_5_stills_are_found_in_every_shape(output):
    outcome = VENDOR.read_check(reply(200, over(output)))
    assert [(found.kind, found.url) for found in outcome.outputs] == [("still", STILL)]


def test_trap_3_5_four_stills_are_four_outputs():
    assert len(urls(recording("seedance2ai", "check-finished-stills").read())) == 4
    assert body(GPT, "A shoe", count=4)["batchCount"] == 4


def test_trap_3_6_409_concludes_nothing_and_the_same_bytes_may_go_again():
    outcome = recording("seedance2ai", "submit-unclear-idempotency-conflict").read()
    assert (type(outcome), outcome.kind) == (Unreadable, Kind.CONFLICT)
    model, wish = registry.model(VIDEO), Wish("A cat", {"seed": 0})
    assert VENDOR.submit(model, wish, idem_key=IDEM) == VENDOR.submit(model, wish, idem_key=IDEM)


@pytest.mark.parametrize("seconds", [4, 5, 10, 15])
def test_trap_3_7_seconds_are_sent_as_text(seconds):
    assert body(VIDEO, "A cat", seconds=seconds)["duration"] == str(seconds)


def test_trap_3_7_four_to_fifteen():
    assert codes(problems(VIDEO, "A cat", seconds=3)) == [("seconds", "not_legal")]
    assert problems(VIDEO, "A cat", seconds=16)[0].values["legal"] == tuple(range(4, 16))


def test_trap_3_8_three_endpoints_three_spellings():
    video = body(VIDEO, "A cat", aspect_ratio="9:16")
    gpt = body(GPT, "A cat", *references(1), aspect_ratio="9:16")
    nano = body(NANO, "A cat", *references(1), aspect_ratio="9:16")
    assert video["aspect_ratio"] == gpt["aspectRatio"] == nano["image_size"] == "9:16"
    assert gpt["imageUrls"] == nano["image_urls"]
    assert {"batchCount", "imageUrls", "aspectRatio"} <= set(gpt)
    assert {"output_format", "image_urls", "image_size"} <= set(nano)


@pytest.mark.parametrize("channel", ["standard", "economy"])
def test_trap_3_9_auto_is_one_k_on_both_channels(channel):
    found = problems(GPT, "A shoe", aspect_ratio="auto", resolution="2K", channel=channel)
    assert codes(found) == [("resolution", "not_with")]
    assert found[0].values["legal"] == ("1K",)
    assert problems(GPT, "A shoe", aspect_ratio="auto", channel=channel) == []


def test_trap_3_9_a_square_has_no_4k_on_the_standard_channel():
    assert codes(problems(GPT, "A shoe", aspect_ratio="1:1", resolution="4K")) == [("resolution", "not_with")]
    assert problems(GPT, "A shoe", aspect_ratio="1:1", resolution="4K", channel="economy") == []
    assert problems(GPT, "A shoe", aspect_ratio="3:2", resolution="4K") == []


def test_trap_3_10_no_seed_on_the_real_channel():
    assert codes(problems(VIDEO, "A cat", channel="real", seed=0)) == [("seed", "not_with")]
    assert problems(VIDEO, "A cat", channel="wild", seed=0) == []
    assert "seed" not in body(VIDEO, "A cat", channel="real")


def test_trap_3_11_sound_is_always_said():
    assert body(VIDEO)["generate_audio"] is True
    assert body(VIDEO, "A cat", audio=False)["generate_audio"] is False


def test_trap_3_12_only_the_keys_of_the_chosen_mode_are_sent():
    keys = {"image_url", "end_image_url", "media_urls"}
    text, one = body(VIDEO), body(VIDEO, "A cat", start())
    both, media = body(VIDEO, "A cat", start(), end()), body(VIDEO, "A cat", *references(12))
    assert (text["mode"], keys & set(text)) == ("text-to-video", set())
    assert (one["mode"], keys & set(one)) == ("image-to-video", {"image_url"})
    assert (both["mode"], keys & set(both)) == ("image-to-video", {"image_url", "end_image_url"})
    assert (media["mode"], keys & set(media)) == ("media-to-video", {"media_urls"})


def test_trap_3_12_frames_and_media_do_not_mix():
    assert codes(problems(VIDEO, "A cat", start(), *references(1))) == [("pictures", "roles_not_together")]
    assert codes(problems(VIDEO, "A cat", end())) == [("pictures", "picture_needed")]


def test_trap_3_13_media_are_pictures_and_films_up_to_twelve():
    assert problems(VIDEO, "A cat", *references(12, "video")) == []
    assert codes(problems(VIDEO, "A cat", *references(13))) == [("pictures", "too_many_pictures")]
    assert codes(problems(NANO, "A cat", *references(1, "video"))) == [("pictures", "media_not_allowed")]


def test_trap_3_14_a_redirect_concludes_nothing_and_says_where_it_points():
    outcome = recording("seedance2ai", "submit-unclear-redirect").read()
    assert (type(outcome), outcome.code) == (Unreadable, "redirect")
    assert outcome.said == "https://www.seedance2ai.io/api/v1/video/seedance"


@pytest.mark.parametrize("name", ["service-busy", "internal-error"])
def test_trap_3_15_busy_and_broken_are_repeated_only_under_the_same_key(name):
    assert isinstance(recording("seedance2ai", f"submit-unclear-{name}").read(), Unreadable)
    assert [v.slug for v in registry.VENDORS.values() if v.idempotent] == ["seedance2ai"]


def test_trap_3_16_a_key_is_known_by_its_beginning_and_never_repeated():
    assert VENDOR.key_hint == "sk_live_"
    told = {"error": {"code": "unauthorized", "message": "Key sk_live_abcdef123456 was revoked"}}
    assert "abcdef" not in VENDOR.read_submit(reply(401, told)).said


def test_trap_3_17_every_post_carries_a_key_of_plain_characters():
    for key in (VIDEO, GPT, NANO):
        call = VENDOR.submit(registry.model(key), Wish("A cat"), idem_key=IDEM)
        assert dict(call.headers)["Idempotency-Key"] == IDEM
    for bad in ("", "two words", "schlüssel", "a\r\nb", "x" * 256):
        with pytest.raises(ValueError, match="Idempotency-Key"):
            VENDOR.submit(registry.model(VIDEO), Wish("A cat"), idem_key=bad)


def test_trap_3_18_what_only_others_have_seen_is_not_offered():
    assert {model.endpoint for model in VENDOR.models} == {
        "/api/v1/video/seedance",
        "/api/v1/image/gpt-image-2",
        "/api/v1/image/nano-banana-pro",
    }
    for asked in ({"tier": "mini"}, {"aspect_ratio": "adaptive"}, {"resolution": "4k"}):
        assert [problem.code for problem in problems(VIDEO, "A cat", **asked)] == ["not_legal"]


def test_the_account_has_thirty_calls_a_minute_looks_included():
    assert VENDOR.rate == RateLimit(30, 60)


@pytest.mark.parametrize(("key", "longest"), [(VIDEO, 10_000), (GPT, 20_000), (NANO, 10_000)])
def test_three_characters_at_least(key, longest):
    assert codes(problems(key, "ab")) == [("prompt", "prompt_too_short")]
    assert problems(key, "猫猫猫") == [] and problems(key, "x" * longest) == []
    assert codes(problems(key, "x" * (longest + 1))) == [("prompt", "prompt_too_long")]


def test_the_pictures_of_the_still_models():
    assert codes(problems(GPT, "A shoe", *references(11))) == [("pictures", "too_many_pictures")]
    assert codes(problems(NANO, "A shoe", *references(9))) == [("pictures", "too_many_pictures")]
    assert body(NANO, "A shoe", *references(8))["type"] == "image-to-image"
