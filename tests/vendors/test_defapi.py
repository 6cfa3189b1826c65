"""defapi.org, row by row (docs/vendors/defapi.md)."""

from decimal import Decimal

import pytest

from tests.vendors.asking import body, codes, problems, references, reply, start
from tests.vendors.recorded import recording
from videos.vendors import options, registry
from videos.vendors.contract import Charge, Found, Kind, Picture, Refused, Unreadable, Working

VENDOR = registry.vendor("defapi")
MODEL = "defapi/seedance-2.0"
FILM = "https://cdn.example/1.mp4"


def task(**data) -> dict:
    return {"code": 0, "message": "ok", "data": {"task_id": "ta1", **data}}


@pytest.mark.parametrize("word", ["pending", "submitted", "in_progress", "In Progress", "QUEUED", "in-queue"])
def test_trap_1_1_words_are_read_by_family(word):
    assert VENDOR.read_check(reply(200, task(status=word))) == Working(None, word)


def test_trap_1_1_an_unknown_word_is_neither_success_nor_failure():
    answer = task(status="sublimating", result={"video": FILM})
    assert VENDOR.read_check(reply(200, answer)) == Working(None, "sublimating", known=False)


def test_trap_1_2_a_callback_comes_with_or_without_its_envelope():
    flat = recording("defapi", "callback-flat").read()
    assert flat == recording("defapi", "callback-enveloped").read()
    assert VENDOR.check(flat.ticket).path == f"/api/task/query?task_id={flat.task_id}"


@pytest.mark.parametrize(
    ("http", "kind"), [(400, Kind.INVALID_REQUEST), (401, Kind.AUTH), (404, Kind.NOT_FOUND)]
)
def test_trap_1_3_one_code_for_every_error_so_http_tells(http, kind):
    assert VENDOR.read_submit(reply(http, {"code": 1, "message": "no"})) == Refused(kind, "no", "1")


@pytest.mark.parametrize("words", ["Insufficient balance", "hiccup"])
def test_trap_1_3_an_error_inside_a_200_is_never_certain_for_a_500_has_the_same_code(words):
    said = VENDOR.read_submit(reply(200, {"code": 1, "message": words}))
    assert (type(said), said.said) == (Unreadable, words)


@pytest.mark.parametrize(
    ("http", "outcome", "kind"),
    [
        (402, Refused, Kind.INSUFFICIENT_CREDITS),
        (403, Refused, Kind.AUTH),
        (429, Refused, Kind.RATE_LIMITED),
        (502, Unreadable, Kind.TRANSIENT),
        (503, Unreadable, Kind.TRANSIENT),
        (504, Unreadable, Kind.TRANSIENT),
    ],
)
def test_trap_1_4_the_undocumented_statuses_are_read_all_the_same(http, outcome, kind):
    said = VENDOR.read_submit(reply(http, {"code": 1, "detail": "no"}))
    assert (type(said), said.kind, said.said) == (outcome, kind, "no")


def test_trap_1_5_what_it_cost_is_a_decimal_and_never_a_float():
    outcome = recording("defapi", "check-finished").read()
    assert outcome.charge == Charge(Decimal("0.500000"))
    assert str(outcome.charge.amount) == "0.500000"


def test_trap_1_6_words_are_always_needed():
    assert codes(problems(MODEL, "", *references(1))) == [("prompt", "prompt_needed")]
    assert body(MODEL, "A cat")["content"][0] == {"type": "text", "text": "A cat"}


@pytest.mark.parametrize("mention", ["@image3", "@image10", "@image01"])
def test_trap_1_7_a_mention_without_its_picture_is_refused(mention):
    found = problems(MODEL, f"@image1 meets {mention}", *references(2))
    assert codes(found) == [("prompt", "mention_without_picture")]
    assert found[0].values == {"mention": mention, "legal": ("@image1", "@image2")}


def test_trap_1_7_mentions_follow_their_pictures():
    assert problems(MODEL, "@image1走过花园，然后@image2", *references(2)) == []
    assert problems(MODEL, "write to me@image7.example") == []
    swapped = options.renumber("@image1, @image2 and @image12", {1: 2, 2: 1})
    assert swapped == "@image2, @image1 and @image12"


def test_trap_1_7_pictures_are_sent_in_the_order_they_are_counted():
    content = body(MODEL, "@image1 and @image2", *references(2))["content"]
    assert [item["image_url"]["url"][-5:] for item in content[1:]] == ["1.png", "2.png"]


def test_trap_1_8_no_role_is_sent_and_none_but_references_are_taken():
    assert all("role" not in item for item in body(MODEL, "A cat", *references(9))["content"])
    found = problems(MODEL, "A cat", start())
    assert codes(found) == [("pictures", "role_not_offered")]
    assert found[0].values["legal"] == ("reference",)
    assert codes(problems(MODEL, "A cat", *references(10))) == [("pictures", "too_many_pictures")]


@pytest.mark.parametrize(
    "result", [{"video": FILM}, {"url": FILM}, [{"video": FILM}], [FILM], FILM, {"video": {"url": FILM}}]
)
def test_trap_1_9_the_result_is_found_in_every_shape(result):
    outcome = VENDOR.read_check(reply(200, task(status="success", result=result)))
    assert outcome.outputs == (Found("video", FILM),)


def test_trap_1_10_there_is_no_resolution():
    found = problems(MODEL, "A cat", resolution="720p")
    assert codes(found) == [("resolution", "not_offered")]
    assert found[0].values["legal"] == ("seconds", "aspect_ratio")


def test_trap_1_11_a_404_right_after_the_submit_is_no_verdict():
    outcome = recording("defapi", "check-unclear-not-found").read()
    assert (type(outcome), outcome.kind) == (Unreadable, Kind.NOT_FOUND)


def test_trap_1_12_a_picture_is_never_put_into_the_body():
    inside = Picture("reference", "data:image/png;base64,AAAA")
    assert codes(problems(MODEL, "A cat", inside)) == [("pictures", "needs_public_address")]
