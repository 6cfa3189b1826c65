"""Several workers and several people at once, on real connections: nobody pays twice and nothing hangs.
(A worker that dies between any two statements: tests/proofs/test_crash_points.py.)"""

import threading
from functools import partial

import pytest
from django.db import connection

from tests.budgets.given import a_budget
from tests.builders import a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, due, fresh, press
from tests.network import faults
from videos.jobs import verbs
from videos.jobs.running import drive as driving
from videos.jobs.sending import submit
from videos.jobs.transitions import By
from videos.jobs.verbs import CannotBe, GenerationRequest
from videos.models import Event, Job, Membership, SpendAttempt
from videos.states import Money

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def at_once(*calls):
    """All of them in threads of their own, started together; what each returned or raised."""
    results, gun = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        gun.wait()
        try:
            results[place] = call()
        except (CannotBe, verbs.Refusal) as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_f13_one_nudge_delivered_five_times_in_parallel_is_one_request(member, key, vendor):
    for n in range(3):
        vendor.submits = [vendor.charging(says.accepted(f"task-{n}"))]
        job = due(press(member))
        at_once(*[partial(driving.drive, job.pk)] * 5)
        assert fresh(job).state == "running"
    assert len(vendor.charges) == 3
    assert SpendAttempt.objects.count() == 3


def test_f40_a_slow_vendor_never_has_all_the_workers(member, team, vendor, settings):
    """Four workers; ten jobs for a vendor that takes its time, on two accounts, and one for a quick one."""
    slow = [a_key(team, vendor="defapi", secret=f"rehearsal-slow-{n}") for n in range(2)]
    quick = a_key(team, vendor="seedanceapi-org", secret="rehearsal-quick")
    jobs = [press(member, f"Slow {n}", "defapi/seedance-2.0", key=slow[n % 2]) for n in range(10)]
    one = press(member, "Quick", "seedanceapi-org/seedance-2.0", key=quick)
    busy, most, lock = [], [], threading.Lock()

    def answers(heard, connection):
        if "defapi" not in heard.target:
            return says.accepted("task-quick")(heard, connection)
        with lock:
            busy.append(heard)
            most.append(len(busy))
            if len(busy) == 2:
                both.set()
        patience.wait(20)
        with lock:
            busy.pop()
            number = len(most)
        return says.says({"code": 0, "data": {"task_id": f"task-{number}-{id(heard)}"}})(heard, connection)

    def the_rest():
        both.wait(20)
        for job in jobs[4:]:
            driving.drive(due(job).pk)
        sent = drive(one).state
        patience.set()
        return sent

    both, patience, vendor.submits = threading.Event(), threading.Event(), [answers]
    *_slow, sent = at_once(*[partial(driving.drive, due(job).pk) for job in jobs[:3]], the_rest)
    assert sent == "running", "the fourth worker was free for it"
    assert max(most) <= settings.Q_CLUSTER["workers"] // 2
    waits = [fresh(job) for job in jobs if fresh(job).state == "queued"]
    assert {job.waiting_for for job in waits} <= {"turn", ""} and "turn" in {job.waiting_for for job in waits}
    for job in waits:
        drive(job)
    assert {fresh(job).state for job in jobs} <= {"running", "queued"}
    assert Job.objects.filter(vendor="defapi", state="running").count() == 8, "four on each account"


def test_f1_one_form_sent_five_times_in_parallel_is_one_job(member, key):
    order = GenerationRequest("seedanceapi-org/seedance-2.0", "A lighthouse", client_token="one-form")
    jobs = at_once(*[partial(verbs.start, member, order)] * 5)
    assert {job.pk for job in jobs} == {Job.objects.get().pk}
    assert Job.objects.get().events.filter(verb="job.created").count() == 1


@pytest.mark.parametrize("limit", ["budget", "pace"])
def test_f1_one_form_sent_five_times_in_parallel_takes_the_last_place_once(
    member, team, key, settings, limit
):
    """Who waited for the faster one and finds no place left is shown what it made."""
    settings.PRESSES_PER_MINUTE = 1 if limit == "pace" else 0
    if limit == "budget":
        a_budget(team, "1")
    order = GenerationRequest("seedanceapi-org/seedance-2.0", "A lighthouse", client_token="one-form")
    jobs = at_once(*[partial(verbs.start, member, order)] * 5)
    assert jobs == [Job.objects.get()] * 5
    assert not Event.objects.filter(verb="press.refused").exists()


def test_a_person_is_as_fast_as_they_may_be_with_however_many_keys(member, team, key, settings):
    """A key's own row makes nobody wait here: each press has another."""
    settings.PRESSES_PER_MINUTE = 3
    keys = [key, *(a_key(team, secret=f"rehearsal-{n}") for n in range(11))]
    orders = [GenerationRequest("seedanceapi-org/seedance-2.0", "A lighthouse", key=one) for one in keys]
    results = at_once(*[partial(verbs.start, member, order) for order in orders])
    assert sum(isinstance(one, Job) for one in results) == Job.objects.count() == 3


def test_two_people_decide_in_the_same_instant(member, colleague, key, vendor):
    for _again in range(3):
        vendor.submits = [faults.raw(b"")]
        job = drive(press(member))
        at_once(
            partial(verbs.decide, member, fresh(job), "try_again"),
            partial(verbs.decide, colleague, fresh(job), "give_up"),
        )
        assert attempts(job) in ([("written_off", "try_again")], [("written_off", "give_up")])
        assert fresh(job).state == {"try_again": "queued", "give_up": "failed"}[attempts(job)[0][1]]


def test_a_stop_and_a_claim_in_the_same_instant(member, key, vendor):
    """Either it was taken back and nothing left, or it left and everybody knows."""
    for n in range(5):
        vendor.submits = [vendor.charging(says.accepted(f"task-{n}"))]
        job, before = due(press(member)), len(vendor.charges)
        at_once(partial(driving.drive, job.pk), partial(verbs.stop, member, fresh(job)))
        job, paid = fresh(job), len(vendor.charges) - before
        if job.state == "canceled":
            assert (paid, job.money) == (0, Money.NONE)
        else:
            assert (job.state, paid, job.stopped_at is not None) == ("running", 1, True)


def test_an_account_never_makes_more_at_once_than_it_may(member, key, vendor, settings):
    allowed = submit.registry.vendor(key.vendor).running
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"workers": 4 * allowed}  # so many that they are no limit
    jobs = [due(press(member)) for _n in range(allowed + 4)]
    at_once(*[partial(submit.claim, job, By(worker=f"w{job.pk}")) for job in jobs])
    assert Job.objects.filter(state="submitting").count() == allowed
    assert SpendAttempt.objects.count() == allowed
    assert Membership.objects.count() == 1
