"""The contract again, over HTTP, against the sandbox: two readings of the same documents meet.

The sandbox shares no code with the adapters and refuses what the documents
refuse, so a wrong name, type or value on either side ends here.
"""

import http.client
import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.vendors.asking import IDEM, filled
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox
from videos.vendors import options, registry
from videos.vendors.contract import (
    Accepted,
    Call,
    Finished,
    Kind,
    Model,
    Picture,
    Refused,
    Reply,
    Unreadable,
    Wish,
    Working,
)

KEY = "rehearsal-contract"
SPEED = 400
ENDPOINTS = {model.endpoint + model.vendor: model for model in reversed(registry.MODELS.values())}
MODELS = pytest.mark.parametrize("model", registry.MODELS.values(), ids=registry.MODELS)
VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)


class Gallery(BaseHTTPRequestHandler):
    """The studio's own address: one picture, whatever is asked for."""

    def do_GET(self):
        page = io.BytesIO()
        Image.new("RGB", (640, 640), "teal").save(page, "PNG")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(page.tell()))
        self.end_headers()
        self.wfile.write(page.getvalue())

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def studio():
    with ThreadingHTTPServer(("127.0.0.1", 0), Gallery) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, studio):
    config = SandboxConfig(data=tmp_path_factory.mktemp("sandbox"), port=0, speed=SPEED, studio=studio)
    with running_sandbox(config) as running:
        yield running


@pytest.fixture
def talk(sandbox):
    def send(vendor, call: Call, key: str = KEY) -> Reply:
        base = urlsplit(sandbox.base(vendor.slug))
        line = http.client.HTTPConnection(base.hostname, base.port, timeout=20)
        try:
            headers = dict(call.headers) | {"Authorization": f"Bearer {key}"}
            line.request(call.method, base.path + call.path, call.body, headers)
            answer = line.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, answer.read(), named)
        finally:
            line.close()

    return send


def at_home(wish: Wish, prompt: str, studio: str) -> Wish:
    """The same wish, its pictures served by the studio."""
    pictures = tuple(
        Picture(picture.role, f"{studio}/{number}.png", picture.media)
        for number, picture in enumerate(wish.pictures)
    )
    return Wish(prompt, wish.options, pictures)


def least(model: Model, prompt: str, studio: str, **asked) -> Wish:
    """A wish in the model's plainest mode, with one picture where it needs one."""
    wish = filled(model)[0]
    return at_home(Wish("", asked, wish.pictures[:1]), prompt, studio)


def ask(talk, model: Model, wish: Wish, idem_key: str = IDEM, key: str = KEY):
    vendor = registry.vendor(model.vendor)
    return vendor.read_submit(talk(vendor, vendor.submit(model, wish, idem_key=idem_key), key))


