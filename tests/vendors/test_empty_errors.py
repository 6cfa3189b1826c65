"""A 200 with a task id beside an error that is none: the id is known, and a free look decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vendors.asking import reply
from tests.vendors.recorded import recordings
from videos.vendors import registry
from videos.vendors.contract import Accepted, Finished, Refused, Unreadable, Working
from videos.vendors.reading import says_no_error

VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)
EMPTY = [
    {"error": {"code": "", "message": ""}},
    {"error": {"code": None, "message": None, "type": ""}},
    {"error": {"code": 0, "message": "success"}},
    {"error": {"code": "0", "message": "OK", "request_id": "req-77"}},
    {"error": {"code": "200", "details": []}},
    {"error": None},
    {"error": ""},
    {"error": {}},
    {"error": []},
    {"error": [{"code": "", "message": ""}]},
    {"error": 0},
    {"error": "0"},
    {"error": False},
    {"error": "none"},
    {"error": "No error."},
    {"error_code": "0"},
    {"error_code": 0},
    {"error_code": "success", "error_message": ""},
    {"errors": []},
    {"errors": None},
    {"success": True},
    {"success": True, "code": "success"},
    {"code": "success"},
    {"code": "SUCCESS", "message": "Task submitted"},
    {"code": "ok"},
    {"code": 0},
    {"code": "0"},
    {"code": 200},
    {"code": "200", "message": "success"},
    {"code": "00000", "message": "操作成功"},
    {"code": None, "error": {"code": "", "message": ""}, "error_code": "0", "errors": []},
]
REAL = [
    {"error": {"code": "", "message": "The model broke"}},
    {"error": {"code": "0", "message": "upstream timeout"}},
    {"error": {"code": "api_error", "message": ""}},
    {"error": {"duration": "is not one of 4, 8, 12"}},
    {"error": "boom"},
    {"error": True},
    {"error": 7},
    {"error": [{"message": "boom"}]},
    {"error_code": "E7"},
    {"error_code": 13},
    {"success": False},
    {"success": False, "error": {"code": "", "message": ""}},
    {"code": "failed"},
    {"code": 1},
    {"code": -1, "message": "success"},
]


def taken(vendor):
    return next(r for r in recordings("submit-taken") if r.slug == vendor.slug).told


@VENDORS
def test_trap_a7_12_an_empty_error_beside_a_task_id_is_none(vendor):
    told = taken(vendor)
    for beside in EMPTY:
        outcome = vendor.read_submit(reply(200, told["body"] | beside))
        assert isinstance(outcome, Accepted), beside
        assert outcome.task_id == told["expect"]["task_id"]
        assert outcome.beside == "" or outcome.now is None, "what stands beside it is not built on"


@VENDORS
def test_trap_a7_12_nor_does_one_hide_a_film(vendor):
    told = next(r for r in recordings("check-finished*") if r.slug == vendor.slug)
    for beside in EMPTY:
        assert vendor.read_check(reply(200, told.told["body"] | beside)) == told.read(), beside


@VENDORS
def test_trap_a7_12_a_real_error_beside_a_task_id_stays_what_it_was(vendor):
    told = taken(vendor)
    for beside in REAL:
        outcome = vendor.read_submit(reply(200, told["body"] | beside))
        if isinstance(outcome, Accepted):  # a status word outranks an error, where the vendor says so
            assert isinstance(outcome.now, Working) and vendor.slug == "seedance2ai"
        else:
            assert (type(outcome), outcome.task_id) == (Unreadable, told["expect"]["task_id"]), beside


@VENDORS
def test_trap_a7_12_without_a_task_id_nothing_is_taken(vendor):
    for beside in EMPTY:
        assert isinstance(vendor.read_submit(reply(200, beside)), Unreadable), beside


@VENDORS
@pytest.mark.parametrize("status", [500, 502, 429, 400])
def test_trap_a7_12_under_a_status_that_is_none_nothing_changes(vendor, status):
    for beside in EMPTY:
        outcome = vendor.read_submit(reply(status, taken(vendor)["body"] | beside))
        assert not isinstance(outcome, Accepted), beside


@pytest.mark.parametrize("empty", [{"code": "", "message": ""}, {"code": "0", "message": "ok"}, {}, "0", 0])
@pytest.mark.parametrize("place", ["response", "response.data", "data"])
def test_trap_a7_12_an_empty_error_inside_a_task_is_no_verdict(empty, place):
    """Where an error without a status word is the end of a task."""
    ace = registry.vendor("acedata")
    inside = {"task_id": "t-1", "error": empty}
    answer = {
        "response": {"id": "t-1", "response": inside},
        "response.data": {"id": "t-1", "response": {"task_id": "t-1", "data": inside}},
        "data": {"id": "t-1", "task_id": "t-1", "data": inside},
    }[place]
    assert vendor_says(ace.read_check(reply(200, answer))) == Working
    inside["error"] = {"code": "", "message": "The model broke"}
    assert vendor_says(ace.read_check(reply(200, answer))) == Refused


def vendor_says(outcome):
    return type(outcome)


@VENDORS
def test_trap_a7_12_a_failed_task_does_not_give_an_empty_error_as_its_reason(vendor):
    told = next(r for r in recordings("check-failed*") if r.slug == vendor.slug)
    outcome = told.read()
    assert isinstance(outcome, Refused) and outcome.said not in ("0", "success", "ok")


@given(
    st.recursive(
        st.sampled_from([None, "", 0, "0", "ok", False, "success", "200"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_holds_nothing_but_fine_words_is_no_error(value):
    assert says_no_error(value)
    assert not says_no_error([value, "boom"]) and not says_no_error({"code": value, "message": "boom"})


def test_a_film_in_a_look_beside_a_success_code_is_taken():
    answer = {
        "code": "success",
        "data": {"task_id": "t", "status": "success", "result": {"video": "https://c.example/1.mp4"}},
    }
    assert isinstance(registry.vendor("defapi").read_check(reply(200, answer)), Finished)
