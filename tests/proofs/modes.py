"""Every way in which a vendor's answer can be bad (reliability, section 6), and what must come of it.

Bytes and sockets are bad by tests/network/faults.py, the words by the dialects beside this file. A
``Mode`` says how a paid request is answered and where the job stands afterwards: with most vendors
(``plain``), and with one that honours our idempotency key (``keyed``), where an unclear answer is
asked for again instead of shown."""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.jobs.faulty_vendor import says
from tests.network import faults
from tests.network.faults import Behaviour
from tests.proofs import dialects
from tests.proofs.bank import LOSES, TAKES, Manner, refuses

HTML = b"<html><h1>502 Bad Gateway</h1></html>"
JSON = {"content_type": "application/json"}
EMPTY = b', "error": {"code": "", "message": ""}, "error_code": "0"}'
DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000


@dataclass(frozen=True)
class Mode:
    manner: Manner
    plain: str = "unknown"
    keyed: str = "submitting"
    kind: str = ""


def paid(behaviour: Behaviour) -> Manner:
    """It took the order, and then answered like this."""
    return Manner(True, lambda _slug, _task: behaviour)


def unpaid(behaviour: Behaviour) -> Manner:
    return Manner(False, lambda _slug, _task: behaviour)


def bent(bend: Callable[[bytes], Behaviour]) -> Manner:
    """The true answer, its bytes treated by ``bend``."""
    return Manner(True, lambda slug, task: bend(json.dumps(dialects.taken(slug, task)).encode()))


def after(seconds: float, behaviour: Callable[[bytes], Behaviour]) -> Callable[[bytes], Behaviour]:
    def slowly(body: bytes) -> Behaviour:
        def behave(heard, connection):
            time.sleep(seconds)
            return behaviour(body)(heard, connection)

        return behave

    return slowly


def plainly(body: bytes) -> Behaviour:
    return faults.answers(body=body, **JSON)


def packed(body: bytes) -> Behaviour:
    return faults.answers(body=body, content_encoding="gzip", **JSON)


def chunked(pieces: bytes) -> Behaviour:
    return faults.raw(faults.head(transfer_encoding="chunked", **JSON) + pieces)


def until(seconds: float) -> Manner:
    """A 429 with the date that is so far away when it is said."""

    def answer(slug: str, task: str) -> Behaviour:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        return refuses("busy", retry_after=date).answer(slug, task)

    return Manner(False, answer)


def leads(location: str, status: int = 307) -> Manner:
    return unpaid(faults.answers(status, b"", location=location))


