"""What holds for every vendor: one suite over all recordings and all models."""

import hashlib
import json

import pytest

from tests.vendors.asking import IDEM, codes, filled, reply
from tests.vendors.recorded import DOCUMENTS, FOLDER, recordings, says
from videos.vendors import options, registry
from videos.vendors.contract import (
    OPTION_NAMES,
    Accepted,
    Finished,
    Hint,
    Kind,
    Refused,
    Unreadable,
    Wish,
    Working,
)

MODELS = pytest.mark.parametrize("model", registry.MODELS.values(), ids=registry.MODELS)
VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)
REQUESTS = pytest.mark.parametrize("told", recordings("request-*"), ids=lambda r: f"{r.slug}-{r.name}")
ANSWERS = pytest.mark.parametrize(
    "told",
    recordings("submit-*") + recordings("check-*") + recordings("callback-*"),
    ids=lambda r: f"{r.slug}-{r.name}",
)


@REQUESTS
def test_a_documented_request_has_exactly_these_bytes(told):
    call = told.call()
    want = told.told["call"]
    assert (call.method, call.path, dict(call.headers)) == (want["method"], want["path"], want["headers"])
    assert call.body == want["body"].encode()


@REQUESTS
def test_a_request_keeps_every_key_of_the_documents_example(told):
    sent = json.loads(told.call().body)
    for name, value in told.told["document"].items():
        if isinstance(value, list):
            assert all(item in sent[name] for item in value), name
        else:
            assert sent[name] == value, name


@REQUESTS
def test_a_recorded_example_stands_in_the_document(told):
    document = (DOCUMENTS / f"{told.slug}.txt").read_text("utf-8")
    examples = json.dumps(told.told["document"], ensure_ascii=False)
    for text in [part for part in examples.split('"') if part.startswith("http") or len(part) > 30]:
        assert text in document


@ANSWERS
def test_a_recorded_answer_is_read(told):
    outcome = told.read()
    if isinstance(outcome, Hint):
        outcome = outcome.outcome
    assert type(outcome).__name__ == told.told["outcome"]
    says(outcome, told.told["expect"])


@VENDORS
def test_every_vendor_has_its_document_and_recordings_of_each_outcome(vendor):
    assert (DOCUMENTS / f"{vendor.slug}.txt").is_file()
    assert vendor.source == f"docs/vendors/{vendor.slug}.txt"
    told = [r for r in recordings("*") if r.slug == vendor.slug]
    outcomes = {r.told["outcome"] for r in told if "outcome" in r.told}
    assert outcomes == {"Accepted", "Working", "Finished", "Refused", "Unreadable"}


DIGESTS = {
    "acedata": "b5f1bfab4d75d79b696529fe74c69e1ff98d25e6bd407cc717f8fb7c5354ed41",
    "defapi": "82900897c0d446976f1367d8d0168d8808c146dd421607f3494602f3cf9cdb9d",
    "seedance2ai": "ef87d418db14fb58b9e66f1812b2ed72b92ced67bee2efa16c07890bb3a03cbb",
    "seedanceapi-dev": "0700cc9a5f172a931c01ce0712f1f4b6e9f02f7df2eafc5c2dc295d99badaf5c",
    "seedanceapi-org": "2969794c34bf070fbaa3efb659b3984419eccd52d3cbbbab1b0727e67e351800",
}


def test_the_documents_are_as_they_came():
    found = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in DOCUMENTS.glob("*.txt")}
    assert found == DIGESTS


def test_no_recording_belongs_to_nobody():
    assert {path.name for path in FOLDER.iterdir()} == set(registry.VENDORS)


@MODELS
def test_a_models_capabilities_speak_our_words(model):
    assert model.source and model.options == tuple({o.name: o for o in model.options}.values())
    assert {option.name for option in model.options} <= set(OPTION_NAMES)
    assert set(model.fixed) <= set(OPTION_NAMES) - {option.name for option in model.options}
    for option in model.options:
        assert option.default is None or options.is_legal(option, option.default)
        assert option.default is not None or option.name in {"seed", "frames", "expires_after"}
    for mode in model.modes:
        assert {slot.role for slot in mode.slots} <= {"start", "end", "reference"}


@MODELS
def test_every_mode_can_be_sent_and_says_everything_explicitly(model):
    vendor = registry.vendor(model.vendor)
    for mode, wish in zip(model.modes, filled(model), strict=True):
        assert options.check(model, wish) == []
        assert options.mode_of(model, wish.pictures) == mode
        call = vendor.submit(model, wish, idem_key=IDEM)
        assert call == vendor.submit(model, wish, idem_key=IDEM)
        assert call.path == model.endpoint and call.method == "POST"
        spoken = json.loads(call.body)
        assert None not in spoken.values()
        sent = len(spoken) - sum(name in spoken for name in ("model", "prompt", "content", "mode", "type"))
        assert sent >= len(options.complete(model, {}))


@MODELS
def test_an_illegal_value_is_refused_with_the_legal_ones(model):
    for option in model.options:
        for wrong in ("nonsense", 10**13, -7, 3.5):
            found = [
                p
                for p in options.check(model, Wish("A cat in the rain", {option.name: wrong}))
                if p.field == option.name
            ]
            assert found and all("legal" in problem.values for problem in found)


@MODELS
def test_an_unsendable_wish_never_becomes_a_call(model):
    vendor = registry.vendor(model.vendor)
    with pytest.raises(options.UnsendableRequest) as caught:
        vendor.submit(model, Wish("", {"shoe_size": 44}), idem_key=IDEM)
    assert ("shoe_size", "not_offered") in codes(list(caught.value.problems))


