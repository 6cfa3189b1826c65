"""A first request is heard of while the second waits: it is asked about, and nothing is paid twice."""

import pytest

from tests.hooks.test_callback import DONE, address, post
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, due, fresh, looked, press, story
from tests.network import faults
from videos.jobs import verbs
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.models.clock import later
from videos.states import Money
from videos.usage import proof
from videos.vendors.contract import Accepted

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def tried_again(member, vendor):
    """The first answer was lost; a person lets it be sent again, and nothing has left yet."""
    vendor.submits = [faults.raw(b"")]
    job = drive(press(member))
    verbs.decide(member, job, "try_again")
    assert (fresh(job).state, attempts(job)) == ("queued", [("written_off", "try_again")])
    vendor.submits = [says.accepted("task-2")]
    return fresh(job)


def test_a_callback_holds_the_second_request_back_and_the_first_is_confirmed(member, key, vendor, team):
    job = tried_again(member, vendor)
    post(address(job), DONE)
    job = drive(job)
    assert (job.state, job.money, attempts(job)) == ("unknown", Money.POSSIBLY, [("unknown", "heard")])
    assert proof.prove(team).holds
    job = looked(job)
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "confirmed")])
    assert (len(vendor.sent), story(job)[-2:]) == (1, ["heard", "confirmed"])
    assert proof.prove(team).holds


def test_whatever_the_second_waits_for(member, key, vendor):
    job = tried_again(member, vendor)
    type(key).objects.update(quiet_until=later(600))
    assert drive(job).waiting_for == "rate"
    post(address(job), DONE)
    assert drive(job).state == "unknown"


def test_a_task_the_vendor_does_not_know_is_a_persons_to_decide_and_never_the_second_requests(
    member, key, vendor, team
):
    """The stale name goes when they do: the second one's lost answer has nothing to ask about."""
    job = tried_again(member, vendor)
    post(address(job), DONE)
    vendor.looks = [says.unknown_task()]
    job = looked(drive(job))
    assert (job.state, len(vendor.sent)) == ("unknown", 1)
    verbs.decide(member, job, "try_again")
    vendor.submits, vendor.looks = [faults.raw(b"")], [says.working()]
    job = drive(job)
    assert (job.state, job.hint_task_id, job.next_at) == ("unknown", "", None)
    assert [state for state, _why in attempts(job)] == ["written_off", "unknown"]
    assert proof.prove(team).holds


def test_a_callback_a_moment_before_the_claim_is_seen_by_it(member, key, vendor):
    job = due(tried_again(member, vendor))
    post(address(job), DONE)
    assert not submit.claim(job, By(worker="me"))
    assert (fresh(job).state, attempts(job)) == ("queued", [("written_off", "try_again")])
    assert drive(job).state == "unknown"


def test_what_surely_did_not_arrive_leaves_the_first_to_stand(member, key, vendor, team):
    job = due(tried_again(member, vendor))
    me = By(worker="me")
    assert submit.claim(job, me)
    post(address(job), DONE)
    submit.apply_outcome(job, submit.exchange.NotSent("refused"), me)
    job = looked(drive(job))
    assert attempts(job) == [("charged", "confirmed"), ("not_charged", "transient")]
    assert (job.state, job.money, len(vendor.sent)) == ("running", Money.HELD, 1)
    assert proof.prove(team).holds


def test_a_late_answer_of_the_first_is_news_too(member, key, vendor):
    asleep = due(press(member))
    me = By(worker="asleep")
    assert submit.claim(asleep, me)
    submit.apply_outcome(fresh(asleep), submit.exchange.Lost("cut"), By(worker="other"))
    verbs.decide(member, fresh(asleep), "try_again")
    with pytest.raises(submit.Overtaken):
        submit.apply_until_written(asleep, Accepted("task-1", {"task_id": "task-1"}), me)
    job = looked(drive(asleep))
    assert (job.state, job.vendor_task_id, attempts(job)) == ("running", "task-1", [("charged", "confirmed")])
    assert vendor.sent == []


def test_a_name_for_what_was_never_sent_stops_nothing(member, key, vendor):
    job = press(member)
    post(address(job), DONE)
    assert drive(job).state == "running"
    assert len(vendor.sent) == 1
