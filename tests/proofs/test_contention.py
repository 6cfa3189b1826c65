"""Eight processes that want the same row at once: nobody is refused by a lock, and nothing is lost."""

import os
import time
import traceback

import pytest
from django.db import connections, transaction

from tests.builders import a_job
from videos import leases
from videos.jobs.account import rates
from videos.jobs.transitions import By, Overtaken, record, touch
from videos.models import AccountPace, Event, Job
from videos.states import State
from videos.vendors.contract import RateLimit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PROCESSES, TIMES = 8, 150
PATIENCE = 2.0  # seconds that 99 of 100 may wait at most


def at_once(work, processes=PROCESSES) -> list[float]:
    """``work(n)`` in processes of their own, begun together; how long each of their turns took."""
    connections.close_all()
    begin, gun = os.pipe()
    children = []
    for n in range(processes):
        hear, tell = os.pipe()
        if (child := os.fork()) == 0:
            os.close(gun)
            _be_a_child(work, n, begin, tell)
        os.close(tell)
        children.append((child, hear))
    os.close(gun)  # all wait for this
    took = []
    for child, hear in children:
        with os.fdopen(hear) as said:
            told = said.read()
        _pid, status = os.waitpid(child, 0)
        assert status == 0, told
        took += map(float, told.split())
    os.close(begin)
    return sorted(took)


def _be_a_child(work, n, begin, tell):
    try:
        os.read(begin, 1)
        os.write(tell, " ".join(f"{took:.4f}" for took in work(n)).encode())
        os._exit(0)
    except BaseException:  # noqa: BLE001 (a child must not become a second test run)
        os.write(tell, traceback.format_exc().encode()[-60_000:])
        os._exit(1)


def timed(times, turn):
    for _time in range(times):
        began = time.monotonic()
        turn()
        yield time.monotonic() - began


@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_row_is_written_by_eight_processes_and_every_write_counts(team, alice):
    """As a claim does: a row read for writing, written, and a line in the book, in one transaction."""
    job = a_job(team, alice, state=State.RUNNING)

    @transaction.atomic
    def turn():
        seen = Job.objects.select_for_update().get(pk=job.pk)
        touch(seen, looks=seen.looks + 1)
        record(seen, "job.looked", By(worker="one of eight"))

    took = at_once(lambda _n: list(timed(TIMES, turn)))
    job.refresh_from_db()
    assert (len(took), job.looks, job.version) == (PROCESSES * TIMES,) * 3
    assert Event.objects.filter(job=job).count() == PROCESSES * TIMES
    assert took[int(len(took) * 0.99)] < PATIENCE, took[-5:]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_fenced_writes_of_eight_processes_count_once_each_or_say_that_they_came_too_late(team, alice):
    job = a_job(team, alice, state=State.RUNNING)

    def work(_n):
        written = 0
        for _time in range(TIMES):
            seen = Job.objects.get(pk=job.pk)
            try:
                touch(seen, looks=seen.looks + 1)
                written += 1
            except Overtaken:
                continue
        return [float(written)]

    written = at_once(work)
    job.refresh_from_db()
    assert (job.looks, job.version) == (sum(written), sum(written))
    assert PROCESSES <= sum(written) <= PROCESSES * TIMES


@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_bucket_gives_eight_processes_what_is_in_it_and_no_more(team):
    AccountPace.objects.all().delete()
    limit = RateLimit(200, 86_400)  # refills by less than one while this runs

    def work(_n):
        granted = []
        took = list(timed(TIMES, lambda: granted.append(rates.take("defapi", "one", limit, 1))))
        return [*took, *[1000.0] * sum(granted)]

    granted = [one for one in at_once(work) if one == 1000.0]
    assert 150 <= len(granted) <= 200


def test_a_lease_has_one_holder_whoever_asks_at_once(team):
    """The short one of every run: eight processes, one of them gets it."""
    got = at_once(lambda n: [float(leases.take("proof", f"process {n}", 60))])
    assert got.count(1.0) == 1
