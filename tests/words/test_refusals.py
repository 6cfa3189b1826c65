"""Whatever comes to nothing has words: what happened, whether money was taken, one thing to do next."""

import ast
from itertools import product
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.builders import a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, fresh, press
from tests.vendors.asking import filled
from videos import words
from videos.models import Event
from videos.models.clock import now
from videos.states import Event as Move
from videos.states import Money, State
from videos.vendors import registry
from videos.vendors.contract import Kind
from videos.words import refusals
from videos.words.events import LINES

ROOT = Path(__file__).resolve().parents[2]
JOBS = sorted((ROOT / "videos" / "jobs").rglob("*.py"))
DOWNLOADS = (
    "gone",
    "network",
    "stalled",
    "blocked",
    "too_big",
    "invalid",
    "disk_full",
    "unreadable",
    "worker_gone",
)

# Every code of the five documents: what its table says, as the vendor would send it.
DOCUMENTED = [
    ("seedanceapi-dev", "400: 请求参数错误或积分不足", 400, {"code": 400, "message": "请求参数错误"}, "invalid_request"),
    ("seedanceapi-dev", "400: 请求参数错误或积分不足", 400, {"code": 400, "message": "积分不足"}, "insufficient_credits"),
    ("seedanceapi-dev", "401: API Key 无效", 401, {"code": 401, "message": "API Key 无效"}, "auth"),
    ("seedanceapi-dev", "403: 无权访问该任务", 403, {"code": 403, "message": "无权访问该任务"}, "auth"),
    ("seedanceapi-dev", "404: 任务不存在", 404, {"code": 404, "message": "任务不存在"}, "not_found"),
    ("seedanceapi-dev", "500: 服务器错误", 500, {"code": 500, "message": "服务器错误"}, "no_answer"),
    ("defapi", "| 400 | 1 |", 400, {"code": 1, "message": "bad"}, "invalid_request"),
    ("defapi", "| 401 | 1 |", 401, {"code": 1, "message": "no"}, "auth"),
    ("defapi", "| 404 | 1 |", 404, {"code": 1, "message": "no"}, "not_found"),
    ("defapi", "| 500 | 1 |", 500, {"code": 1, "message": "oops"}, "no_answer"),
    ("acedata", "400 token_mismatched", 400, {"error": {"code": "token_mismatched", "message": "x"}}, "auth"),
    ("acedata", "400 api_not_implemented", 400, {"error": {"code": "api_not_implemented"}}, "invalid_request"),
    ("acedata", "401 invalid_token", 401, {"error": {"code": "invalid_token", "message": "x"}}, "auth"),
    ("acedata", "429 too_many_requests", 429, {"error": {"code": "too_many_requests"}}, "rate_limited"),
    ("acedata", "500 api_error", 500, {"error": {"code": "api_error", "message": "x"}}, "no_answer"),
    ("seedance2ai", "unauthorized | 401", 401, {"error": {"code": "unauthorized"}}, "auth"),
    ("seedance2ai", "invalid_request | 400", 400, {"error": {"code": "invalid_request"}}, "invalid_request"),
    ("seedance2ai", "insufficient_credits | 402", 402, {"error": {"code": "insufficient_credits"}}, "insufficient_credits"),
    ("seedance2ai", "rate_limited | 429", 429, {"error": {"code": "rate_limited"}}, "rate_limited"),
    ("seedance2ai", "idempotency_conflict | 409", 409, {"error": {"code": "idempotency_conflict"}}, ""),
    ("seedance2ai", "service_busy | 503", 503, {"error": {"code": "service_busy"}}, ""),
    ("seedance2ai", "not_found | 404", 404, {"error": {"code": "not_found"}}, "not_found"),
    ("seedance2ai", "internal_error | 500", 500, {"error": {"code": "internal_error"}}, ""),
    ("seedanceapi-org", "INVALID_PROMPT", 400, {"code": "INVALID_PROMPT"}, "bad_prompt"),
    ("seedanceapi-org", "INVALID_ASPECT_RATIO", 400, {"code": "INVALID_ASPECT_RATIO"}, "bad_option"),
    ("seedanceapi-org", "INVALID_RESOLUTION", 400, {"code": "INVALID_RESOLUTION"}, "bad_option"),
    ("seedanceapi-org", "INVALID_DURATION", 400, {"code": "INVALID_DURATION"}, "bad_option"),
    ("seedanceapi-org", "TOO_MANY_IMAGES", 400, {"code": "TOO_MANY_IMAGES"}, "bad_image"),
    ("seedanceapi-org", "INVALID_API_KEY", 401, {"code": "INVALID_API_KEY"}, "auth"),
    ("seedanceapi-org", "INSUFFICIENT_CREDITS", 402, {"code": "INSUFFICIENT_CREDITS"}, "insufficient_credits"),
    ("seedanceapi-org", "TASK_NOT_FOUND", 404, {"code": "TASK_NOT_FOUND"}, "not_found"),
    ("seedanceapi-org", "INTERNAL_ERROR", 500, {"code": "INTERNAL_ERROR"}, "no_answer"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "line", "status", "body", "kind"), DOCUMENTED)
