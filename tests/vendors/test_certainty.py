"""What may be concluded about money, and what may not: the corners of the readers."""

import pytest

from tests.vendors.asking import codes, problems, reply
from tests.vendors.recorded import recordings
from videos.vendors import registry
from videos.vendors.contract import Accepted, Finished, Found, Kind, Refused, Unreadable, Working
from videos.vendors.strict_json import NotAnObject, read_object

ACE, DEF, S2A = (registry.vendor(slug) for slug in ("acedata", "defapi", "seedance2ai"))
VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)
REFUSALS = pytest.mark.parametrize(
    "told", recordings("submit-refused-*"), ids=lambda told: f"{told.slug}-{told.name}"
)


@REFUSALS
@pytest.mark.parametrize("status", [408, 409, 500, 502, 503])
def test_a_refusal_under_a_status_that_is_none_is_not_certain(told, status):
    outcome = told.vendor.read_submit(reply(status, told.told["body"]))
    assert isinstance(outcome, Unreadable)


@REFUSALS
def test_a_refusal_is_never_a_verdict_on_a_task(told):
    assert isinstance(told.vendor.read_check(told.reply()), Unreadable)


@VENDORS
@pytest.mark.parametrize(
    ("status", "kind"), [(408, Kind.TRANSIENT), (409, Kind.CONFLICT), (425, Kind.TRANSIENT)]
)
def test_waiting_and_conflict_have_their_own_kinds(vendor, status, kind):
    for read in (vendor.read_submit, vendor.read_check):
        outcome = read(reply(status, {"message": "later"}))
        assert (type(outcome), outcome.kind) == (Unreadable, kind)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Forbidden", Kind.AUTH),
        ("This content is sensitive", Kind.MODERATION),
        ("The image shows a real person", Kind.REAL_PERSON),
        ("insufficient permissions", Kind.AUTH),
        ("insufficient quota", Kind.INSUFFICIENT_CREDITS),
    ],
)
def test_a_bare_403_is_told_by_its_words(message, kind):
    outcome = DEF.read_submit(reply(403, {"code": 1, "message": message}))
    assert outcome == Refused(kind, message, "1")


def test_a_task_that_failed_inside_an_error_envelope_has_failed():
    answer = {"code": 1, "message": "error", "data": {"task_id": "t", "status": "failed", "result": None}}
    assert isinstance(DEF.read_check(reply(200, answer)), Refused)
    answer["data"] |= {"status": "success", "result": {"video": "https://cdn.example/1.mp4"}}
    assert isinstance(DEF.read_check(reply(200, answer)), Unreadable)


def test_a_word_outranks_the_flag_where_the_vendor_says_so():
    hiccup = {"success": False, "task_id": "t1", "data": {"status": "processing"}}
    taken = ACE.read_submit(reply(200, hiccup))
    assert (taken.task_id, taken.now) == ("t1", Working(None, "processing"))
    assert ACE.read_check(reply(200, hiccup)) == Working(None, "processing")
    over = {"id": "sd2_1", "status": "failed", "error": {"message": "boom"}}
    taken = S2A.read_submit(reply(200, over))
    assert isinstance(taken, Accepted) and taken.now == Refused(Kind.FAILED, "boom")
    done = {
        "id": "a",
        "status": "completed",
        "error": "late",
        "output": {"video_url": "https://cdn.example/1.mp4"},
    }
    assert isinstance(S2A.read_check(reply(200, done)), Finished)


def test_a_flag_without_a_word_leaves_an_accepted_task_open():
    outcome = ACE.read_submit(reply(200, {"success": False, "task_id": "t1"}))
    assert (type(outcome), outcome.task_id) == (Unreadable, "t1")


@pytest.mark.parametrize(
    ("word", "kind"), [("expired", Kind.VENDOR_EXPIRED), ("cancelled", Kind.VENDOR_CANCELED)]
)
def test_expired_and_cancelled_stay_what_they_are_whatever_the_words(word, kind):
    answer = {"id": "a", "status": word, "error": {"message": "output sensitive, credits kept"}}
    assert S2A.read_check(reply(200, answer)).kind is kind


@pytest.mark.parametrize(
    "name", ["cover_url", "thumbnail", "poster_url", "preview", "previewUrl", "logo", "input_image"]
)
def test_what_lies_beside_a_film_is_no_result(name):
    film = {"clip": "https://cdn.example/1.mp4", name: "https://cdn.example/2.mp4"}
    answer = {"id": "a", "status": "completed", "output": film}
    assert S2A.read_check(reply(200, answer)).outputs == (Found("video", "https://cdn.example/1.mp4"),)


