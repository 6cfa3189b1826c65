"""The clock is set while the studio works: by a day forward, by an hour back. Nothing is sent twice,
nothing is lost, and nothing waits for as long as the clock went back."""

from datetime import timedelta

import pytest

from tests.builders import a_job
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, due, fresh, look, press, sent
from videos import heartbeat, leases
from videos.jobs import money
from videos.jobs.account import rates
from videos.jobs.ordering import allowance
from videos.jobs.running import clock_steps, ticker, worker
from videos.jobs.running import drive as driving
from videos.jobs.sending import gate, submit
from videos.jobs.transitions import By, Overtaken
from videos.jobs.watching import inquiry
from videos.jobs.watching.sweep import NAME as SWEEP
from videos.models import Heartbeat, Job, VendorKey, clock, heartbeats
from videos.states import Attempt, State
from videos.vendors.contract import RateLimit, Reply

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BACK, FORWARD = timedelta(hours=-1), timedelta(days=1) / 20  # durations run at a twentieth


@pytest.fixture
def step(monkeypatch):
    """``step(BACK)``: from now on every reading of the clock is so much off, as when the database's
    machine is set. Steady clocks go on."""
    honest, off = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: honest() + off[0])

    def by(size):
        off[0] += size

    return by


def noticed():
    assert clock_steps.notice()
    heartbeat.beat(heartbeats.TICKER)
    assert not clock_steps.notice(), "once"


def driven(job):
    """One nudge, at whatever time it is."""
    driving.drive(job.pk)
    return fresh(job)


@pytest.fixture
def ticking():
    heartbeat.beat(heartbeats.TICKER)


def test_back_what_is_being_made_is_looked_at_now_and_not_in_an_hour(member, key, vendor, step, ticking):
    job = sent(member, vendor)
    vendor.looks = [says.working()]
    step(BACK)
    assert look() == 0
    noticed()
    assert look() == 1
    job = fresh(job)
    assert job.looked_at <= clock.now() and job.next_at <= clock.later(60)


def test_back_what_waits_to_be_sent_is_sent_now(member, key, vendor, step, ticking):
    job = press(member)
    Job.objects.filter(pk=job.pk).update(nudged_at=clock.now())
    step(BACK)
    assert ticker.tick() >= 1  # notices, and nudges what is due again
    assert driven(job).state == "running"


def test_back_a_dead_workers_job_is_found_after_its_lease_and_not_an_hour_later(
    member, key, vendor, step, ticking, settings
):
    job = due(press(member))
    assert submit.claim(job, By(worker="dead"))
    step(BACK)
    noticed()
    assert fresh(job).lease_until <= clock.later(settings.DURATIONS["submit_lease"])
    step(timedelta(seconds=settings.DURATIONS["submit_lease"] + 1))
    assert driven(job).state == "unknown" and vendor.sent == []


def test_back_a_living_worker_keeps_what_it_sends(member, key, vendor, step, ticking):
    job = due(press(member))
    assert submit.claim(job, By(worker="me"))
    step(BACK)
    noticed()
    job = Job.objects.select_related("key", "team").get(pk=job.pk)
    submit.apply_until_written(job, submit.registry.vendor(job.vendor).read_submit(ACCEPTED), By(worker="me"))
    assert (fresh(job).state, attempts(job)) == ("running", [("charged", "accepted")])


ACCEPTED = Reply(200, b'{"code": 200, "data": {"task_id": "task-1", "status": "IN_PROGRESS"}}')


def test_back_a_dead_sweep_a_full_bucket_and_a_quiet_key_wait_no_longer_than_they_would(
    member, key, step, ticking, settings
):
    limit = RateLimit(4, 1.0)
    assert leases.take(SWEEP, "dead", settings.DURATIONS["sweep_lease"])
    assert rates.take("x", "account", limit, 4) == 4
    VendorKey.objects.update(quiet_until=clock.later(settings.DURATIONS["retry_after_most"]))
    step(BACK)
    noticed()
    assert VendorKey.objects.get(pk=key.pk).quiet_until <= clock.later(settings.DURATIONS["retry_after_most"])
    step(timedelta(seconds=settings.DURATIONS["sweep_lease"] + 1))
    assert not leases.held(SWEEP) and rates.take("x", "account", limit, 1) == 1


