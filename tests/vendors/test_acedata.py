"""acedata.cloud, row by row (docs/vendors/acedata.md)."""

import pytest

from tests.vendors.asking import body, codes, end, problems, references, reply, start
from tests.vendors.recorded import recording, recordings
from videos.vendors import options, registry
from videos.vendors.contract import (
    Accepted,
    Finished,
    Found,
    Kind,
    Picture,
    Refused,
    Unreadable,
    Wish,
    Working,
)

VENDOR = registry.vendor("acedata")
PRO = "acedata/doubao-seedance-1-0-pro-250528"
FAST = "acedata/doubao-seedance-1-0-pro-fast-251015"
PRO_15 = "acedata/doubao-seedance-1-5-pro-251215"
T2V = "acedata/doubao-seedance-1-0-lite-t2v-250428"
I2V = "acedata/doubao-seedance-1-0-lite-i2v-250428"
FILM = "https://platform.cdn.acedata.cloud/seedance/1.mp4"


def record(**response) -> dict:
    return {"id": "t1", "type": "videos", "response": {"success": True, "task_id": "t1", **response}}


def test_trap_2_1_the_call_never_blocks():
    assert body(PRO)["async"] is True and "callback_url" not in body(PRO)
    called_back = body(PRO, callback="https://studio.example/hooks/y")
    assert called_back["callback_url"] == "https://studio.example/hooks/y" and "async" not in called_back


def test_trap_2_1_the_status_call_asks_for_the_outer_id():
    call = VENDOR.check({"task_id": "t1"})
    assert (call.method, call.path) == ("POST", "/seedance/tasks")
    assert call.body == b'{"id":"t1","action":"retrieve"}'


def test_trap_2_1_an_answer_that_comes_back_finished_is_taken():
    taken = recording("acedata", "submit-blocked-until-finished").read()
    assert isinstance(taken, Accepted) and isinstance(taken.now, Finished)


def test_trap_2_2_the_outer_id_is_the_task_and_the_inner_one_is_only_kept():
    taken = recording("acedata", "submit-blocked-until-finished").read()
    assert taken.ticket == {"task_id": "f7096c6c-9430-4392-8201-d259632d7afd"}
    assert taken.now.upstream_id == "cgt-20251222073134-54qcw"
    inner_only = VENDOR.read_submit(reply(200, {"success": True, "data": {"task_id": "cgt-1"}}))
    assert isinstance(inner_only, Unreadable)


def test_trap_2_3_three_shapes_of_one_result():
    found = [told.read().outputs[0] for told in recordings("check-finished-*") if told.slug == "acedata"]
    assert len(found) == 3 and len(set(found)) == 1


def test_trap_2_3_the_first_item_with_an_address_counts():
    items = [{"status": "succeeded", "video_url": ""}, {"video_url": FILM}]
    assert VENDOR.read_check(reply(200, record(data=items))).outputs == (Found("video", FILM),)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"success": False, "data": {"status": "failed"}}, Kind.FAILED),
        ({"success": False, "data": {"status": "expired"}}, Kind.VENDOR_EXPIRED),
        ({"success": False, "data": {"status": "cancelled"}}, Kind.VENDOR_CANCELED),
        ({"success": False, "error": {"code": "used_up", "message": "balance"}}, Kind.INSUFFICIENT_CREDITS),
        ({"success": False, "error": "it broke"}, Kind.FAILED),
    ],
)
def test_trap_2_4_a_task_that_ended_badly_is_told_in_every_way(answer, kind):
    look = VENDOR.read_check(reply(200, record(**answer)))
    assert (type(look), look.kind) == (Refused, kind)


def test_trap_2_4_a_hiccup_on_the_way_is_no_end():
    answer = record(success=False, data={"status": "processing"})
    assert VENDOR.read_check(reply(200, answer)) == Working(None, "processing")
    outside = {"error": {"code": "not_found", "message": "no such task"}, "trace_id": "t"}
    assert VENDOR.read_check(reply(404, outside)).kind is Kind.NOT_FOUND
    vague = VENDOR.read_callback(b'{"success":false,"task_id":"t1"}')
    assert isinstance(vague.outcome, Unreadable)


def test_trap_2_5_a_callback_is_a_hint_with_the_id_to_ask_about():
    hint = recording("acedata", "callback-finished").read()
    assert hint.ticket == VENDOR.adopt(hint.task_id)
    assert isinstance(hint.outcome, Finished)


