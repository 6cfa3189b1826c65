"""The request as it was when the button was pressed: sealed, bound to its job, the same for ever."""

import dataclasses

import pytest

from tests.builders import a_job
from tests.jobs.engine import SAFE_MODEL, drive, fresh, press
from videos.jobs.freeze import Tampered, freeze, open_url, rekeyed, seal_url, thaw
from videos.models import Job
from videos.states import State
from videos.vault import KeyUnreadable
from videos.vendors.contract import Call

pytestmark = pytest.mark.django_db
CALL = Call(
    "POST", "/v1/generate", '{"prompt":"Größe 灯塔"}'.encode(), (("Idempotency-Key", "abc"), ("X-A", "b"))
)


def frozen(job, call=CALL):
    Job.objects.filter(pk=job.pk).update(**freeze(call, job.public_id))
    return fresh(job)


@pytest.mark.parametrize("call", [CALL, Call("GET", "/nothing"), Call("POST", "/empty", b"")])
def test_what_thaws_is_what_was_frozen(team, alice, call):
    assert thaw(frozen(a_job(team, alice, state=State.QUEUED), call)) == dataclasses.replace(
        call, body=call.body or b""
    )


def test_nothing_of_it_can_be_read_in_the_database(team, alice):
    job = frozen(a_job(team, alice, state=State.QUEUED))
    assert b"prompt" not in bytes(job.body_sealed)
    assert b"generate" not in bytes(job.body_sealed)


def test_a_body_of_another_job_is_not_sent(team, alice):
    mine, other = (frozen(a_job(team, alice, state=State.QUEUED)) for _ in range(2))
    Job.objects.filter(pk=mine.pk).update(body_sealed=other.body_sealed, body_sha256=other.body_sha256)
    with pytest.raises(KeyUnreadable):
        thaw(fresh(mine))


def test_a_changed_byte_or_fingerprint_is_not_sent(member, key, vendor):
    job = press(member)
    sealed = bytearray(job.body_sealed)
    sealed[40] ^= 1
    Job.objects.filter(pk=job.pk).update(body_sealed=bytes(sealed))
    with pytest.raises(KeyUnreadable):
        thaw(fresh(job))
    other = press(member, "Another")
    Job.objects.filter(pk=other.pk).update(body_sha256="0" * 64)
    with pytest.raises(Tampered):
        thaw(fresh(other))
    other = drive(other)
    assert (other.state, other.kind, other.money) == ("failed", "gone_wrong", "none")
    assert vendor.sent == []


def test_a44_a_key_that_cannot_be_opened_stops_its_queue_and_sends_nothing(member, key, vendor):
    job = press(member)
    type(key).objects.update(sealed=b"nonsense")
    job = drive(job)
    assert (job.state, job.waiting_for, vendor.sent) == ("queued", "key", [])
    key.refresh_from_db()
    assert (key.state, key.said) == ("broken", "unreadable")


def test_a_new_idempotency_key_changes_that_header_and_nothing_else(member, safe_key):
    job = press(member, model=SAFE_MODEL)
    before = thaw(job)
    Job.objects.filter(pk=job.pk).update(**rekeyed(job, "a-new-one"))
    job, after = fresh(job), thaw(fresh(job))
    assert (after.body, after.path, job.idem_key) == (before.body, before.path, "a-new-one")
    assert dict(after.headers) == dict(before.headers) | {"Idempotency-Key": "a-new-one"}
    assert dict(before.headers)["Idempotency-Key"] != "a-new-one"


def test_an_address_is_sealed_for_one_output_of_one_job(team, alice):
    from tests.builders import an_output

    job = a_job(team, alice)
    first, second = an_output(job, 0), an_output(job, 1)
    first.url_sealed = seal_url("https://cdn.example.com/secret?sig=1", job, 0)
    assert open_url(first) == "https://cdn.example.com/secret?sig=1"
    second.url_sealed = first.url_sealed
    with pytest.raises(KeyUnreadable):
        open_url(second)
