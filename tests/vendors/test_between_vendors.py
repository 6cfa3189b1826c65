"""What must be kept apart between vendors, and what all of them share (docs/vendors/between.md)."""

import pytest

from tests.vendors.asking import body, codes, problems, references, reply, start
from videos.vendors import faults, options, registry
from videos.vendors.contract import Found, Kind, Refused, Unreadable, Working
from videos.vendors.status_words import WORDS, family_of

ORG, DEF = "seedanceapi-org/seedance-2.0", "defapi/seedance-2.0"
DEV, ACE = "seedanceapi-dev/seedance-pro-5s", "acedata/doubao-seedance-1-0-pro-250528"
S2A, GPT, NANO = "seedance2ai/seedance", "seedance2ai/gpt-image-2", "seedance2ai/nano-banana-pro"
VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)


def default(key: str, name: str) -> object:
    option = registry.model(key).option(name)
    return option.default if option else None


def shapes(key: str) -> tuple:
    return registry.model(key).option("aspect_ratio").legal


def test_trap_a5_duration_has_a_type_per_vendor():
    assert body(DEF)["duration"] == 5 and body(ACE)["duration"] == 5
    assert body(S2A)["duration"] == "5" and body(ORG)["duration"] == "8"
    assert "duration" not in body(DEV)


def test_trap_a5_ratio_has_a_name_per_endpoint():
    names = {"ratio", "aspect_ratio", "aspectRatio", "image_size"}
    sent = {key: names & set(body(key)) for key in (DEV, DEF, ACE, S2A, GPT, NANO, ORG)}
    assert sent == {
        DEV: set(), DEF: {"ratio"}, ACE: {"ratio"}, S2A: {"aspect_ratio"},
        GPT: {"aspectRatio"}, NANO: {"image_size"}, ORG: {"aspect_ratio"},
    }  # fmt: skip


def test_trap_a5_ratio_sets_differ():
    six = {"16:9", "9:16", "1:1", "4:3", "3:4", "21:9"}
    assert set(shapes(DEF)) == set(shapes(S2A)) == six
    assert set(shapes(ACE)) == six | {"adaptive"}
    assert set(shapes(ORG)) == six | {"9:21"}
    assert len(shapes(GPT)) == 16 and len(shapes(NANO)) == 11
    assert "auto" in shapes(GPT) and "auto" in shapes(NANO)


def test_trap_a5_ratio_defaults_differ():
    found = [default(key, "aspect_ratio") for key in (DEF, S2A, ORG, NANO)]
    assert found == ["16:9", "16:9", "1:1", "auto"]


def test_trap_a5_audio_differs():
    assert default(S2A, "audio") is True and default(ORG, "audio") is False
    assert registry.model(DEV).fixed["audio"] is False
    assert registry.model("seedanceapi-dev/seedance-1.5-pro-5s").fixed["audio"] is True
    assert codes(problems(DEF, "A cat", audio=True)) == [("audio", "not_offered")]


def test_trap_a5_the_camera_lock_has_two_names():
    assert "camerafixed" in body(ACE)
    assert "fixed_lens" in body(S2A) and "fixed_lens" in body(ORG)


def test_trap_a5_prompt_lengths_differ():
    limits = {key: (m.prompt.minimum, m.prompt.maximum) for key, m in registry.MODELS.items()}
    assert limits[S2A] == (3, 10_000) and limits[GPT] == (3, 20_000) and limits[NANO] == (3, 10_000)
    assert limits[ORG] == (1, 2000)


def test_trap_a5_picture_counts_differ():
    most = {
        key: max(sum(slot.maximum for slot in mode.slots) for mode in model.modes)
        for key, model in registry.MODELS.items()
    }
    assert (most[DEV], most[DEF], most[ACE], most[S2A], most[GPT], most[NANO], most[ORG]) == (
        1,
        9,
        2,
        12,
        10,
        8,
        1,
    )


def test_trap_a5_mention_is_one_vendors_own_word():
    """More in test_mentions.py."""
    assert body(DEF, "@image1 walks", *references(1))["content"][0]["text"] == "@image1 walks"
    assert body(S2A, "@image1 walks", *references(1))["prompt"] == "image 1 walks"
    assert body(ORG, "@image1 walks", start())["prompt"] == "the image walks"