@pytest.mark.parametrize(
    ("flag", "asked"),
    [
        ("--rs 1080p", {"resolution": "1080p"}),
        ("--resolution 480P", {"resolution": "480p"}),
        ("--rt 21:9", {"aspect_ratio": "21:9"}),
        ("--ratio adaptive", {"aspect_ratio": "adaptive"}),
        ("--dur 12", {"seconds": 12}),
        ("--duration 2", {"seconds": 2}),
        ("--frames 57", {"frames": 57}),
        ("--fps 24", {}),
        ("--framespersecond 24", {}),
        ("--seed -1", {"seed": -1}),
        ("--seed 0", {"seed": 0}),
        ("--cf true", {"camera_fixed": True}),
        ("--camerafixed FALSE", {"camera_fixed": False}),
        ("--wm true", {"watermark": True}),
        ("--watermark false", {"watermark": False}),
    ],
)
def test_trap_2_6_both_spellings_of_a_flag_become_an_option(flag, asked):
    prompt, lifted, found = options.lift_flags(registry.model(PRO), f"A kitten yawns {flag}")
    assert (prompt, lifted, found) == ("A kitten yawns", asked, [])


@pytest.mark.parametrize("prompt", ["A cat --quality high", "--v 6 a cat", "A cat --draft --dur 5"])
def test_trap_2_6_a_word_this_vendor_would_read_as_a_setting_is_refused(prompt):
    lifted = options.lift_flags(registry.model(PRO), prompt)
    assert codes(lifted[2]) == [("prompt", "flag_not_known")]
    assert codes(problems(PRO, lifted[0])) == [("prompt", "flag_not_known")]


def test_trap_2_6_no_flag_is_ever_sent():
    assert ("prompt", "flag_not_known") in codes(problems(PRO, "A cat --dur 12"))
    for told in recordings("request-*"):
        assert b"--" not in told.call().body


def test_trap_2_6_a_wrong_value_is_refused_and_not_defaulted():
    prompt, lifted, found = options.lift_flags(
        registry.model(PRO), "A cat --dur 99 --seed many --fps 30 --cf perhaps"
    )
    assert lifted == {"seconds": 99}
    assert codes(found) == [
        ("seed", "not_a_number"),
        ("prompt", "flag_not_legal"),
        ("camera_fixed", "not_yes_or_no"),
    ]
    assert codes(problems(PRO, "A cat", **lifted)) == [("seconds", "not_legal")]
    assert prompt == "A cat --seed many --fps 30 --cf perhaps"


def test_trap_2_6_prose_with_dashes_stays_prose():
    for prompt in ("A cat -- no, two cats", "well-known  words ", "rock—roll", "5--7 cats"):
        assert options.lift_flags(registry.model(PRO), prompt) == (prompt, {}, [])
        assert problems(PRO, prompt) == []


def test_trap_2_7_seconds_or_frames_and_exactly_one():
    assert codes(problems(PRO, "A cat", seconds=5, frames=57)) == [("frames", "one_of")]
    by_frames = body(PRO, "A cat", frames=57)
    assert by_frames["frames"] == 57 and "duration" not in by_frames
    assert body(PRO)["duration"] == 5 and "frames" not in body(PRO)


def test_trap_2_7_frames_are_25_plus_4n():
    option = registry.model(PRO).option("frames")
    legal = [n for n in range(0, 400) if options.is_legal(option, n)]
    assert legal == list(range(29, 290, 4)) and len(legal) == 66


def test_trap_2_8_two_to_twelve_seconds_and_a_warning_below_four_on_1_5():
    assert (
        codes(problems(PRO, "A cat", seconds=1) + problems(PRO, "A cat", seconds=13))
        == [("seconds", "not_legal")] * 2
    )
    for key, warned in ((PRO, []), (PRO_15, [("seconds", "below_upstream")])):
        assert problems(key, "A cat", seconds=3) == []
        assert codes(options.warn(registry.model(key), Wish("A cat", {"seconds": 3}))) == warned


def test_trap_2_9_frames_are_for_those_who_look_and_the_rate_is_never_sent():
    assert registry.model(PRO).option("frames").advanced
    assert "framespersecond" not in str([told.call().body for told in recordings("request-*")])


def test_trap_2_10_every_cost_bearing_field_is_sent():
    always = {
        "resolution",
        "ratio",
        "duration",
        "watermark",
        "service_tier",
        "return_last_frame",
        "camerafixed",
    }
    for model in VENDOR.models:
        pictures = (start(),) if model.key == I2V else ()
        assert always <= set(body(model.key, "A cat", *pictures))
    assert body(PRO_15)["generate_audio"] is False


