"""Import by task id: what was made elsewhere is rescued, counted once, and never ordered."""

from decimal import Decimal
from functools import partial

import pytest

from tests.budgets.at_once import at_once
from tests.builders import MODEL, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, fresh, press, sent, story, until_made
from videos.jobs import freeze, verbs
from videos.jobs.money import open_attempt
from videos.jobs.verbs import AlreadyHere, CannotBe, MaybeLostAnswer, Refusal
from videos.jobs.watching import learned
from videos.jobs.watching.inquiry import QUESTIONS_PER_MINUTE
from videos.models import Event, Job, Membership, Role, SpendAttempt, VendorKey
from videos.states import Money
from videos.usage import proof
from videos.vendors import registry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CHEAPEST = {
    MODEL: {"resolution": "480p", "seconds": 4},
    "seedanceapi-dev/seedance-pro-5s": {},
    "defapi/seedance-2.0": {"seconds": 5},
    "acedata/doubao-seedance-1-0-lite-t2v-250428": {"resolution": "480p", "seconds": 2},
    "seedance2ai/seedance": {"resolution": "720p", "seconds": 4},
    "seedance2ai/gpt-image-2": {},
}
FILM = "https://cdn.example.com/film.mp4"


def bring(member, key, task: str = "task-1", model: str = MODEL, **more) -> Job:
    return verbs.import_result(member, key, registry.MODELS[model], task, **more)


def refused(member, key, code: str, task: str = "task-1") -> None:
    before = Job.objects.count(), SpendAttempt.objects.count()
    with pytest.raises(CannotBe, match=f"^{code}$"):
        bring(member, key, task)
    assert (Job.objects.count(), SpendAttempt.objects.count()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
@pytest.mark.parametrize("model", CHEAPEST)
def test_what_was_made_elsewhere_comes_home_and_is_charged_once(member, team, sandbox, model):
    """Of every vendor: ordered with this key by another studio, which is gone by now."""
    key = a_key(team, vendor=model.partition("/")[0], secret=f"rehearsal-elsewhere-{model}")
    elsewhere = drive(press(member, "A lighthouse", model, options=CHEAPEST[model], key=key))
    task = elsewhere.vendor_task_id
    assert task
    Job.objects.all().delete()
    job = bring(member, key, f"  {task} ", model, prompt="A lighthouse")
    assert job.state in ("running", "downloading") and attempts(job) == [("charged", "imported")]
    job = until_made(fresh(job)) if job.state == "running" else fresh(job)
    assert job.state == "downloading"
    job = drive(job)
    assert (job.state, job.money, job.prompt.text) == ("succeeded", Money.CHARGED, "A lighthouse")
    assert story(job)[0] == "imported" and Event.objects.filter(job=job).first().actor == member.user
    assert proof.prove(team).holds
    assert len(sandbox.ledger(f"rehearsal-elsewhere-{model}")) == 1
    with pytest.raises(AlreadyHere) as here:
        bring(member, key, task, model)
    assert here.value.job == job


def test_the_charge_is_the_vendors_word_or_none(member, key, vendor, team):
    vendor.looks = [says.made(FILM)]
    job = bring(member, key)
    assert (job.state, job.charge, job.estimate, job.money) == ("downloading", None, None, Money.CHARGED)
    assert proof.prove(team).holds
    safe = a_key(team, vendor="seedance2ai", secret="rehearsal-safe")
    vendor.looks = [says.says({"id": "t2", "status": "completed", "credits_used": 90, "output": [FILM]})]
    job = bring(member, safe, "t2", "seedance2ai/seedance")
    assert (job.charge, job.estimate) == (Decimal(90), None)
    assert proof.prove(team).holds


def test_nothing_is_ordered_and_nothing_could_be(member, key, vendor):
    job = bring(member, key)
    assert (job.state, vendor.sent, vendor.charges, len(vendor.looked)) == ("running", [], [], 1)
    assert job.imported
    with pytest.raises(freeze.Tampered):
        freeze.thaw(fresh(job))
    Job.objects.filter(pk=job.pk).update(state="queued")  # a mistake that the code does not make
    SpendAttempt.objects.all().delete()
    job = drive(job)
    assert (job.state, job.kind, vendor.sent) == ("failed", "gone_wrong", [])
    assert VendorKey.objects.get(pk=key.pk).state == "active"


def test_its_time_teaches_nobody_how_long_a_model_takes(member, key, vendor):
    vendor.looks = [says.made(FILM)]
    job = bring(member, key)
    assert job.made_at and learned.times(job.model, True, "", 0) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says.unknown_task(), "task_not_known"),
        (says.working("SOMETHING_NEW"), "task_not_known"),
        (says.failed("boom"), "task_failed"),
        (says.says({"code": 401, "message": "Invalid API key"}, status=401), "key_refused"),
        (says.says({"code": 429, "message": "Too many"}, status=429), "vendor_busy"),
        (says.says(b"<html>"), "vendor_silent"),
        (says.says({}, status=500), "vendor_silent"),
        (says.faults.raw(b""), "vendor_silent"),
    ],
)
def test_what_the_vendor_does_not_surely_have_is_not_made(member, key, vendor, answer, code):
    vendor.looks = [answer]
    refused(member, key, code)
    assert vendor.sent == []


