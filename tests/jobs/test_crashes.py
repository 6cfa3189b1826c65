"""A worker killed between any two statements, and several workers at once.

A kill is an exception that nothing may catch, thrown before the n-th SQL statement, for every n
until the step gets through: what was not committed is gone, what was sent is sent. Then time
passes and another worker comes. Whoever died when, nobody pays twice and nothing hangs."""

import threading
from functools import partial

import pytest
from django.db import connection

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, age, attempts, drive, due, fresh, look, press, sent
from tests.media.films import film
from tests.network import faults
from videos.jobs import drive as driving
from videos.jobs import submit, verbs
from videos.jobs.states import Money
from videos.jobs.transitions import By
from videos.jobs.verbs import CannotBe, Order
from videos.models import AccountPace, Job, Membership, SpendAttempt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class Killed(BaseException):
    pass


class KilledBefore:
    """Counts statements and dies before the n-th."""

    def __init__(self, n):
        self.left = n

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.left -= 1
            if self.left < 0:
                raise Killed
        return execute(sql, params, many, context)


def deaths(step):
    """Runs ``step`` once per statement it makes, dying before it; yields after each death. The
    last run, which nobody interrupts, is not part of it."""
    for n in range(200):
        try:
            with connection.execute_wrapper(KilledBefore(n)):
                step(n)
        except Killed:
            yield n
        else:
            return
    raise AssertionError("the step never ended")


def settled(job, tries=6):
    """Whatever comes up by itself comes up, a lease later each time."""
    for _time in range(tries):
        if fresh(job).next_at is None or fresh(job).state == "running":
            break
        drive(age(job, 120))
    return fresh(job)


def test_f2_f4_wherever_a_sender_dies_nobody_pays_twice(member, key, vendor):
    vendor.submits = [vendor.charging(says.accepted(f"task-{n}")) for n in range(200)]
    jobs, seen = {}, set()

    def step(n):
        jobs[n] = due(press(member))
        vendor.charges.clear()
        driving.drive(jobs[n].pk)

    for n in deaths(step):
        if n not in jobs or not Job.objects.filter(pk=jobs[n].pk).exists():
            continue
        job, paid = jobs[n], len(vendor.charges)
        assert paid <= 1
        job = settled(job)
        standing = [state for state, _why in attempts(job) if state in ("open", "charged", "unknown")]
        assert len(standing) <= 1
        assert job.state in ("running", "unknown")
        assert len(vendor.charges) <= 1, "a job of which nobody knew was sent again"
        if paid and job.state != "running":
            assert (job.state, job.money, standing) == ("unknown", Money.POSSIBLY, ["unknown"])
        seen.add((paid, job.state))
        Job.objects.all().delete()  # or they would hold the account's places
    assert seen == {(0, "running"), (1, "unknown"), (1, "running")}


def test_f4_wherever_a_sender_dies_a_vendor_with_keys_is_asked_again(member, safe_key, vendor):
    jobs, outcomes = {}, set()
    vendor.submits = [vendor.charging(echo_key)]

    def step(n):
        jobs[n] = due(press(member, model=SAFE_MODEL))
        driving.drive(jobs[n].pk)

    for n in deaths(step):
        if n in jobs and Job.objects.filter(pk=jobs[n].pk).exists():
            job = settled(jobs[n])
            assert (job.state, job.vendor_task_id) == ("running", f"task-{job.idem_key}")
            assert [state for state, _why in attempts(job)] == ["charged"]
            assert vendor.charges.count(job.idem_key) == 1
            asked = [heard for heard in vendor.sent if heard.headers["idempotency-key"] == job.idem_key]
            outcomes.add(len(asked))
            Job.objects.all().delete()
            AccountPace.objects.all().delete()
    assert outcomes == {1, 2}, "some were sent once, some repeated, and each was paid once"


def echo_key(heard, connection):
    return says.accepted(f"task-{heard.headers['idempotency-key']}")(heard, connection)


@pytest.mark.long
def test_wherever_a_watcher_dies_the_next_one_brings_it_home(member, key, vendor, tmp_path):
    film(tmp_path / "film.mp4", frames=12)
    vendor.files["/film.mp4"] = faults.answers(body=(tmp_path / "film.mp4").read_bytes())
    jobs = {}

    def step(n):
        vendor.submits = [says.accepted(f"task-{n}")]
        vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
        jobs[n] = sent(member, vendor)
        dying.left = n
        with connection.execute_wrapper(dying):
            look(jobs[n])

    for n in range(60):
        dying = KilledBefore(10**6)
        try:
            step(n)
        except Killed:
            job = age(fresh(jobs[n]), 120)
            assert job.state in ("running", "downloading")
            look()
            job = drive(job)
            assert (job.state, job.outputs.count(), job.money) == ("succeeded", 1, Money.CHARGED)
            assert job.events.filter(verb="job.made").count() == 1
        else:
            break
    assert 5 < n < 59


@pytest.mark.long
def test_f36_wherever_a_downloader_dies_the_next_one_ends_it(member, key, vendor, tmp_path):
    film(tmp_path / "film.mp4", frames=12)
    vendor.files["/film.mp4"] = faults.answers(body=(tmp_path / "film.mp4").read_bytes())
    for n in range(60):
        vendor.submits = [says.accepted(f"task-{n}")]
        vendor.looks = [says.made(f"{vendor.url}/film.mp4")]
        job = sent(member, vendor)
        look(job)
        due(job)
        try:
            with connection.execute_wrapper(KilledBefore(n)):
                driving.drive(job.pk)
        except Killed:
            job = drive(age(fresh(job), 120))
            assert (job.state, job.outputs.get().state) == ("succeeded", "stored"), n
        else:
            break
    assert 5 < n < 59


# --- several at once ---------------------------------------------------------------------


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


def test_f1_one_form_sent_five_times_in_parallel_is_one_job(member, key):
    order = Order("seedanceapi-org/seedance-2.0", "A lighthouse", client_token="one-form")
    jobs = at_once(*[partial(verbs.start, member, order)] * 5)
    assert {job.pk for job in jobs} == {Job.objects.get().pk}
    assert Job.objects.get().events.filter(verb="job.created").count() == 1


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


def test_an_account_never_makes_more_at_once_than_it_may(member, key, vendor):
    allowed = submit.registry.vendor(key.vendor).running
    jobs = [due(press(member)) for _n in range(allowed + 4)]
    at_once(*[partial(submit.claim, job, By(worker=f"w{job.pk}")) for job in jobs])
    assert Job.objects.filter(state="submitting").count() == allowed
    assert SpendAttempt.objects.count() == allowed
    assert Membership.objects.count() == 1