def test_trap_2_10_sound_is_asked_for_only_where_there_is_any():
    assert "generate_audio" not in body(PRO)
    assert codes(problems(PRO, "A cat", audio=True)) == [("audio", "fixed_by_model")]
    assert problems(PRO, "A cat", audio=False) == []


def test_trap_2_11_lite_t2v_takes_no_picture_and_lite_i2v_needs_one():
    assert codes(problems(T2V, "A cat", start())) == [("pictures", "role_not_offered")]
    assert codes(problems(I2V)) == [("pictures", "picture_needed")]
    assert problems(I2V, "A cat", start()) == []


def test_trap_2_12_two_frames_outside_the_upstreams_list_warn_and_go():
    pair = (start(), end())
    for key, warned in ((PRO, []), (PRO_15, []), (I2V, []), (FAST, [("pictures", "mode_doubtful")])):
        assert problems(key, "A cat", *pair) == []
        assert codes(options.warn(registry.model(key), Wish("A cat", {}, pair))) == warned


def test_trap_2_13_a_last_frame_needs_a_first():
    for key in (PRO, FAST, I2V):
        found = problems(key, "A cat", end())
        assert codes(found) == [("pictures", "picture_needed")]
        assert found[0].values["role"] == "start"
    assert codes(problems(PRO, "A cat", start(), end(), end())) == [("pictures", "too_many_pictures")]


@pytest.mark.parametrize("name", ["check-finished-flat", "check-finished-content"])
def test_trap_2_14_the_last_frame_is_found_beside_the_film(name):
    outcome = recording("acedata", name).read()
    assert [found.kind for found in outcome.outputs] == ["video", "last_frame"]


def test_trap_2_15_a_picture_may_travel_inside_up_to_a_cap():
    inside = Picture("start", "data:image/png;base64,AAAA")
    assert body(PRO, "A cat", inside)["content"][1]["image_url"] == {"url": inside.url}
    cap = registry.model(PRO).data_pictures
    heavy = Picture("start", "data:image/png;base64," + "A" * cap)
    found = problems(PRO, "A cat", heavy)
    assert codes(found) == [("pictures", "too_big_inside")] and found[0].values["limit"] == cap // 1_000_000


@pytest.mark.parametrize("code", ["token_mismatched", "no_token", "invalid_token", "token_expired"])
def test_trap_2_16_the_code_outranks_http(code):
    outcome = VENDOR.read_submit(reply(400, {"error": {"code": code, "message": "Bad request"}}))
    assert outcome == Refused(Kind.AUTH, "Bad request", code)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "used_up", "message": "used up"}, Kind.INSUFFICIENT_CREDITS),
        ({"code": "disabled", "message": "credential disabled"}, Kind.AUTH),
        ({"code": "forbidden", "message": "content is sensitive"}, Kind.MODERATION),
        ({"code": "forbidden", "message": "input image may contain real person"}, Kind.REAL_PERSON),
        ("no", Kind.MODERATION),
    ],
)
def test_trap_2_17_a_403_is_about_money_the_key_or_the_content(error, kind):
    outcome = VENDOR.read_submit(reply(403, {"error": error, "trace_id": "t"}))
    assert (type(outcome), outcome.kind) == (Refused, kind)


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "error": {"code": "api_error", "message": "fetch failed"}},
        {"error": {"code": "api_error", "message": "fetch failed"}},
        {"error": "fetch failed"},
        {"success": False},
    ],
)
def test_trap_2_18_an_error_is_an_error_with_and_without_the_flag(answer):
    assert isinstance(VENDOR.read_submit(reply(200, answer)), Unreadable)
    assert isinstance(VENDOR.read_submit(reply(500, answer)), Unreadable)


def test_trap_2_19_flex_is_hidden_and_promises_no_discount():
    for model in VENDOR.models:
        option = model.option("service")
        assert option.advanced and option.default == "default"
        assert options.price(model, {"service": "flex"}) is None


def test_trap_2_20_wire_names_are_this_vendors_own():
    wish = body(PRO, "A cat", camera_fixed=True)
    assert wish["camerafixed"] is True and not {"camera_fixed", "fixed_lens"} & set(wish)


def test_a_reference_is_not_a_frame():
    found = problems(PRO, "A cat", *references(1))
    assert codes(found) == [("pictures", "role_not_offered")]
    assert found[0].values["legal"] == ("start", "end")
