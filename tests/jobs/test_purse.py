"""F10: an account with too few credits is known at its keys, and begins once."""

from functools import partial

import pytest

from tests.builders import MODEL, VENDOR, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, drive, due, fresh, looked, press, sent
from tests.jobs.test_at_once import at_once
from tests.network import faults
from videos.jobs.account import credit_shortage
from videos.jobs.running import drive as driving
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.keys import changes
from videos.models import Event, VendorKey
from videos.models.clock import now

pytestmark = pytest.mark.django_db
BROKE = says.says({"code": 402, "message": "Insufficient credits"}, status=402)


def since(key):
    return VendorKey.objects.get(pk=key.pk).empty_since


def beginnings():
    return [(row.object, row.data) for row in Event.objects.filter(verb="key.empty")]


def test_f10_it_is_known_at_every_key_of_the_account_and_at_no_other(member, team, alice, bob, key, vendor):
    own = a_key(team, secret="rehearsal-plain", person=bob)
    other = a_key(team, secret="rehearsal-other")
    vendor.submits = [BROKE]
    job = drive(press(member, key=key))
    assert job.kind == "insufficient_credits"
    assert since(key) and since(own) == since(key) and since(other) is None
    assert beginnings() == [(f"vendorkey:{key.pk}", {"vendor": VENDOR, "rehearsal": True})]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_f10_many_refusals_at_the_same_moment_are_one_beginning(member, team, bob, key, vendor):
    a_key(team, secret="rehearsal-plain", person=bob)
    vendor.submits = [BROKE]
    jobs = [due(press(member, f"Number {n}", key=key)) for n in range(4)]
    at_once(*[partial(driving.drive, job.pk) for job in jobs])
    for job in jobs:  # who waited for a place on the account
        drive(job) if fresh(job).state == "queued" else None
    assert {fresh(job).kind for job in jobs} == {"insufficient_credits"}
    assert len(beginnings()) == 1


def test_f10_a_refusal_that_was_overtaken_leaves_no_mark(member, key, vendor):
    asleep = due(press(member))
    assert submit.claim(asleep, By(worker="asleep"))
    job = fresh(asleep)
    submit.mark_unknown(job, By(worker="other"), "worker_gone")
    refused = submit.Refused(submit.Kind.INSUFFICIENT_CREDITS)
    with pytest.raises(submit.Overtaken):
        submit.apply_outcome(asleep, refused, By(worker="asleep"))
    assert (since(key), beginnings()) == (None, [])


def test_f10_a_repetition_that_is_refused_tells_it_too(member, safe_key, vendor):
    broke = says.says({"error": {"code": "insufficient_credits", "message": "no"}}, status=402)
    vendor.submits = [vendor.charging(faults.raw(b"")), broke]
    job = drive(drive(press(member, model=SAFE_MODEL)))
    assert job.state == "submitting"
    assert since(safe_key) and len(beginnings()) == 1


def test_f10_a_task_that_fails_for_it_tells_it_too(member, key, vendor):
    vendor.looks = [says.failed("Insufficient credits")]
    job = looked(sent(member, vendor))
    assert (job.state, job.kind) == ("failed", "insufficient_credits")
    assert since(key) and len(beginnings()) == 1


def test_f10_what_the_vendor_takes_afterwards_ends_it_and_the_next_shortage_is_told_again(
    member, team, bob, key, vendor
):
    own = a_key(team, secret="rehearsal-plain", person=bob)
    vendor.submits = [BROKE, BROKE, says.accepted(), BROKE]
    for n in range(2):
        drive(press(member, f"Number {n}", key=key))
    assert len(beginnings()) == 1
    assert drive(press(member, "Topped up", key=key)).state == "running"
    assert (since(key), since(own)) == (None, None)
    drive(press(member, "Empty again", key=key))
    assert since(key) and len(beginnings()) == 2


def test_f10_what_was_sent_before_it_began_does_not_end_it(member, key, vendor):
    early, late = due(press(member)), press(member, "Refused")
    assert submit.claim(early, By(worker="slow"))
    vendor.submits = [BROKE]
    drive(late)
    submit.apply_outcome(early, submit.Accepted("task-1", {"task_id": "task-1"}), By(worker="slow"))
    assert fresh(early).state == "running"
    assert since(key)


def test_f10_another_key_in_its_place_and_a_persons_word_end_it(member, key, vendor):
    job = press(member, model=MODEL)
    for ends in (
        lambda: changes.replace(member, key, "rehearsal-another"),
        lambda: changes.mark_topped_up(member, key),
    ):
        credit_shortage.mark(job, By(worker="w"))
        assert since(key) <= now()
        ends()
        assert since(key) is None
    assert Event.objects.filter(verb="key.topped_up").count() == 1
    changes.mark_topped_up(member, key)
    assert Event.objects.filter(verb="key.topped_up").count() == 1, (
        "said of a key that has credits, it is nothing"
    )
