"""What a person can do, and what it does to money."""

import pytest

from tests.builders import a_job, a_key, an_output
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import (
    attempts,
    drive,
    due,
    fresh,
    press,
    sent,
    story,
    unknown,
    until_made,
)
from tests.people import join, person
from videos import access
from videos.jobs import verbs
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.jobs.verbs import CannotBe
from videos.models import Event, Job, Membership, Role, Team
from videos.models.clock import later, now
from videos.states import Money, State

pytestmark = pytest.mark.django_db


def member_as(team, role):
    return join(team, person(role.title()), role)


# --- pressing -----------------------------------------------------------------


# --- stopping -------------------------------------------------------------------


def test_stopped_before_it_was_sent_it_is_free(member, key, vendor):
    job = press(member)
    verbs.stop(member, job)
    drive(job)
    assert (fresh(job).state, fresh(job).money, vendor.sent) == ("canceled", Money.NONE, [])
    assert story(job) == ["created", "cancel"]


def test_stopped_a_moment_after_a_worker_changed_why_it_waits_it_is_still_free(member, key, vendor):
    """A page shows an older version of the row: the press means the job, not the version."""
    shown = press(member)
    type(key).objects.update(quiet_until=later(60))
    assert drive(shown).waiting_for == "rate"
    verbs.stop(member, shown)
    assert fresh(shown).state == "canceled"


def test_stopped_while_it_runs_it_is_watched_on_and_goes_to_the_trash(member, key, sandbox):
    job = drive(press(member, "Quick [slow:1]", options={"resolution": "480p", "seconds": 4}))
    verbs.stop(member, job)
    assert (fresh(job).state, fresh(job).stopped_at is not None) == ("running", True)
    job = until_made(job)
    job = drive(job)
    assert (job.state, job.trashed_at is not None) == ("succeeded", True)
    assert job not in access.clips_for(member)
    verbs.restore(member, job)
    assert fresh(job) in access.clips_for(member)


def test_stopping_twice_says_so_once(member, key, vendor):
    job = sent(member, vendor)
    verbs.stop(member, job)
    verbs.stop(member, fresh(job))
    assert story(job).count("stopped") == 1


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.LOST, State.CANCELED])
def test_what_has_ended_cannot_be_stopped(member, key, state):
    job = a_job(member.team, member.user, state=state)
    with pytest.raises(CannotBe, match="already_ended"):
        verbs.stop(member, job)


def test_a_stop_leaves_a_workers_lease_alone(member, key, vendor):
    job = due(press(member))
    assert submit.claim(job, By(worker="me"))
    shown = fresh(job)
    Job.objects.filter(pk=job.pk).update(lease_until=later(1000))
    verbs.stop(member, shown)
    assert fresh(job).lease_owner == "me"
    assert fresh(job).lease_until > later(900)


# --- a lost answer ----------------------------------------------------------------


@pytest.mark.both_databases
def test_try_again_writes_the_first_off_and_sends_the_same_under_a_new_key(member, key, vendor):
    job = unknown(member, vendor)
    before = job.idem_key
    verbs.decide(member, job, "try_again")
    job = fresh(job)
    assert (job.state, job.money) == ("queued", Money.POSSIBLY)
    assert job.idem_key != before
    job = drive(job)
    assert (job.state, job.vendor_task_id) == ("running", "task-2")
    assert attempts(job) == [("written_off", "try_again"), ("charged", "accepted")]
    assert vendor.sent[0].body == vendor.sent[1].body
    assert job.attempts.get(n=1).by == member.user


def test_give_up_ends_it_and_says_it_may_have_been_charged(member, key, vendor):
    job = unknown(member, vendor)
    verbs.decide(member, job, "give_up")
    job = fresh(job)
    assert (job.state, job.kind, job.money) == ("failed", "given_up", Money.WRITTEN_OFF)
    assert attempts(job) == [("written_off", "give_up")]
    assert len(vendor.sent) == 1


@pytest.mark.both_databases
def test_a_colleagues_personal_key_is_not_spent_by_trying_again(member, colleague, team, vendor):
    """Nor are its budgets; to give it up costs nothing and stays possible."""
    a_key(team, secret="rehearsal-mine", person=member.user)
    job = unknown(member, vendor)
    with pytest.raises(verbs.Refusal, match="no_key"):
        verbs.decide(colleague, job, "try_again")
    assert (fresh(job).state, attempts(job)[0][0], len(vendor.sent)) == ("unknown", "unknown", 1)
    verbs.decide(colleague, fresh(job), "give_up")
    assert fresh(job).state == "failed"


@pytest.mark.parametrize("state", ["paused", "broken"])
def test_a_key_that_rests_is_not_spent_by_trying_again(member, key, vendor, state):
    """As it is now, and not as it was when the page was drawn."""
    shown = unknown(member, vendor)
    type(key).objects.update(state=state)
    with pytest.raises(verbs.Refusal, match=f"key_{state}"):
        verbs.decide(member, shown, "try_again")
    assert (fresh(shown).state, attempts(shown)[0][0]) == ("unknown", "unknown")