@pytest.mark.parametrize("task", ["", "  ", "a b", "x" * 5000])
def test_what_is_no_task_id_is_not_asked_about(member, key, vendor, task):
    refused(member, key, "bad_task_id", task)
    assert vendor.looked == []


def test_what_is_here_already_is_pointed_to_without_asking(member, key, vendor):
    job = sent(member, vendor)
    asked = len(vendor.looked)
    with pytest.raises(AlreadyHere) as here:
        bring(member, key)
    assert (here.value.job, len(vendor.looked), Job.objects.count()) == (job, asked, 1)


def test_another_teams_is_only_taken(member, key, vendor, charlie):
    """They have the same vendor account: no more is said than that."""
    theirs = charlie.memberships.get()
    same = a_key(theirs.team, secret="rehearsal-plain")
    sent(Membership.objects.select_related("team", "user").get(pk=theirs.pk), vendor, key=same)
    refused(member, key, "task_taken")


def test_what_was_deleted_for_good_says_so(member, key, vendor):
    job = sent(member, vendor)
    Job.objects.filter(pk=job.pk).update(purged_at=job.created_at, trashed_at=job.created_at)
    refused(member, key, "purged")


def test_nobody_probes(member, key, vendor):
    vendor.looks = [says.unknown_task()]
    for n in range(QUESTIONS_PER_MINUTE):
        refused(member, key, "task_not_known", f"task-{n}")
    refused(member, key, "too_many_asked", "task-99")
    assert len(vendor.looked) == QUESTIONS_PER_MINUTE
    Event.objects.filter(verb="task.asked").update(at="2026-01-01T00:00:00Z")
    refused(member, key, "task_not_known", "task-99")


def test_a_vendor_that_asked_us_to_wait_is_left_alone(member, key, vendor):
    VendorKey.objects.filter(pk=key.pk).update(quiet_until="2099-01-01T00:00:00Z")
    key.refresh_from_db()
    refused(member, key, "vendor_busy")
    assert vendor.looked == []


def test_only_with_a_key_that_may_be_used_and_by_who_may_spend(member, key, vendor, team, charlie, colleague):
    foreign = a_key(charlie.memberships.get().team, secret="rehearsal-foreign")
    personal = a_key(team, secret="rehearsal-mine", person=colleague.user)
    paused = a_key(team, secret="rehearsal-paused", state="paused")
    other = a_key(team, vendor="defapi", secret="rehearsal-other")
    for wrong in (foreign, personal, paused, other):
        with pytest.raises(Refusal):
            bring(member, wrong)
    Membership.objects.filter(pk=member.pk).update(role=Role.REVIEWER)
    member.refresh_from_db()
    with pytest.raises(verbs.access.Forbidden):
        bring(member, key)
    assert (vendor.looked, Job.objects.count()) == ([], 0)


def test_the_same_again_is_for_the_form(member, key, vendor):
    vendor.looks = [says.failed("boom")]
    job = bring_running(member, key, vendor)
    with pytest.raises(Refusal) as refusal:
        verbs.retry(member, job)
    assert [problem.code for problem in refusal.value.problems] == ["imported"]


def bring_running(member, key, vendor) -> Job:
    vendor.looks = [says.working(), *vendor.looks]
    return bring(member, key)


@pytest.mark.django_db(transaction=True)
def test_brought_in_by_three_at_once_it_is_one(member, key, vendor):
    results = at_once([lambda: bring(member, key)] * 3, AlreadyHere, CannotBe)
    made = [one for one in results if isinstance(one, Job)]
    assert len(made) == 1 == Job.objects.count() == SpendAttempt.objects.count()
    assert all(isinstance(one, Job | AlreadyHere) for one in results)


# --- is it a lost answer of ours? -----------------------------------------------------------


def lost(member, key) -> Job:
    job = press(member, key=key)
    Job.objects.filter(pk=job.pk).update(state="unknown", money=Money.POSSIBLY, next_at=None)
    open_attempt(job)
    SpendAttempt.objects.filter(job=job).update(state="unknown")
    return job