@MODELS
def test_a_picture_without_an_address_is_no_call(model):
    for wish in filled(model):
        if wish.pictures:
            blank = tuple(type(p)(p.role, "", p.media) for p in wish.pictures)
            assert options.check(model, Wish(wish.prompt, {}, blank)) == []
            with pytest.raises(options.UnsendableRequest):
                registry.vendor(model.vendor).submit(model, Wish(wish.prompt, {}, blank), idem_key=IDEM)


BROKEN = {
    "empty": b"",
    "blank": b"   ",
    "page": b"<html><body>502 Bad Gateway</body></html>",
    "cut": b'{"code":',
    "list": b"[]",
    "null": b"null",
    "text": b'"ok"',
    "nothing": b"{}",
    "twice": b'{"a":1,"a":2}',
    "nan": b'{"a":NaN}',
    "utf16": b"\xff\xfe{\x00}\x00",
    "deep": b"[" * 5000,
    "deeper": b'{"a":' * 5000,
}


@VENDORS
@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 403, 404, 409, 500, 502, 503, 504])
def test_a_broken_answer_concludes_nothing(vendor, body, status):
    assert isinstance(vendor.read_submit(reply(status, body)), Unreadable)
    assert isinstance(vendor.read_check(reply(status, body)), Unreadable)


@VENDORS
@pytest.mark.parametrize("body", [b"", b"<html>slow down</html>", b"{}"])
def test_429_is_a_refusal_before_acting_whoever_says_it(vendor, body):
    outcome = vendor.read_submit(reply(429, body, retry_after="7"))
    assert outcome == Refused(Kind.RATE_LIMITED, outcome.said, outcome.code, "7")
    look = vendor.read_check(reply(429, body, retry_after="7"))
    assert (type(look), look.kind, look.retry_after) == (Unreadable, Kind.RATE_LIMITED, "7")


@VENDORS
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Kind.AUTH),
        (404, Kind.NOT_FOUND),
        (429, Kind.RATE_LIMITED),
        (500, Kind.SERVER),
        (503, Kind.TRANSIENT),
    ],
)
def test_a_look_that_is_refused_says_nothing_about_the_task(vendor, status, kind):
    outcome = vendor.read_check(reply(status, {"code": status, "message": "no"}))
    assert (type(outcome), outcome.kind) == (Unreadable, kind)


@VENDORS
def test_an_id_under_a_server_error_is_kept_but_concludes_nothing(vendor):
    taken = next(r for r in recordings("submit-taken") if r.slug == vendor.slug)
    for status in (429, 500, 502, 504):
        outcome = vendor.read_submit(reply(status, taken.told["body"]))
        assert isinstance(outcome, Unreadable) and outcome.task_id == taken.told["expect"]["task_id"]


@VENDORS
def test_an_unknown_word_keeps_working_and_is_counted(vendor):
    told = next(r for r in recordings("check-working*") + recordings("check-*") if r.slug == vendor.slug)
    text = json.dumps(told.told["body"])
    for word in ("IN_PROGRESS", "processing", "submitted", "pending"):
        text = text.replace(f'"{word}"', '"Polishing the lens"')
    if "Polishing" not in text:
        text = '{"task_id":"t","data":{"status":"Polishing the lens"}}'
    outcome = vendor.read_check(reply(200, text.encode()))
    assert outcome == Working(None, "Polishing the lens", known=False)


@VENDORS
def test_success_without_an_address_is_not_success(vendor):
    told = next(r for r in recordings("check-finished*") if r.slug == vendor.slug)
    for nowhere in ("", "/videos/1.mp4", "ftp://host/1.mp4", "https://", "javascript:alert(1)"):
        text = json.dumps(told.told["body"])
        for _, url in told.told["expect"]["outputs"]:
            text = text.replace(json.dumps(url), json.dumps(nowhere))
        outcome = vendor.read_check(reply(200, text.encode()))
        assert (type(outcome), outcome.kind) == (Unreadable, Kind.NO_OUTPUT)


@VENDORS
def test_a_ticket_is_enough_to_look(vendor):
    taken = next(r for r in recordings("submit-taken") if r.slug == vendor.slug).read()
    assert isinstance(taken, Accepted)
    call = vendor.check(json.loads(json.dumps(dict(taken.ticket))))
    assert taken.task_id in call.path + (call.body or b"").decode()
    assert call == vendor.check(vendor.adopt(f"  {taken.task_id}\n"))


@VENDORS
@pytest.mark.parametrize("text", ["", "   ", "two words", "a" * 201, "..", "tab\tbed", "späte-aufgabe"])
def test_what_is_no_task_id_is_not_adopted(vendor, text):
    with pytest.raises(ValueError, match="not a task id"):
        vendor.adopt(text)


@VENDORS
def test_a_task_id_cannot_climb_out_of_its_place(vendor):
    call = vendor.check(vendor.adopt("../../admin?x=1&y#z"))
    assert "../" not in call.path and "&y" not in call.path and "#" not in call.path


@VENDORS
def test_a_callback_that_names_no_task_is_no_hint(vendor):
    assert vendor.callback == (vendor.read_callback is not None)
    if vendor.callback:
        for body in (b"", b"<x/>", b"{}", b"[]", b'{"data":{"task_id":""}}', b'{"task_id":"a b"}'):
            assert vendor.read_callback(body) is None


def test_finished_is_never_empty():
    for told in recordings("*-*"):
        if told.told.get("outcome") == "Finished":
            outcome = told.read()
            outcome = outcome.outcome if isinstance(outcome, Hint) else outcome
            assert isinstance(outcome, Finished) and outcome.outputs
