"""The queue may lose everything: whatever is due is nudged again. The rows are the truth."""

import runpy

import pytest
from django.conf import settings
from django_q.models import OrmQ

from tests.builders import a_job, a_key
from tests.jobs.engine import age, drive, fresh, press
from tests.people import join, person
from videos import leases
from videos.jobs import queue
from videos.jobs.running import drive as driving
from videos.jobs.running import ticker
from videos.jobs.watching import sweep
from videos.models import Heartbeat, Job, Lease
from videos.models.clock import later, now
from videos.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def waiting():
    """(task, argument) of every nudge in the queue, as the cluster would run them."""
    return [
        (task["func"].rpartition(".")[2], *task["args"])
        for task in (nudge.task for nudge in OrmQ.objects.order_by("id"))
        if task["func"].rpartition(".")[2] != "tidy"
    ]  # fmt: skip


def queued(team, user, key, count, **fields):
    return [a_job(team, user, key=key, state=State.QUEUED, next_at=now(), **fields) for _n in range(count)]


def test_a_press_commits_with_its_nudge(member, key):
    job = press(member)
    assert waiting() == [("drive", job.pk)]


def test_f14_a_queue_that_lost_everything_is_full_again(member, key):
    job = press(member)
    OrmQ.objects.all().delete()
    ticker.tick()
    assert waiting() == [], "its first nudge may still be on its way"
    age(job, 30)
    ticker.tick()
    assert waiting() == [("drive", job.pk)]


def test_f14_a_lost_nudge_is_repeated_after_the_time_that_is_set_and_no_sooner(member, key):
    job, again = press(member), settings.DURATIONS["nudge_again"]
    OrmQ.objects.all().delete()
    Job.objects.filter(pk=job.pk).update(nudged_at=later(60 - again))
    ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 4})
    assert waiting() == []
    Job.objects.filter(pk=job.pk).update(nudged_at=later(-again))
    ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 4})
    assert waiting() == [("drive", job.pk)]


def test_f14_f15_outside_of_tests_that_is_five_seconds_and_a_silent_cluster_has_forty_five(monkeypatch):
    monkeypatch.setenv("STUDIO_TIME_SCALE", "1")
    real = runpy.run_path(str(settings.BASE_DIR / "studio/settings.py"))["DURATIONS"]
    assert (real["nudge_again"], real["canary_patience"]) == (5, 45)
    assert real["canary"] * 4 <= real["canary_patience"], "one song that is late says nothing"


def test_f14_a_nudge_is_not_repeated_while_it_may_be_on_its_way(member, key):
    job = queued(member.team, member.user, key, 1)[0]
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 4}) == 1
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 4}) == 0
    age(job, 30)
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 4}) == 1


def test_f13_the_same_nudge_five_times_is_one_request(member, key, vendor):
    job = press(member)
    for _twice in range(5):
        driving.drive(job.pk)
    assert len(vendor.sent) == 1
    assert fresh(job).state == "running"


def test_what_somebody_holds_or_what_is_not_due_is_left_alone(member, key):
    held, later_on, ended = queued(member.team, member.user, key, 3)
    Job.objects.filter(pk=held.pk).update(lease_owner="me", lease_until=later(60), state=State.SUBMITTING)
    Job.objects.filter(pk=later_on.pk).update(next_at=later(60))
    Job.objects.filter(pk=ended.pk).update(next_at=None, state=State.FAILED)
    assert ticker.tick() == 1, "nothing but the hourly tidying"
    assert waiting() == []
    age(held, 120)
    ticker.tick()
    assert waiting() == [("drive", held.pk)]


def test_downloads_go_to_the_cluster_that_has_the_time(member, key):
    job = a_job(member.team, member.user, key=key, state=State.DOWNLOADING, next_at=now())
    ticker.tick()
    nudge = OrmQ.objects.get(key=queue.MEDIA)
    assert (nudge.task["func"], nudge.task["args"]) == ("videos.jobs.running.tasks.collect", (job.pk,))


def test_one_persons_batch_does_not_hold_up_anothers_single_wish(member, key, team):
    bob = join(team, person("Bob")).user
    batch = queued(team, member.user, key, 12)
    single = queued(team, bob, key, 1)[0]
    order = [pk for pk, _nudged in ticker.due_jobs(ticker.DRIVEN, now(), now())]
    assert order[:2] == [batch[0].pk, single.pk]
    assert order[2:] == [job.pk for job in batch[1:]]


def test_f40_one_full_account_does_not_hold_up_another(member, key, safe_key, team):
    full = queued(team, member.user, key, 30)
    other = queued(team, member.user, safe_key, 1, model="seedance2ai/seedance")[0]
    ticker.nudge_due(ticker.DRIVEN, queue.MAIN, {"workers": 1})
    assert ("drive", other.pk) in waiting()
    assert ("drive", full[0].pk) in waiting()


def test_the_queue_stays_short(member, key):
    queued(member.team, member.user, key, 30)
    conf = {"workers": 2}
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, conf) == 8
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, conf) == 0
    OrmQ.objects.filter(pk__in=OrmQ.objects.values("pk")[:3]).delete()
    assert ticker.nudge_due(ticker.DRIVEN, queue.MAIN, conf) == 3


def test_one_sweep_for_all_and_none_beside_one_that_lives(member, key):
    for n in range(3):
        a_job(member.team, member.user, key=key, state=State.RUNNING, vendor_task_id=str(n), next_at=now())
    assert ticker.nudge_sweep() == 1
    assert ticker.nudge_sweep() == 0, "its nudge may be on its way"
    assert waiting() == [("sweep",)]
    Lease.objects.update(nudged_at=later(-60))
    assert leases.take(sweep.NAME, "alive", 15)
    assert ticker.nudge_sweep() == 0
    Lease.objects.update(until=later(-1))
    assert ticker.nudge_sweep() == 1, "whoever had it is dead"


def test_no_sweep_when_nothing_is_due(member, key):
    a_job(member.team, member.user, key=key, state=State.RUNNING, vendor_task_id="1", next_at=later(9))
    a_job(member.team, member.user, key=key, state=State.UNKNOWN, next_at=now())
    assert ticker.nudge_sweep() == 0


def test_a_tick_is_a_sign_of_life(db):
    ticker.tick()
    assert Heartbeat.objects.get(name="ticker").at <= now()


def test_every_second_that_something_is_held_up_it_comes_up_again_later(member, key, vendor):
    """Q19: a row that breaks its worker must not go in circles."""
    job = press(member)
    Job.objects.filter(pk=job.pk).update(vendor="a-vendor-that-was-removed")
    with pytest.raises(KeyError):
        drive(job)
    assert fresh(job).next_at > later(3)


class TestLeases:
    def test_one_at_a_time(self):
        assert leases.take("it", "one", 60)
        assert not leases.take("it", "two", 60)
        assert leases.take("it", "one", 60)
        assert leases.held("it")

    def test_one_that_ran_out_is_anybodys_and_cannot_be_renewed(self):
        assert leases.take("it", "one", -1)
        assert not leases.renew("it", "one", 60)
        assert not leases.held("it")
        assert leases.take("it", "two", 60)
        assert not leases.renew("it", "one", 60)
        leases.give_back("it", "one")
        assert leases.held("it"), "only the holder gives it back"
        leases.give_back("it", "two")
        assert not leases.held("it")


def test_another_teams_twin_of_a_key_is_still_the_same_account(team, alice, key, charlie):
    twin = a_key(charlie.memberships.get().team, secret="rehearsal-plain")
    assert twin.account == key.account