def test_behaviour_37_every_documented_error_says_what_money_and_what_next(
    member, vendor, slug, line, status, body, kind
):
    assert line in (ROOT / "docs" / "vendors" / f"{slug}.txt").read_text("utf-8")
    a_key(member.team, vendor=slug, secret="rehearsal-words")
    vendor.submits = [says.says(body, status=status)]
    model = next(one for one in registry.vendor(slug).models if not filled(one)[0].pictures)
    job = drive(press(member, model=model.key))
    said = words.card_text(job, now())
    assert job.kind == kind
    assert said.title
    if job.state == State.FAILED:
        assert said.money == "Nothing was charged."
    if job.state == State.UNKNOWN:
        assert "may have been charged" in said.money
        assert said.action == "decide"
    if job.state in (State.FAILED, State.UNKNOWN):
        assert said.text and said.action in words.ACTIONS
    for code in ("_", "{", "None"):
        assert code not in said.title + said.text + said.money


@pytest.mark.parametrize("kind", [*Kind, *(f"download_{why}" for why in DOWNLOADS)])
def test_every_kind_has_words_and_one_thing_to_do(kind):
    title, do, action = refusals.describe_failure(kind)
    assert (title, do) != tuple(map(str, refusals.UNKNOWN_KIND[:2]))
    assert title and do and action in words.ACTIONS


def test_a_kind_nobody_knows_keeps_the_vendors_own_words():
    title, do, action = refusals.describe_failure("invented")
    assert (title, action) == ("It came to nothing", "details")
    assert "Details" in do


def texts(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def told(*functions: str, keyword: str = "") -> set[str]:
    """The words that the engine's code gives to these functions: under ``keyword``, else in place."""
    calls = [
        node
        for path in JOBS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in functions
    ]
    given = [word.value for call in calls for word in call.keywords if word.arg == keyword]
    given += [] if keyword else [value for call in calls for value in call.args]
    return set().union(*map(texts, given)) - {""}


def test_every_kind_the_engine_writes_itself_has_words():
    written = told("move", "touch", keyword="kind") - {"download_"}
    assert {"gone_wrong", "no_answer", "lost", "given_up"} <= written
    assert written - set(refusals.KINDS) == set()


def test_every_no_of_a_verb_has_a_sentence():
    codes = told("CannotBe")
    assert len(codes) > 5
    assert codes - set(refusals.REFUSALS) == set()
    assert all(words.describe_refusal(code) for code in codes)


def test_every_line_of_the_book_about_a_job_can_be_read():
    written = {f"job.{move}" for move in Move}
    for path in sorted((ROOT / "videos").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("record", "objects.create")):
                values = [*node.args, *(word.value for word in node.keywords)]
                written |= {
                    value.value for value in values
                    if isinstance(value, ast.Constant) and str(value.value).startswith("job.")
                }  # fmt: skip
    assert written - set(LINES) == set()
    assert written > {f"job.{move}" for move in Move}


@pytest.mark.django_db
def test_a_line_says_why_and_how_many(member):
    job = a_job(member.team, member.user)

    def line(verb, **data):
        return words.describe_event(Event(job=job, verb=verb, data=data))

    assert (
        line("job.refused", kind="bad_prompt") == "The vendor refused it: The vendor could not use the prompt"
    )
    assert line("job.stored", stored=2, of=4) == "Stored here, checked and playable: 2 of 4"
    assert line("job.stored", stored=4, of=4) == "Stored here, checked and playable"
    assert line("job.something_new") == "job.something_new"


CHARGES = {"none": {}, "told": {"charge": "28.5", "refunded": "28.5"}, "listed": {"estimate": "28"}}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_every_state_money_and_reason_can_be_said_in_every_language(member, language):
    key = a_key(member.team)
    with override(language):
        for state, money, charges in product(State, Money, CHARGES.values()):
            if money == Money.REFUNDED and not charges.get("refunded"):
                continue  # the engine writes it only with the sum
            job = a_job(member.team, member.user, key=key, state=state, money=money, **charges)
            said = words.card_text(fresh(job), now())
            assert said.title or state == State.SUCCEEDED
            if money not in (Money.NONE, Money.HELD) and state in (State.FAILED, State.UNKNOWN, State.LOST):
                assert said.money


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["key", "rate", "slot", "disk", "breaker", "vendor"])
def test_every_reason_to_wait_is_said(member, reason):
    job = a_job(member.team, member.user, state=State.QUEUED, waiting_for=reason)
    assert words.waiting(job) not in ("", "It is sent in a moment.")
    assert words.card_text(job, now()).text == words.waiting(job)


@pytest.mark.django_db
def test_a_stopped_job_says_that_nobody_watches_and_what_it_may_cost(member):
    job = a_job(member.team, member.user, state=State.RUNNING, money=Money.HELD, stopped_at=now())
    assert words.card_text(job, now()).title == "Nobody is watching this any more"
