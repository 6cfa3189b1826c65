"""A sweep that is killed outright, and what becomes of the jobs it had picked."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models import F

from tests.jobs.engine import due, fresh, looked, sent
from tests.jobs.test_sweep import running
from tests.network import faults
from videos.jobs.watching import sweep
from videos.models import Job
from videos.models.clock import later, now

pytestmark = pytest.mark.django_db


def abandoned(*jobs) -> None:
    """A sweep that picks these, asks, and is killed outright before any answer."""
    for job in jobs:
        due(job)
    with asyncio.Runner() as runner:
        mine = sweep.Sweep("killed", runner)
        for job in mine.pick():
            mine.ask(job)
        runner.run(mine.stop())


def test_a_sweep_that_is_killed_holds_nothing_up_for_longer_than_its_lease(member, key, vendor, settings):
    lease = settings.DURATIONS["sweep_lease"]
    job = looked(sent(member, vendor))
    abandoned(job)
    assert later(lease / 2) < fresh(job).next_at <= later(lease)
    seen = fresh(job).looks
    assert looked(job).looks > seen


def test_one_that_kills_every_sweep_comes_up_ever_more_rarely(member, key, vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"sweep_lease": 15, "look_deadline": 45}
    job, pauses = looked(sent(member, vendor)), []
    for _death in range(6):
        abandoned(job)
        pauses.append(round((fresh(job).next_at - now()).total_seconds()))
        Job.objects.filter(pk=job.pk).update(looked_at=F("looked_at") - timedelta(seconds=pauses[-1]))
    assert pauses == [15, 30, 60, 90, 90, 90]
    assert round((fresh(looked(job)).next_at - now()).total_seconds()) < 15


def test_while_a_sweep_lives_its_open_questions_do_not_come_up_again(member, key, vendor, settings):
    vendor.looks, lease = [faults.silent()], settings.DURATIONS["sweep_lease"]
    slow, called = running(member, key, 2)
    with asyncio.Runner() as runner:
        mine = sweep.Sweep("alive", runner)
        for job in mine.pick():
            mine.ask(job)
        assert len(mine.open_looks) == 2
        Job.objects.filter(pk=slow.pk).update(next_at=later(0.1))
        Job.objects.filter(pk=called.pk).update(next_at=now())  # its vendor called back
        mine.keep_ahead()
        assert fresh(slow).next_at > later(lease / 2) and fresh(called).next_at <= now()
        runner.run(mine.stop())
