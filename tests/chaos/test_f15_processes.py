"""F15 to F18: processes die, hang or sleep under the real supervisor, and the queue drains."""

import signal
import time
from urllib.parse import urlsplit

import pytest

from tests.chaos.kills import PAST_THE_LEASE, strike, talks_to
from tests.chaos.scene import NO_KEY, WITH_KEY, alive, order, scene, settled, sings, state_of, until

KILLINGS = 5  # until one of them held the lock
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with scene(tmp_path_factory.mktemp("f15"), programs=("worker",)) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        yield house, vendor


def everything_ordered_arrives(house, vendor, first):
    """Three more films, each charged once."""
    prompts = order(house, 3, first=first)
    verdict = settled(house, vendor)
    assert verdict.holds, verdict.breaches
    assert {state_of(house, prompt) for prompt in prompts} == {"succeeded"}


@pytest.mark.long
@pytest.mark.alone
def test_f15_a_cluster_whose_idle_workers_were_killed_is_started_again_and_the_queue_drains(place):
    """One of them held the queue's lock while it waited: from then on nothing runs (django-q2 #23).
    Where the one that held it was just given a task it died without the lock, and the new ones work:
    then it is done once more. Whatever it was, the queue drains."""
    house, vendor = place
    restarts, told = house.restarts("studio"), "cluster studio: no task ran for too long"
    for first in range(20, 20 + 3 * KILLINGS, 3):
        assert [strike(worker) for worker in house.parts("studio", "worker")] == [True] * 4
        everything_ordered_arrives(house, vendor, first)
        if house.restarts("studio") > restarts:
            break
        until(lambda: len(house.parts("studio", "worker")) == 4, "the killed ones were replaced")
    assert house.restarts("studio") == restarts + 1
    assert told in house.log("worker")


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("part", ["main", "sentinel"])
def test_f16_what_a_dead_cluster_left_is_gone_before_the_next_one_begins(place, part):
    house, vendor = place
    until(lambda: sings(house), "both clusters work")
    old = house.cluster("studio").children(recursive=True)
    keeper = house.cluster("studio").pid
    assert strike(getattr(house, part)("studio"))
    until(lambda: (new := house.cluster("studio")) and new.pid != keeper, "another cluster begins")
    assert alive(old) == []
    until(lambda: sings(house), "it works")
    everything_ordered_arrives(house, vendor, first=3 if part == "main" else 6)


@pytest.mark.long
@pytest.mark.alone
def test_f16_a_killed_supervisor_leaves_no_cluster_for_the_next_one_to_meet(place):
    house, vendor = place
    until(lambda: sings(house), "both clusters work")
    old = house.everybody()
    assert strike(house.supervisor())
    house.stop("worker")
    assert alive(old) == []
    house.start("worker")
    everything_ordered_arrives(house, vendor, first=9)


@pytest.mark.long
@pytest.mark.alone
def test_f17_a_worker_that_does_not_hear_term_is_killed_and_its_jobs_recover(tmp_path):
    with scene(tmp_path, programs=("worker",)) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        vendor.script = dict.fromkeys(["Chaos number 0", "Chaos number 1"], "charged, then silence")
        plain, keyed = order(house, 2, NO_KEY, WITH_KEY)
        until(lambda: len(vendor.ledger) == 2, "both are at the vendor")
        everybody = house.everybody()
        deaf = [house.main("studio"), house.sentinel("studio")]
        for one in deaf:
            one.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        house.stop("worker")
        assert alive(everybody) == []
        assert time.monotonic() - began < 25, "stop_patience is 12 s here, and the keeper's 20"
        house.start("worker")
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert (state_of(house, plain), state_of(house, keyed)) == ("unknown", "succeeded")
        assert (vendor.posts[plain], vendor.posts[keyed]) == (1, 2)


@pytest.mark.long
@pytest.mark.alone
def test_f18_workers_that_slept_past_their_lease_write_nothing(tmp_path):
    with scene(tmp_path, programs=("worker",)) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        vendor.script = dict.fromkeys(["Chaos number 0", "Chaos number 1"], "charged, then silence")
        plain, keyed = order(house, 2, NO_KEY, WITH_KEY)
        until(lambda: len(vendor.ledger) == 2, "both are at the vendor")
        port = urlsplit(vendor.url).port
        asleep = [one for one in house.parts("studio", "worker") if talks_to(one, port)]
        assert len(asleep) == 2
        for worker in asleep:
            worker.send_signal(signal.SIGSTOP)
        time.sleep(PAST_THE_LEASE)
        until(lambda: state_of(house, plain) == "unknown", "somebody else found it")
        for worker in asleep:
            worker.send_signal(signal.SIGCONT)
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert (state_of(house, plain), state_of(house, keyed)) == ("unknown", "succeeded")
        assert (vendor.posts[plain], vendor.posts[keyed]) == (1, 2)
        told = house.rows("SELECT count(*) FROM videos_event WHERE verb = 'job.no_answer'")
        assert told == [(1,)]