def test_trap_a5_no_length_is_common_to_all():
    def lengths(slug: str) -> set[int]:
        found: set[int] = set()
        for model in registry.models_for([slug]):
            option = model.option("seconds")
            fixed = {model.fixed["seconds"]} if "seconds" in model.fixed else set()
            found |= {n for n in range(1, 61) if option and options.is_legal(option, n)} | fixed
        return found

    org = lengths("seedanceapi-org")
    common = lengths("seedanceapi-dev") & lengths("defapi") & lengths("acedata") & lengths("seedance2ai")
    assert common == {5, 10} and org == {4, 8, 12}
    assert org <= lengths("acedata") and org <= lengths("seedance2ai")


@pytest.mark.parametrize(
    ("words", "kin"),
    [
        (
            "pending queued queueing queuing waiting wait submitted created in_queue starting not_start",
            "working",
        ),
        ("processing running in_progress generating progress", "working"),
        ("success succeeded succeed completed complete finished done", "finished"),
        ("failed failure fail error rejected", Kind.FAILED),
        ("expired timeout timed_out", Kind.VENDOR_EXPIRED),
        ("cancelled canceled", Kind.VENDOR_CANCELED),
    ],
)
def test_every_status_word_by_family(words, kin):
    for word in words.split():
        for spelling in (word, word.upper(), word.replace("_", "-"), f" {word.replace('_', ' ').title()} "):
            assert family_of(spelling) == kin
        assert WORDS.get(word) == kin
    assert family_of("almost") is None


def test_trap_a7_1_code_first_then_http_then_words():
    ace = registry.vendor("acedata")
    assert (
        ace.read_submit(reply(400, {"error": {"code": "invalid_token", "message": "balance"}})).kind
        is Kind.AUTH
    )
    assert (
        ace.read_submit(reply(402, {"error": {"code": "odd", "message": "sensitive"}})).kind
        is Kind.INSUFFICIENT_CREDITS
    )
    assert (
        ace.read_submit(reply(400, {"error": {"code": "odd", "message": "sensitive"}})).kind
        is Kind.MODERATION
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("InputImageSensitiveContentDetected.PrivacyInformation", Kind.REAL_PERSON),
        ("The image contains a real person", Kind.REAL_PERSON),
        ("OutputAudioSensitiveContentDetected", Kind.MODERATION_AUDIO),
        ("OutputVideoSensitiveContentDetected.PolicyViolation", Kind.MODERATION_OUTPUT),
        ("InputImageSensitiveContentDetected", Kind.MODERATION_IMAGE),
        ("InputTextSensitiveContentDetected", Kind.MODERATION_PROMPT),
        ("提示词包含敏感内容", Kind.MODERATION_PROMPT),
        ("InputTextRiskDetection", Kind.MODERATION_PROMPT),
        ("blocked by safety policy", Kind.MODERATION),
        ("Failed to download image", Kind.BAD_IMAGE),
        ("image format unsupported", Kind.BAD_IMAGE),
        ("prompt is too long", Kind.BAD_PROMPT),
        ("duration must be 4, 8 or 12", Kind.BAD_OPTION),
        ("积分不足", Kind.INSUFFICIENT_CREDITS),
        ("insufficient permissions", None),
        ("fetch failed", None),
    ],
)
def test_trap_a7_1_what_the_words_are_about(text, kind):
    assert faults.guess_kind(text) is kind


def test_trap_a7_1_words_never_make_a_paid_request_repeatable():
    guessed = {kind for kind, _ in faults.GUESSES}
    assert not guessed & (faults.UNSURE | {Kind.RATE_LIMITED, Kind.AUTH})


@VENDORS
def test_trap_a7_2_the_body_is_read_whatever_the_status_and_a_page_is_no_answer(vendor):
    refused = vendor.read_submit(reply(422, {"message": "The prompt is sensitive"}))
    assert refused == Refused(Kind.MODERATION_PROMPT, "The prompt is sensitive")
    for raw in (b"<html>ok</html>", b""):
        assert vendor.read_check(reply(200, raw)).kind is Kind.PROTOCOL
        assert isinstance(vendor.read_submit(reply(200, raw)), Unreadable)


