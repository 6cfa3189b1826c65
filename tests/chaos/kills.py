"""Ways to be cruel to a running studio. Each returns what was hit, or "" where nothing was there
to be hit at that moment. What a service manager would start again is started again here."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import psutil

from tests.chaos.house import House, children, first_child
from tests.postgres import Server

PATIENCE = 20.0  # seconds until something is there to be hit
PAST_THE_LEASE = 9.5  # a submit holds its job for 8 s at this speed (DURATIONS)


class Cruelty:
    """``hits`` counts what was done, by name. ``database`` is a server that may be dropped, too."""

    def __init__(self, house: House, seed: int, database: Server | None = None):
        self.house, self.dice, self.database = house, random.Random(seed), database
        self.hits: Counter = Counter()
        self._sleepers: list[threading.Timer] = []
        self._deck: list[Callable[[], bool]] = []

    @property
    def ways(self) -> list[Callable[[], bool]]:
        found = [
            self.whole_worker, self.one_cluster, self.one_worker, self.one_worker, self.main, self.sentinel,
            self.monitor, self.pusher, self.supervisor, self.web, self.one_web_worker, self.freeze,
            self.freeze_a_cluster,
        ]  # fmt: skip
        return [*found, self.drop_database] if self.database else found

    def deal(self) -> str:
        """One cruelty; all ways come up once before any comes up again."""
        if not self._deck:
            self._deck = self.dice.sample(self.ways, len(self.ways))
        way = self._deck.pop()
        name, ends = way.__name__.replace("_", " "), time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if way():
                self.hits[name] += 1
                return name
            time.sleep(0.1)
        self.hits[f"{name} (nobody there)"] += 1
        return ""

    def be_kind(self) -> None:
        """Whoever sleeps wakes up."""
        for sleeper in self._sleepers:
            sleeper.join(PAST_THE_LEASE + 5)

    # --- the worker ---

    def whole_worker(self) -> bool:
        self.house.kill("worker")
        self.house.start("worker")
        return True

    def one_cluster(self) -> bool:
        keeper = self.house.cluster(self.which())
        return keeper is not None and strike(keeper, group=True)

    def one_worker(self) -> bool:
        found = self.a_worker()
        return found is not None and strike(found)

    def main(self) -> bool:
        found = self.house.main(self.which())
        return found is not None and strike(found)

    def sentinel(self) -> bool:
        found = self.house.sentinel(self.which())
        return found is not None and strike(found)

    def monitor(self) -> bool:
        return any(strike(found) for found in self.house.parts(self.which(), "monitor"))

    def pusher(self) -> bool:
        return any(strike(found) for found in self.house.parts(self.which(), "pusher"))

    def supervisor(self) -> bool:
        """With it the ticker, the canary and its hold on the data folder."""
        found = self.house.supervisor()
        if found is None or not strike(found):
            return False
        self.house.stop("worker")  # its keeper has ended what it left
        self.house.start("worker")
        return True

    def freeze(self) -> bool:
        """One worker, past the lease of whatever it holds, and then it goes on as if nothing was."""
        found = self.a_worker()
        return found is not None and self.put_to_sleep([found])

    def freeze_a_cluster(self) -> bool:
        sentinel = self.house.sentinel(self.which())
        everybody = [sentinel, *children(sentinel)] if sentinel else []
        return len(everybody) > 1 and self.put_to_sleep(everybody)

    def put_to_sleep(self, processes: list[psutil.Process]) -> bool:
        slept = [process for process in processes if strike(process, signal.SIGSTOP)]
        waking = threading.Timer(PAST_THE_LEASE, lambda: [strike(one, signal.SIGCONT) for one in slept])
        waking.start()
        self._sleepers.append(waking)
        return bool(slept)

    def a_worker(self) -> psutil.Process | None:
        """Rather one that is talking to the vendor right now."""
        found = self.house.parts("studio", "worker") + self.house.parts("media", "worker")
        port = urlsplit(self.house.sandbox_url).port
        busy = [one for one in found if talks_to(one, port)]
        return self.dice.choice(busy or found) if found else None

    def which(self) -> str:
        return self.dice.choice(["studio", "studio", "media"])

    # --- the web server ---

    def web(self) -> bool:
        self.house.kill("web")
        self.house.start("web")
        return True

    def one_web_worker(self) -> bool:
        arbiter = first_child(self.house.pid("web"))
        workers = children(arbiter)
        return bool(workers) and strike(self.dice.choice(workers))

    # --- the database ---

    def drop_database(self) -> bool:
        self.database.drop()
        time.sleep(self.dice.uniform(0.5, 3))
        self.database.start()
        return True


def strike(process: psutil.Process, number: signal.Signals = signal.SIGKILL, *, group: bool = False) -> bool:
    try:
        if group:
            for one in [process, *process.children(recursive=True)]:
                one.send_signal(number)
        else:
            process.send_signal(number)
    except psutil.Error:
        return False
    return True


def talks_to(process: psutil.Process, port: int | None) -> bool:
    try:
        return any(link.raddr and link.raddr.port == port for link in process.net_connections("tcp"))
    except psutil.Error:
        return False
