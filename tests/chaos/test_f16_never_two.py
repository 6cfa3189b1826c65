"""F16: whichever process of a worker is killed, and however soon its service manager starts another,
there is never a moment with two clusters of one name."""

import os
import threading
import time
from collections import defaultdict

import psutil
import pytest

from tests.chaos.house import command, environment, first_child
from tests.chaos.kills import strike
from tests.chaos.scene import NO_KEY, order, scene, settled, sings, until

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with scene(tmp_path_factory.mktemp("f16"), programs=("worker",)) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        yield house, vendor


class Watch:
    """Counts, all the time, how many clusters of each name live. A cluster is a process group: its
    keeper leads it, and everything of it is in it."""

    def __init__(self, house):
        self.house, self.twice, self.looks = house, [], 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(0.02):
            groups = defaultdict(set)
            for process in self.house.everybody():
                name = environment(process).get("Q_CLUSTER_NAME")
                try:
                    if name and "qcluster" in command(process) and process.status() != psutil.STATUS_ZOMBIE:
                        groups[name].add(os.getpgid(process.pid))
                except (psutil.Error, ProcessLookupError):
                    continue  # it ended while it was looked at
            self.looks += 1
            self.twice += [(name, found) for name, found in groups.items() if len(found) > 1]


def supervisor_and_start(house):
    """The outer keeper dies with it, as when a machine's memory is short, and both are started again
    at once by whoever looks after them."""
    keeper, supervisor = psutil.Process(house.pid("worker")), house.supervisor()
    strike(keeper)
    strike(supervisor)
    house._running.pop("worker").wait()
    house.start("worker")


def every_keeper_and_start(house):
    """Nobody is left who could tell the clusters to stop, or notice that they should."""
    for name in ("studio", "media"):
        strike(house.cluster(name))
    supervisor_and_start(house)


def outer_keeper_and_start(house):
    strike(psutil.Process(house.pid("worker")))
    house._running.pop("worker").wait()
    house.start("worker")


def main_and_keeper(house):
    keeper = house.cluster("studio")
    main = first_child(keeper.pid)
    strike(keeper)
    strike(main)


WAYS = {
    "the supervisor and its keeper": supervisor_and_start,
    "every keeper and the supervisor": every_keeper_and_start,
    "the outer keeper": outer_keeper_and_start,
    "the keeper of a cluster": lambda house: strike(house.cluster("studio")),
    "a cluster's keeper and main process": main_and_keeper,
    "the main process": lambda house: strike(house.main("studio")),
    "the sentinel": lambda house: strike(house.sentinel("studio")),
    "a worker": lambda house: strike(house.parts("studio", "worker")[0]),
    "the monitor": lambda house: [strike(one) for one in house.parts("studio", "monitor")],
    "the pusher": lambda house: [strike(one) for one in house.parts("studio", "pusher")],
}


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("way", WAYS)
def test_f16_there_are_never_two_clusters_whoever_is_killed(place, way):
    house, vendor = place
    until(lambda: sings(house), "both clusters work")
    first = 3 * list(WAYS).index(way)
    # Something is in hand, so that what is told to stop takes its time.
    vendor.script |= {f"Chaos number {first}": "charged, then silence"}
    order(house, 1, NO_KEY, first=first)
    with Watch(house) as watch:
        WAYS[way](house)
        time.sleep(2)
        until(lambda: sings(house), "a cluster works")
        order(house, 2, NO_KEY, first=first + 1)
        verdict = settled(house, vendor)
    assert verdict.holds, verdict.breaches
    assert watch.twice == [] and watch.looks > 20