def test_back_presses_questions_and_lost_answers_of_before_count_no_more(member, key, vendor, step, settings):
    settings.PRESSES_PER_MINUTE = 2
    for _n in range(2):
        press(member)
    assert allowance.pace_problems(member.user)
    for _n in range(inquiry.QUESTIONS_PER_MINUTE):
        inquiry.count_question(member, key)
    for _n in range(gate.UNCLEAR_MOST):
        lost = a_job(member.team, member.user, key=key, state=State.UNKNOWN)
        money.open_attempt(lost)
        money.settle(lost, Attempt.UNKNOWN, "timeout")
    job = Job.objects.earliest("pk")
    assert gate.reason_to_wait(job).what == "breaker"
    step(BACK)
    assert allowance.pace_problems(member.user) == [] and gate.reason_to_wait(job) is None
    inquiry.count_question(member, key)


def test_back_a_worker_that_is_dead_is_said_at_once_and_one_that_lives_is_not(step, monkeypatch):
    for name in (heartbeats.TICKER, heartbeats.CANARY):
        heartbeat.beat(name)
    monkeypatch.setattr(heartbeats, "STARTED", clock.later(-3600))
    assert heartbeats.quiet_since() is None
    step(BACK)
    assert heartbeats.quiet_since() is not None, "its last sign lies ahead"
    clock_steps.notice()  # a ticker that lives
    heartbeat.beat(heartbeats.TICKER)
    assert heartbeats.quiet_since() is None


def test_forward_an_answer_that_was_paid_for_is_not_lost(member, key, vendor, step, settings):
    """Its lease is over at once: somebody else takes the job for a dead worker's."""
    job = due(press(member))
    assert submit.claim(job, By(worker="me"))
    mine = Job.objects.select_related("key", "team").get(pk=job.pk)
    step(FORWARD)
    assert driven(job).state == "unknown"
    accepted = submit.registry.vendor(job.vendor).read_submit(ACCEPTED)
    with pytest.raises(Overtaken):
        submit.apply_until_written(mine, accepted, By(worker="me"))
    vendor.looks = [says.working()]
    assert look() == 1
    job = fresh(job)
    assert (job.state, job.vendor_task_id, vendor.sent) == ("running", "task-1", [])
    assert attempts(job) == [("charged", "confirmed")] or attempts(job)[0][0] == "charged"


def test_forward_what_is_being_made_is_late_and_still_arrives(member, key, vendor, step):
    job = sent(member, vendor)
    vendor.looks = [says.working(), says.made(f"{vendor.url}/a.mp4")]
    step(FORWARD)
    assert look() == 1 and fresh(job).state == "expired"
    step(FORWARD)
    assert look() == 1 and fresh(job).state == "downloading"


def test_forward_no_cluster_is_taken_for_dead(tmp_path, step, monkeypatch, settings):
    """Killing it would cost whatever it sends just then."""
    supervisor, killed = worker.Supervisor(tmp_path), []
    monkeypatch.setattr(worker.Cluster, "gone", False)
    monkeypatch.setattr(worker.Cluster, "nudge_canary", lambda cluster: None)
    monkeypatch.setattr(worker.Cluster, "restart", lambda cluster, why: killed.append(cluster.name))
    long_ago = worker.time.monotonic() - 3600
    for cluster in supervisor.clusters:
        cluster.kept, cluster.started = "kept", long_ago
        heartbeat.beat(f"canary-{cluster.name}")
    supervisor.watch()
    step(FORWARD)
    supervisor.watch()
    assert killed == []
    for cluster in supervisor.clusters:
        cluster.started = long_ago  # its time is over, and nobody sang
    supervisor.watch()
    assert killed == ["studio", "media"]


def test_no_step_changes_nothing(member, key, vendor, ticking):
    job = press(member)
    Job.objects.filter(pk=job.pk).update(next_at=clock.later(3000))
    before = Job.objects.values().get(pk=job.pk)
    assert not clock_steps.notice() and Job.objects.values().get(pk=job.pk) == before
    Heartbeat.objects.all().delete()
    assert not clock_steps.notice(), "a first start"
