"""Whatever bytes a stranger sends: a typed outcome, quickly, and never an exception."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.recorded import recordings
from videos.vendors import options, registry
from videos.vendors.contract import (
    Accepted,
    Finished,
    Hint,
    Picture,
    Refused,
    Reply,
    Unreadable,
    Wish,
    Working,
)
from videos.vendors.strict_json import NotAnObject, read_object

FEW = settings(max_examples=150, deadline=None)
MANY = settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = [
    "success",
    "SUCCESS",
    "succeeded",
    "completed",
    "failed",
    "expired",
    "pending",
    "IN_PROGRESS",
    "odd",
    "",
]
KEYS = [
    "code", "message", "data", "task_id", "id", "status", "videos", "url", "error", "result", "video", "consumed",
    "response", "output", "images", "success", "credits_used", "content", "video_url", "status_reason", "error_message",
]  # fmt: skip

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([*WORDS, "https://cdn.example/1.mp4", "0.5", "t1", "200", "402"]),
    st.text(max_size=20),
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner)
    ),
    max_leaves=20,
)
bodies = st.one_of(st.binary(max_size=200), trees.map(lambda tree: json.dumps(tree).encode()))
statuses = st.sampled_from(
    [0, 100, 200, 201, 204, 301, 307, 400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 503, 999]
)
headers = st.dictionaries(st.sampled_from(["retry-after", "location"]), st.text(max_size=80))


def is_clean(text: str) -> bool:
    return len(text) <= 2000 and "\0" not in text and text.encode() is not None and "\n" not in text


def is_sound(outcome: object) -> bool:
    """Typed all the way down, and safe to store and to show."""
    match outcome:
        case Accepted():
            return bool(outcome.task_id) and (outcome.now is None or is_sound(outcome.now))
        case Finished():
            return all(
                found.url.startswith(("http://", "https://", "HTTP")) for found in outcome.outputs
            ) and bool(outcome.outputs)
        case Refused() | Unreadable():
            return is_clean(outcome.said) and is_clean(outcome.code) and is_clean(outcome.retry_after)
        case Working():
            return is_clean(outcome.word) and (outcome.percent is None or 0 <= outcome.percent <= 100)
        case Hint():
            return bool(outcome.task_id) and is_sound(outcome.outcome)
    return False


@FEW
@given(status=statuses, body=bodies, sent=headers)
def test_any_answer_has_a_typed_outcome(status, body, sent):
    has_a_typed_outcome(status, body, sent)


@pytest.mark.long
@pytest.mark.timeout(1800)
@MANY
@given(status=statuses, body=bodies, sent=headers)
def test_any_answer_has_a_typed_outcome_however_many_are_tried(status, body, sent):
    has_a_typed_outcome(status, body, sent)


def has_a_typed_outcome(status, body, sent):
    reply = Reply(status, body, sent)
    for vendor in registry.VENDORS.values():
        submit, check = vendor.read_submit(reply), vendor.read_check(reply)
        assert isinstance(submit, (Accepted, Refused, Unreadable)) and is_sound(submit)
        assert isinstance(check, (Working, Finished, Refused, Unreadable)) and is_sound(check)
        if not 200 <= status < 300:
            assert isinstance(check, Unreadable) and not isinstance(submit, Accepted)
        if status >= 500:
            assert isinstance(submit, Unreadable)
        if vendor.read_callback:
            hint = vendor.read_callback(body)
            assert hint is None or is_sound(hint)


@FEW
@given(data=st.data())
def test_a_recorded_answer_with_one_part_broken_is_still_typed(data):
    told = data.draw(st.sampled_from([r for r in recordings("*-*") if "body" in r.told]))
    tree = json.loads(told.body())
    node = tree
    while isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)))
        if not isinstance(node[key], dict) or data.draw(st.booleans()):
            node[key] = data.draw(trees)
            break
        node = node[key]
    reply = Reply(told.told["status"], json.dumps(tree).encode())
    assert is_sound(told.vendor.read_submit(reply)) and is_sound(told.vendor.read_check(reply))


@FEW
@given(
    body=st.binary(max_size=400)
    | st.text(alphabet='{}[]",:0123456789eE.-+\\u tfn', max_size=200).map(str.encode)
)
def test_strict_json_never_raises_and_is_never_laxer_than_json(body):
    got = read_object(body)
    if isinstance(got, NotAnObject):
        return
    assert isinstance(json.loads(body.decode("utf-8-sig")), dict)


@FEW
@given(depth=st.integers(1, 200))
def test_depth_is_counted_outside_texts(depth):
    nested = b'{"a":' * depth + b'"]]]][[[["' + b"}" * depth
    assert isinstance(read_object(nested), NotAnObject) == (depth > 64)


def test_long_numbers_do_not_cost_an_answer():
    body = b'{"task_id":"t1","data":{"n":' + b"9" * 5000 + b',"f":1e99999999999999999999}}'
    assert registry.vendor("acedata").read_submit(Reply(200, body)) == Accepted("t1", {"task_id": "t1"})


def test_a_reply_past_the_cap_is_not_read():
    assert read_object(b'{"a":"' + b"x" * (1 << 20) + b'"}') == NotAnObject("too_big")
    assert read_object(b"\xef\xbb\xbf" + b'{"a":1}') == {"a": 1}


prompts = st.text(max_size=60) | st.lists(
    st.sampled_from(["A cat", "--dur", "5", "--rs", "720p", "--fps", "24", "--odd", "@image1", "@image", "\n", "--wm true"]),
    max_size=8,
).map(" ".join)  # fmt: skip
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["720p", "16:9", "real"])
)
pictures = st.lists(
    st.builds(
        Picture,
        st.sampled_from(["start", "end", "reference", "odd"]),
        st.sampled_from(["", "https://studio.example/1.png", "data:image/png;base64,AA", "nonsense"]),
        st.sampled_from(["image", "video"]),
    ),
    max_size=4,
).map(tuple)


@FEW
@given(
    model=st.sampled_from(list(registry.MODELS.values())),
    prompt=prompts,
    asked=st.dictionaries(st.sampled_from(["seconds", "frames", "seed", "audio", "channel", "odd"]), values),
    shown=pictures,
)
def test_any_wish_is_either_refused_or_sent_whole(model, prompt, asked, shown):
    lifted, flags, _ = options.lift_flags(model, prompt)
    wish = Wish(lifted, {**asked, **flags}, shown)
    problems = options.check(model, wish)
    vendor = registry.vendor(model.vendor)
    try:
        call = vendor.submit(model, wish, idem_key="k")
    except options.UnsendableRequest as unsendable:
        assert unsendable.problems and (problems or any(not picture.url for picture in shown))
        return
    assert problems == []
    sent = call.body.decode()
    for picture in shown:
        assert picture.url in sent
    kept, _ = options.carry_over(model, wish.options)
    assert options.complete(model, kept) == options.complete(model, wish.options)


@FEW
@given(prompt=st.text(max_size=80), mapping=st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_renumbering_changes_mentions_and_nothing_else(prompt, mapping):
    if "@image" not in prompt:
        assert options.renumber(prompt, mapping) == prompt
    forward = {1: 3, 3: 2, 2: 1}
    back = {new: old for old, new in forward.items()}
    text = f"{prompt} @image1 @image2 @image3"
    assert options.renumber(options.renumber(text, forward), back) == text