@pytest.mark.both_databases
def test_two_people_decide_at_once_and_one_of_them_is_told(member, key, vendor):
    job = unknown(member, vendor)
    shown = fresh(job)
    verbs.decide(member, job, "give_up")
    with pytest.raises(CannotBe):
        verbs.decide(member, shown, "try_again")
    assert attempts(job) == [("written_off", "give_up")]
    assert fresh(job).state == "failed"


def test_a_word_that_is_no_decision_decides_nothing(member, key, vendor):
    job = unknown(member, vendor)
    with pytest.raises(ValueError, match="whatever"):
        verbs.decide(member, job, "whatever")
    assert fresh(job).state == "unknown"


@pytest.mark.parametrize("verb", ["decide", "adopt"])
def test_what_is_known_needs_no_decision(member, key, vendor, verb):
    job = sent(member, vendor)
    with pytest.raises(CannotBe, match="not_unknown"):
        getattr(verbs, verb)(member, job, "give_up")


def test_a_pasted_task_id_is_believed_when_the_vendor_knows_it(member, key, vendor):
    job = unknown(member, vendor)
    verbs.adopt(member, job, "  task-1 ")
    job = fresh(job)
    assert (job.state, job.vendor_task_id, job.kind) == ("running", "task-1", "")
    assert attempts(job) == [("charged", "confirmed")]
    assert job.attempts.get().by == member.user
    assert len(vendor.sent) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [(says.unknown_task(), "task_not_known"), (says.says(b"<html>"), "task_not_known"), (says.faults.raw(b""), "vendor_silent")],
)  # fmt: skip
def test_a_pasted_task_id_that_nobody_confirms_changes_nothing(member, key, vendor, answer, code):
    job = unknown(member, vendor)
    vendor.looks = [answer]
    with pytest.raises(CannotBe, match=code):
        verbs.adopt(member, job, "task-1")
    assert (fresh(job).state, attempts(job)) == (
        "unknown",
        [("unknown", "no_task_id")] if False else attempts(job),
    )
    assert fresh(job).vendor_task_id is None


@pytest.mark.parametrize("pasted", ["", "   ", "a b", "x" * 5000])
def test_what_is_no_task_id_is_not_asked_about(member, key, vendor, pasted):
    job = unknown(member, vendor)
    with pytest.raises(CannotBe, match="bad_task_id"):
        verbs.adopt(member, job, pasted)
    assert vendor.looked == []


def test_a_pasted_id_stays_in_its_place_in_the_address(member, key, vendor):
    job = unknown(member, vendor)
    vendor.looks = [says.unknown_task()]
    with pytest.raises(CannotBe, match="task_not_known"):
        verbs.adopt(member, job, "../keys?all=1")
    assert vendor.looked[0].target.endswith("..%2Fkeys%3Fall%3D1")


def test_a_task_of_another_clip_is_not_adopted(member, key, vendor):
    sent(member, vendor)
    job = unknown(member, vendor)
    with pytest.raises(CannotBe, match="task_taken"):
        verbs.adopt(member, job, "task-1")
    assert fresh(job).state == "unknown"


# --- the rest -----------------------------------------------------------------------


def test_look_again_makes_it_due_now(member, key, vendor):
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(state=State.EXPIRED, next_at=later(3000))
    verbs.look_again(member, fresh(job))
    assert fresh(job).next_at <= now()
    with pytest.raises(CannotBe, match="nothing_to_look_at"):
        verbs.look_again(member, press(member))


def test_the_trash_stops_what_is_being_made_and_gives_everything_back(member, key, vendor):
    queued, running, done = press(member), sent(member, vendor), a_job(member.team, member.user)
    an_output(done)
    for job in (queued, running, done):
        verbs.trash(member, job)
    assert [fresh(job).state for job in (queued, running, done)] == ["canceled", "running", "succeeded"]
    assert not access.clips_for(member).exists()
    assert access.trash_for(member).count() == 3
    for job in (running, done):
        verbs.restore(member, fresh(job))
    assert set(access.clips_for(member)) == {running, done}
    assert fresh(running).stopped_at is None


VERBS = {
    "start": lambda member, job: press(member),
    "retry": verbs.retry,
    "stop": verbs.stop,
    "decide": lambda member, job: verbs.decide(member, job, "try_again"),
    "adopt": lambda member, job: verbs.adopt(member, job, "task-1"),
    "look_again": verbs.look_again,
    "fetch_again": verbs.fetch_again,
    "trash": verbs.trash,
    "restore": verbs.restore,
}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
@pytest.mark.parametrize("verb", VERBS)
def test_who_only_looks_changes_and_spends_nothing(team, alice, key, role, verb):
    job = a_job(team, alice, state=State.UNKNOWN)
    events = Event.objects.count()
    with pytest.raises(access.Forbidden):
        VERBS[verb](member_as(team, role), job)
    assert (fresh(job).state, fresh(job).version, Event.objects.count()) == ("unknown", 0, events)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.MAKER])
def test_who_makes_may_do_all_of_it(team, alice, key, role):
    maker = member_as(team, role)
    job = press(maker)
    verbs.stop(maker, job)
    verbs.decide(maker, a_job(team, alice, state=State.UNKNOWN), "give_up")
    verbs.trash(maker, fresh(job))
    assert Membership.objects.filter(team=team, role=role).exists()
    assert Team.objects.filter(pk=team.pk).exists()