def test_a_last_frame_without_its_film_is_no_result():
    answer = {"id": "a", "status": "completed", "output": {"last_frame_url": "https://cdn.example/1.png"}}
    assert S2A.read_check(reply(200, answer)).kind is Kind.NO_OUTPUT


def test_the_request_echoed_in_an_answer_is_no_result():
    echo = {
        "request": {"image_url": "https://studio.example/a.png"},
        "inputs": ["https://studio.example/b.png"],
    }
    answer = {"id": "a", "status": "completed", "output": echo}
    assert S2A.read_check(reply(200, answer)).kind is Kind.NO_OUTPUT


def test_the_same_film_named_twice_is_one_output():
    url = "https://cdn.example/1.mp4"
    answer = {"code": 0, "data": {"task_id": "t", "status": "success", "result": [url, {"url": url}]}}
    assert DEF.read_check(reply(200, answer)).outputs == (Found("video", url),)


def test_an_answer_that_two_readers_could_read_differently_is_not_read():
    twice = b'{"task_id":"t1","task_id":"t2"}'
    assert read_object(twice) == NotAnObject("repeated_key")
    assert ACE.read_submit(reply(200, twice)).code == "repeated_key"


def test_false_is_not_zero_in_what_a_name_decides():
    key = "seedanceapi-dev/seedance-pro-5s"
    assert codes(problems(key, "A cat", audio=0)) == [("audio", "fixed_by_model")]
    assert problems(key, "A cat", audio=False) == []


@pytest.mark.parametrize("cut", [0, 1, 8])
def test_what_an_answer_echoes_is_not_repeated(cut):
    """The status call echoes the whole request, the callback's secret address with it."""
    body = b'{"request":{"callback_url":"https://studio.example/hooks/secret"},"odd":1}'
    answer = reply(200, body[: len(body) - cut])
    for outcome in (ACE.read_submit(answer), ACE.read_check(answer)):
        assert isinstance(outcome, Unreadable) and "secret" not in outcome.said


def test_a_page_says_in_its_own_words_what_it_is():
    page = b"<html>\n<h1>502 Bad&nbsp;Gateway</h1>\n<p>nginx</p></html>"
    assert DEF.read_check(reply(502, page)).said == "502 Bad&nbsp;Gateway nginx"


@VENDORS
@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    "page",
    [b"<html><h1>404 Not Found</h1></html>", b"", {"message": "no Route matched"}, {"detail": "Not Found"}],
)
def test_a_404_that_is_not_the_vendors_own_says_nothing_about_the_task(vendor, status, page):
    """A gateway's: ten minutes of it would lose every film that is being made."""
    outcome = vendor.read_check(reply(status, page))
    assert isinstance(outcome, Unreadable) and outcome.kind is not Kind.NOT_FOUND


@VENDORS
def test_an_id_beside_an_error_in_a_200_leaves_it_open(vendor):
    told = {"code": 402, "message": "Insufficient credits", "error": {"code": "odd"}}
    answer = told | {"task_id": "t1", "id": "t1", "data": {"task_id": "t1"}}
    outcome = vendor.read_submit(reply(200, answer))
    assert (type(outcome), outcome.task_id) == (Unreadable, "t1")
    assert isinstance(vendor.read_submit(reply(402, answer)), Refused)


@VENDORS
@pytest.mark.parametrize(
    "told",
    [
        {"error": {"code": "api_timeout", "message": "Upstream image fetch timeout"}},
        {"code": 999, "message": "upstream credit check timed out"},
        {"code": 1, "message": "prompt is invalid"},
        {"success": False, "message": "Insufficient credits"},
    ],
)
def test_words_alone_inside_a_200_prove_nothing_about_the_money(vendor, told):
    outcome = vendor.read_submit(reply(200, told))
    assert isinstance(outcome, Unreadable), "it may have been started, and charged"


@VENDORS
@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 422])
def test_an_http_class_inside_a_200_is_the_vendors_own_no(vendor, code):
    assert isinstance(vendor.read_submit(reply(200, {"code": code, "message": "no"})), Refused)


@VENDORS
def test_too_many_requests_inside_a_200_is_not_tried_again_by_itself(vendor):
    outcome = vendor.read_submit(reply(200, {"code": 429, "message": "too many requests"}))
    assert (type(outcome), outcome.kind) == (Unreadable, Kind.RATE_LIMITED)


def test_too_many_requests_under_a_documented_code_is_a_refusal_anywhere():
    answer = {"error": {"code": "too_many_requests", "message": "slow down"}}
    assert isinstance(ACE.read_submit(reply(200, answer)), Refused)