def watch(talk, vendor, ticket, until=(Finished, Refused), patience: float = 40):
    """Looks as the sweep does, until one of these outcomes."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        outcome = vendor.read_check(talk(vendor, vendor.check(ticket)))
        if isinstance(outcome, until):
            return outcome
        assert isinstance(outcome, (Working, Unreadable))
        time.sleep(0.02)
    raise AssertionError(f"still {outcome}")


def every_value(option) -> list:
    return list(option.legal) or [option.minimum, option.minimum + option.step, option.maximum]


@MODELS
def test_every_mode_is_taken_with_all_its_pictures(model, talk, studio):
    vendor = registry.vendor(model.vendor)
    for number, wish in enumerate(filled(model)):
        outcome = ask(
            talk, model, at_home(wish, "A cat in the rain [fail]", studio), f"modes-{model.id}-{number}"
        )
        assert isinstance(outcome, Accepted), outcome
        ended = watch(talk, vendor, outcome.ticket)
        assert isinstance(ended, Refused) and ended.kind is Kind.FAILED and ended.said


@MODELS
def test_every_legal_value_is_taken(model, talk, studio):
    for option in model.options:
        for value in every_value(option):
            kept, _ = options.carry_over(model, {option.name: value})
            wish = least(model, "A cat in the rain [fail]", studio, **kept)
            if option.name in kept and options.check(model, wish) == []:
                outcome = ask(talk, model, wish, f"values-{model.id}-{option.name}-{value}")
                assert isinstance(outcome, Accepted), (option.name, value, outcome)


@pytest.mark.parametrize("model", ENDPOINTS.values(), ids=lambda model: model.key)
def test_every_endpoint_gives_what_was_asked_for(model, talk, studio):
    vendor = registry.vendor(model.vendor)
    asked = {"count": 2} if model.option("count") else {}
    asked |= {"last_frame": True} if model.option("last_frame") else {}
    taken = ask(talk, model, least(model, "A lighthouse at dusk", studio, **asked), f"gives-{model.id}")
    assert isinstance(taken, Accepted), taken
    done = watch(talk, vendor, taken.ticket, until=Finished)
    kinds = [found.kind for found in done.outputs]
    wanted = ["video" if model.medium == "video" else "still"] * asked.get("count", 1)
    assert kinds == wanted + ["last_frame"] * kinds.count("last_frame")
    assert kinds.count("last_frame") >= ("last_frame" in asked)  # one vendor adds it unasked
    assert all(found.url.startswith("http://127.0.0.1:") for found in done.outputs)


@pytest.mark.parametrize(
    "model", [model for model in registry.MODELS.values() if model.prices], ids=lambda model: model.key
)
def test_the_price_on_the_button_is_the_price_in_the_ledger(model, talk, sandbox, studio):
    for number, row in enumerate(model.prices.rows):
        asked = dict(zip(model.prices.by, row, strict=True))
        taken = ask(talk, model, least(model, f"A cat, {number} times [fail]", studio, **asked))
        charged = [e for e in sandbox.ledger(KEY) if e["task"] == taken.task_id and e["kind"] == "charge"]
        assert [entry["amount"] for entry in charged] == [str(options.price(model, asked).amount)]


@VENDORS
@pytest.mark.parametrize(
    ("tag", "kinds"),
    [
        ("refuse", {Kind.MODERATION, Kind.MODERATION_PROMPT, Kind.BAD_PROMPT}),
        ("broke", {Kind.INSUFFICIENT_CREDITS}),
    ],
)
def test_a_refusal_is_certain_and_costs_nothing(vendor, tag, kinds, talk, sandbox, studio):
    key = f"rehearsal-{tag}-{vendor.slug}"
    outcome = ask(talk, vendor.models[0], least(vendor.models[0], f"A cat [{tag}]", studio), key=key)
    assert isinstance(outcome, Refused) and outcome.kind in kinds and outcome.said
    assert sandbox.ledger(key) == []


@VENDORS
def test_a_key_that_is_none_is_refused_and_a_look_with_it_says_nothing(vendor, talk, studio):
    outcome = ask(talk, vendor.models[0], least(vendor.models[0], "A cat", studio), key="sk_live_real")
    assert (type(outcome), outcome.kind) == (Refused, Kind.AUTH)
    look = vendor.read_check(talk(vendor, vendor.check(vendor.adopt("sd2_none")), "sk_live_real"))
    assert (type(look), look.kind) == (Unreadable, Kind.AUTH)


@VENDORS
def test_a_task_nobody_knows_is_no_verdict(vendor, talk):
    look = vendor.read_check(talk(vendor, vendor.check(vendor.adopt("11111111-1111-4111-8111-111111111111"))))
    assert isinstance(look, Unreadable) and look.kind is Kind.NOT_FOUND


@VENDORS
def test_a_429_is_a_refusal_and_the_second_try_goes_through(vendor, talk, studio):
    wish = least(vendor.models[0], "A cat [busy:7] [fail]", studio)
    refused = ask(talk, vendor.models[0], wish, "busy")
    assert (type(refused), refused.kind, refused.retry_after) == (Refused, Kind.RATE_LIMITED, "7")
    assert isinstance(ask(talk, vendor.models[0], wish, "busy"), Accepted)


@VENDORS
def test_a_page_instead_of_an_answer_leaves_it_open(vendor, talk, studio):
    outcome = ask(talk, vendor.models[0], least(vendor.models[0], "A cat [lost:503] [fail]", studio), "page")
    assert (type(outcome), outcome.kind) == (Unreadable, Kind.TRANSIENT)


@VENDORS
@pytest.mark.parametrize("outage", ["503", "500", "empty", "html"])
def test_an_outage_concludes_nothing(vendor, outage, talk, sandbox, studio):
    model = vendor.models[0]
    sandbox.control(outage={vendor.slug: outage})
    try:
        assert isinstance(ask(talk, model, least(model, "A cat", studio), "out"), Unreadable)
        assert isinstance(vendor.read_check(talk(vendor, vendor.check(vendor.adopt("t")))), Unreadable)
    finally:
        sandbox.control(outage={})


@VENDORS
def test_a_word_no_document_has_keeps_the_job_running(vendor, talk, studio):
    model = vendor.models[0]
    taken = ask(talk, model, least(model, "A cat [odd] [slow:1200] [fail]", studio), "odd")
    end = time.monotonic() + 10
    seen: list[Working] = []
    while time.monotonic() < end and not any(not outcome.known for outcome in seen):
        seen.append(watch(talk, vendor, taken.ticket, until=Working))
        time.sleep(0.05)
    assert not seen[-1].known and seen[-1].word


@VENDORS
def test_a_word_of_the_content_check_stays_and_is_told_apart(vendor, talk, studio):
    model = vendor.models[0]
    taken = ask(talk, model, least(model, "A cat [nsfw] [slow:1200] [fail]", studio), "nsfw")
    end, seen = time.monotonic() + 10, Working()
    while time.monotonic() < end and not seen.checked:
        seen = watch(talk, vendor, taken.ticket, until=Working)
        time.sleep(0.05)
    assert (seen.word.casefold(), seen.known, seen.checked) == ("nsfw", False, True)


def test_the_same_key_and_bytes_are_the_same_task_and_other_bytes_a_conflict(talk, studio):
    model = registry.model("seedance2ai/seedance")
    wish = least(model, "A cat [fail]", studio)
    first, again = ask(talk, model, wish, "same"), ask(talk, model, wish, "same")
    assert first.task_id == again.task_id
    other = ask(talk, model, least(model, "Another cat [fail]", studio), "same")
    assert (type(other), other.kind) == (Unreadable, Kind.CONFLICT)


def test_errors_inside_a_200_are_read_as_well(talk, sandbox, studio):
    vendor = registry.vendor("seedanceapi-dev")
    sandbox.control(flat=True)
    try:
        model = vendor.models[0]
        broke = ask(talk, model, least(model, "A cat [broke]", studio))
        look = vendor.read_check(talk(vendor, vendor.check(vendor.adopt("nobody"))))
    finally:
        sandbox.control(flat=False)
    assert (type(broke), broke.kind) == (Refused, Kind.INSUFFICIENT_CREDITS)
    assert (type(look), look.kind) == (Unreadable, Kind.NOT_FOUND)