SUBMITS = {
    "ok": Mode(TAKES, "running", "running"),
    "slow": Mode(bent(after(0.3, plainly)), "running", "running"),
    "slower than the deadline": Mode(bent(after(1.5, plainly))),
    "header drip": Mode(paid(faults.drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"))),
    "body drip": Mode(paid(faults.drips(faults.head(content_length=4000), b"x"))),
    "charge, then drop": Mode(LOSES),
    "charge, then reset": Mode(paid(faults.resets())),
    "charge, then 500": Mode(paid(says({"code": 500, "message": "oops"}, 500))),
    "500 before": Mode(unpaid(says({"code": 500, "message": "oops"}, 500))),
    "502": Mode(unpaid(faults.answers(502, HTML))),
    "503": Mode(unpaid(says({"message": "busy"}, 503))),
    "429 for seconds": Mode(refuses("busy", retry_after=7), "queued", "queued", "rate_limited"),
    "429 until a date": Mode(until(9), "queued", "queued", "rate_limited"),
    "429 without a word": Mode(refuses("busy"), "queued", "queued", "rate_limited"),
    "429 for 30 years": Mode(refuses("busy", retry_after=10**9), "queued", "queued", "rate_limited"),
    "429 for minus one": Mode(refuses("busy", retry_after=-1), "queued", "queued", "rate_limited"),
    "429 for rubbish": Mode(refuses("busy", retry_after="soon"), "queued", "queued", "rate_limited"),
    "402": Mode(refuses("credits"), "failed", "failed", "insufficient_credits"),
    "401": Mode(refuses("key"), "failed", "failed", "auth"),
    "403": Mode(refuses("content"), "failed", "failed", "moderation"),
    "400": Mode(refuses("request"), "failed", "failed", "invalid_request"),
    "409": Mode(refuses("conflict")),
    "truncated JSON": Mode(bent(lambda body: plainly(body[: len(body) // 2]))),
    "empty 200": Mode(paid(plainly(b""))),
    "HTML 200": Mode(paid(faults.answers(body=HTML, content_type="text/html"))),
    "no task id": Mode(paid(plainly(b'{"message": "ok"}'))),
    # The task id is there, and a look will tell: what it was labelled as says nothing.
    "wrong content type": Mode(bent(lambda body: faults.answers(body=body, content_type="text/plain")), "running", "running"),
    "byte order mark": Mode(bent(lambda body: plainly(b"\xef\xbb\xbf" + body)), "running", "running"),
    "NaN": Mode(bent(lambda body: plainly(body[:-1] + b', "n": NaN}'))),
    "repeated key": Mode(bent(lambda body: plainly(body[:-1] + b', "x": 1, "x": 2}'))),
    "deep nesting": Mode(paid(plainly(DEEP))),
    "1 GiB": Mode(paid(faults.endless())),
    "gzip, gzip": Mode(paid(faults.bomb(20))),
    "packed unasked": Mode(bent(lambda body: packed(gzip.compress(body))), "running", "running"),
    "labelled as packed": Mode(bent(packed), "running", "running"),
    "packed and cut off": Mode(bent(lambda body: packed(gzip.compress(body)[:-9]))),
    "an empty error beside the id": Mode(bent(lambda body: plainly(body[:-1] + EMPTY)), "running", "running"),
    "length too long": Mode(bent(lambda body: faults.raw(faults.head(content_length=len(body) + 9) + body))),
    "length too short": Mode(bent(lambda body: faults.raw(faults.head(content_length=9) + body))),
    "no length": Mode(bent(lambda body: faults.raw(faults.head(**JSON) + body)), "running", "running"),
    "chunked garbage": Mode(paid(chunked(b"zz\r\nnothing\r\n"))),
    "chunks cut off": Mode(paid(chunked(b"5\r\n{\"cod\r\n"))),
    "307 to this machine": Mode(leads("http://127.0.0.1:1/")),
    "302 to the metadata": Mode(leads("http://169.254.169.254/latest", 302)),
    "308 to a file": Mode(leads("file:///etc/passwd", 308)),
}  # fmt: skip

# A look: (vendor, task id) -> behaviour. None of these may fail a job, or cost it a thing.
LOOKS: dict[str, Callable[[str, str], Behaviour]] = {
    "drop": lambda _slug, _task: faults.raw(b""),
    "reset": lambda _slug, _task: faults.resets(),
    "500": lambda _slug, _task: says({"message": "oops"}, 500),
    "HTML 500": lambda _slug, _task: faults.answers(500, HTML),
    "HTML 200": lambda _slug, _task: faults.answers(body=HTML),
    "empty 200": lambda _slug, _task: plainly(b""),
    "truncated JSON": lambda slug, task: plainly(json.dumps(dialects.working(slug, task)).encode()[:-9]),
    "404 just after the submit": lambda slug, _task: refused(slug, "task"),
    "401": lambda slug, _task: refused(slug, "key"),
    "429": lambda slug, _task: refused(slug, "busy"),
    "unknown status word": lambda slug, task: says(dialects.state(slug, task, "contemplating")),
    "a word of the content check": lambda slug, task: says(dialects.state(slug, task, "NSFW")),
    "packed and cut off": lambda slug, task: packed(
        gzip.compress(json.dumps(dialects.working(slug, task)).encode())[:-9]
    ),
    "success without an address": lambda slug, task: says(dialects.made(slug, task, None)),
    "success with an empty list": lambda slug, task: says(dialects.made(slug, task, [])),
    "success with a number": lambda slug, task: says(dialects.made(slug, task, 7)),
    "an address that is a file": lambda slug, task: says(dialects.made(slug, task, "file:///etc/passwd")),
    "deep nesting": lambda _slug, _task: plainly(DEEP),
    "1 GiB": lambda _slug, _task: faults.endless(),
    "gzip, gzip": lambda _slug, _task: faults.bomb(20),
    "header drip": lambda _slug, _task: faults.drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "307 to this machine": lambda _slug, _task: faults.answers(307, b"", location="http://127.0.0.1:1/"),
}


def refused(slug: str, kind: str) -> Behaviour:
    status, body = dialects.refusal(slug, kind)
    return says(body, status)