@VENDORS
@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 520])
def test_trap_a7_3_only_a_refusal_before_acting_is_certain(vendor, status):
    assert isinstance(vendor.read_submit(reply(status, {"message": "insufficient credits"})), Unreadable)


@VENDORS
@pytest.mark.parametrize("code", [500, "502", 503])
def test_trap_a7_3_a_server_error_inside_a_200_is_not_certain(vendor, code):
    assert isinstance(vendor.read_submit(reply(200, {"code": code, "message": "no credits"})), Unreadable)


@VENDORS
def test_trap_a7_4_the_body_is_whole_before_anything_is_sent(vendor):
    for model in vendor.models:
        pictures = (start(),) if "i2v" in model.id else ()
        wish = options.Wish("A cat — 猫 🐈", {}, pictures)
        calls = {vendor.submit(model, wish, idem_key="k").body for _ in range(3)}
        assert len(calls) == 1 and "猫 🐈".encode() in calls.pop()


@VENDORS
@pytest.mark.parametrize("status", [401, 403, 404, 408, 409, 429, 500, 503])
def test_trap_a7_5_no_look_that_went_wrong_fails_a_job(vendor, status):
    assert isinstance(vendor.read_check(reply(status, {"code": status, "message": "failed"})), Unreadable)


@VENDORS
def test_trap_a7_6_a_404_has_its_own_kind_so_that_somebody_can_count(vendor):
    assert vendor.read_check(reply(404, {"code": 404, "message": "gone"})).kind is Kind.NOT_FOUND


def test_trap_a7_7_a_callback_carries_what_is_needed_to_ask():
    for vendor in registry.VENDORS.values():
        if vendor.callback:
            hint = vendor.read_callback(b'{"task_id":"t1","data":{"task_id":"t1"}}')
            assert vendor.check(hint.ticket) == vendor.check(vendor.adopt("t1"))


@VENDORS
def test_trap_a7_8_no_key_in_any_call_and_no_redirect_is_an_answer(vendor):
    for model in vendor.models:
        pictures = (start(),) if "i2v" in model.id else ()
        call = vendor.submit(model, options.Wish("A cat", {}, pictures), idem_key="k")
        assert "authorization" not in {name.lower() for name, _ in call.headers}
        assert call.path.startswith("/") and "?" not in call.path
    for status in (301, 302, 307, 308):
        moved = vendor.read_submit(reply(status, b"", location="https://elsewhere.example/"))
        assert (type(moved), moved.code) == (Unreadable, "redirect")
        assert isinstance(vendor.read_check(reply(status, b'{"status":"success"}')), Unreadable)


def test_trap_a7_9_only_web_addresses_are_results():
    vendor = registry.vendor("seedance2ai")
    for url in (
        "file:///etc/passwd",
        "gopher://x/",
        "https:///nohost",
        "https://a b/",
        "http://[::1",
        "x" * 5000,
    ):
        answer = {"id": "a", "status": "completed", "output": {"video_url": url}}
        assert vendor.read_check(reply(200, answer)).kind is Kind.NO_OUTPUT
    answer = {
        "id": "a",
        "status": "completed",
        "output": {"video_url": "https://c/1.mp4", "cover_url": "https://c/1.jpg"},
    }
    assert vendor.read_check(reply(200, answer)).outputs == (Found("video", "https://c/1.mp4"),)


def test_progress_is_shown_only_when_the_vendor_says_it():
    vendor = registry.vendor("defapi")
    for said, want in ((45, 45), ("45%", 45), (101, None), ("soon", None), (None, None), (-1, None)):
        answer = {"code": 0, "data": {"task_id": "t", "status": "running", "progress": said}}
        assert vendor.read_check(reply(200, answer)) == Working(want, "running")


def test_no_vendor_takes_the_thirteenth_picture():
    for model in registry.MODELS.values():
        assert problems(model.key, "A cat", *references(13))