def test_what_may_be_a_lost_answer_is_asked_about_and_nothing_is_made(member, key, vendor):
    """A second row would hold the charge that the first one already calls possible."""
    job = lost(member, key)
    with pytest.raises(MaybeLostAnswer) as perhaps:
        bring(member, key)
    assert (perhaps.value.jobs, Job.objects.count(), vendor.looked) == ([job], 1, [])
    verbs.adopt(member, fresh(job), "task-1")
    with pytest.raises(AlreadyHere):
        bring(member, key)
    assert attempts(fresh(job)) == [("charged", "confirmed")]


def test_none_of_these_is_a_persons_word_and_written_down(member, key, vendor, team):
    first = lost(member, key)
    said = {str(first.public_id)}
    second = lost(member, key)
    with pytest.raises(MaybeLostAnswer) as perhaps:  # one was lost since they looked
        bring(member, key, none_of=said)
    assert perhaps.value.jobs == [second]
    said.add(str(second.public_id))
    job = bring(member, key, none_of={*said, "whatever else was sent"})
    line = Event.objects.get(job=job, verb="job.imported")
    assert (job.imported, set(line.data["none_of"])) == (True, said)
    assert fresh(first).state == "unknown" and proof.prove(team).holds


def test_what_was_lost_with_another_key_is_asked_about_too(member, key, vendor, team):
    """Two keys may be of one vendor account: nobody here can tell."""
    job = lost(member, a_key(team, secret="rehearsal-of-the-same-account"))
    with pytest.raises(MaybeLostAnswer) as perhaps:
        bring(member, key)
    assert perhaps.value.jobs == [job]
    assert bring(member, key, none_of=[str(job.public_id)]).imported


def test_what_is_lost_of_real_money_is_no_rehearsal(member, key, vendor, team):
    lost(member, a_key(team, secret="sk-real", rehearsal=False))
    assert bring(member, key).imported


def test_what_may_still_be_answered_is_asked_about_too(member, vendor, team):
    """Its vendor knows our key for the request: for a day the same bytes may bring this task."""
    safe = a_key(team, vendor="seedance2ai", secret="rehearsal-safe")
    vendor.submits = [says.faults.raw(b"")]
    job = drive(press(member, model="seedance2ai/seedance", key=safe))
    assert job.state == "submitting"
    with pytest.raises(MaybeLostAnswer) as perhaps:
        bring(member, safe, "t2", "seedance2ai/seedance")
    assert (perhaps.value.jobs, Job.objects.count()) == ([job], 1)


def test_one_task_under_two_keys_of_one_account_is_one(member, key, vendor, team):
    job, other = bring(member, key), a_key(team, secret="rehearsal-second-key")
    asked = len(vendor.looked)
    with pytest.raises(AlreadyHere) as here:
        bring(member, other)
    assert (here.value.job, len(vendor.looked), Job.objects.count()) == (job, asked, 1)
    waits = lost(member, other)
    with pytest.raises(CannotBe, match="^task_taken$"):
        verbs.adopt(member, fresh(waits), "task-1")
    assert fresh(waits).state == "unknown"


@pytest.mark.django_db(transaction=True)
def test_brought_in_at_once_under_three_keys_it_is_one(member, key, vendor, team):
    keys = [key, a_key(team, secret="rehearsal-second-key"), a_key(team, secret="rehearsal-third-key")]
    results = at_once([partial(bring, member, one) for one in keys], AlreadyHere)
    assert Job.objects.count() == SpendAttempt.objects.count() == 1
    assert sorted(type(one).__name__ for one in results) == ["AlreadyHere", "AlreadyHere", "Job"]


def test_what_another_team_lost_is_not_told(member, key, vendor, charlie):
    theirs = Membership.objects.select_related("team", "user").get(user=charlie)
    lost(theirs, a_key(theirs.team, secret="rehearsal-plain"))
    assert bring(member, key).imported


def test_a_pasted_id_on_a_card_counts_as_asked_too(member, key, vendor):
    job = lost(member, key)
    vendor.looks = [says.unknown_task()]
    for n in range(QUESTIONS_PER_MINUTE):
        with pytest.raises(CannotBe, match="^task_not_known$"):
            verbs.adopt(member, fresh(job), f"task-{n}")
    with pytest.raises(CannotBe, match="^too_many_asked$"):
        verbs.adopt(member, fresh(job), "task-99")
    assert len(vendor.looked) == QUESTIONS_PER_MINUTE
