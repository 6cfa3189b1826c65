"""Supervises two clusters, and runs the ticker and the canary. There is never a second pair of clusters
on this machine: every process of a cluster holds the cluster's lock, and the next one begins when the
last of them has ended, whichever of them was killed.

An idle worker that is killed takes the whole cluster with it, silently: processes look alive and
nothing runs (django-q2 #23). So each cluster runs a canary: a task that only writes a heartbeat, as
every other task does now and then. When that heartbeat is too old while no job is being worked on,
the cluster is ended as a process group and started again."""

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone
from redis.exceptions import RedisError

from videos import heartbeat, leases
from videos.jobs import queue
from videos.jobs.running import ticker
from videos.jobs.watching.sweep import NAME as SWEEP
from videos.models import Job, clock
from videos.processes import hold
from videos.processes.kept import KeptProcess, Program
from videos.states import State

log = logging.getLogger(__name__)
# Restarts that brought nothing double the patience, up to eight times: a cluster that is really dead must
# not wait for hours.
DOUBLINGS_MOST = 3


class AlreadyRunning(Exception):
    """Another supervisor of this data folder is alive."""


@dataclass
class Cluster:
    """One django-q2 cluster in a process group of its own."""

    name: str
    kept: KeptProcess | None = None
    started: float = 0.0
    restarts: int = 0
    in_vain: int = 0  # restarts in a row after which no task ran
    canaries: int = 0
    folder: Path | None = None  # where its lock lies; STUDIO_DATA unless said
    kept_out: float | None = None  # monotonic: since when a process of an earlier one holds the lock

    def start(self) -> None:
        """Start it, unless a process of an earlier one is still alive: then the next call tries again. What
        an earlier supervisor left has as long as a stop has to finish what it is doing, and is killed
        then; what could not be found to be killed (hold.py) is waited for."""
        path = (self.folder or settings.DATA) / f"cluster-{self.name}.lock"
        lock = hold.acquire(path)
        if lock is None:
            self._wait_for_the_earlier_one(path)
            return
        with lock:
            self.kept = self._begin(lock)
        self.started, self.kept_out = time.monotonic(), None

    def _begin(self, lock: IO) -> KeptProcess:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        return KeptProcess(
            Program(self.name, command, {"Q_CLUSTER_NAME": self.name}),
            patience=settings.DURATIONS["stop_patience"] - 5,
            cwd=settings.BASE_DIR,
            output=sys.stdout.fileno(),  # it prints where we print; its lines carry its name already
            holds=lock,
        )

    def _wait_for_the_earlier_one(self, path: Path) -> None:
        if self.kept_out is None:
            self.kept_out = time.monotonic()
            log.warning(
                "cluster %s: an earlier one still lives; this one begins when it has ended", self.name
            )
        elif time.monotonic() - self.kept_out > settings.DURATIONS["stop_patience"]:
            self.kept_out = time.monotonic()
            ended = hold.end_holders(path)
            log.error(
                "cluster %s: what was left of an earlier one was killed: %s", self.name, ended or "nobody"
            )

    def restart(self, why: str) -> None:
        log.error("cluster %s: %s; ending its processes and starting again", self.name, why)
        self.kept.end()
        self.kept = None
        self.restarts += 1
        self.start()  # before the heartbeat: the database may be away just now
        heartbeat.beat(f"restart-{self.name}", n=self.restarts, why=why)

    @property
    def gone(self) -> bool:
        """Has its main process ended?"""
        try:
            self.kept.wait(0)
        except subprocess.TimeoutExpired:
            return False
        return True

    def finish(self, within: float) -> None:
        """Wait ``within`` seconds for the end that was asked for; then kill what is left."""
        try:
            self.kept.wait(within)
        except subprocess.TimeoutExpired:
            self.kept.end()

    def silent(self) -> bool:
        """Did no task run for too long, although the cluster had the time and no job was being worked on?
        After each restart that brought nothing it gets longer: a slow machine needs time to start."""
        patience = settings.DURATIONS["canary_patience"]
        last_sign = heartbeat.last(f"canary-{self.name}")
        if last_sign is not None and (clock.now() - last_sign).total_seconds() < patience:
            self.in_vain = 0
            return False
        if time.monotonic() - self.started < patience * 2**self.in_vain:
            return False
        # A leased job excuses only the cluster that works on such jobs: a long download proves nothing
        # about the workers that send.
        busy = Job.objects.exclude(lease_owner="").filter(lease_until__gt=clock.now())
        mine = State.DOWNLOADING if self.name == queue.MEDIA else State.SUBMITTING
        return not busy.filter(state=mine).exists()

    def nudge_canary(self) -> None:
        """Queue a canary, unless the queue is long already."""
        conf = settings.Q_CLUSTER["ALT_CLUSTERS"].get(self.name, settings.Q_CLUSTER)
        if queue.depth(self.name) < 4 * conf["workers"]:
            self.canaries += 1
            queue.nudge_canary(self.canaries, self.name)


class Supervisor:
    """The one parent of both clusters for a data folder, by a lock file. Raises AlreadyRunning."""

    def __init__(self, folder: Path):
        self.clusters = [
            Cluster(name, folder=folder)
            for name in (settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"])
        ]
        self.stopping = threading.Event()
        self._read: tuple[datetime, float] | None = None  # both clocks, at the last watch
        self._told = float("-inf")
        self._lock = open(folder / "worker.lock", "a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning from None
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()} {timezone.now().isoformat()}\n")
        self._lock.flush()

    def stop(self, *_signal: object) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Tick and watch until ``stop``. A database that is away is waited for: this process keeps no state
        that could be lost."""
        self.start_clusters()
        next_canary = 0.0
        while not self.stopping.wait(settings.DURATIONS["ticker"]):
            close_old_connections()
            self.start_clusters()
            try:
                ticker.tick()
                if time.monotonic() >= next_canary:
                    next_canary = time.monotonic() + settings.DURATIONS["canary"]
                    self.watch()
            except (Error, RedisError) as error:
                self.troubled(error)
        self.end()

    def troubled(self, error: Exception) -> None:
        """Log an error once in a while, not once a second, and count no cluster as silent: without a
        database or a queue no canary can run."""
        at = time.monotonic()
        for cluster in self.clusters:
            cluster.started = at
        if at - self._told >= settings.DURATIONS["canary"]:
            self._told = at
            log.warning("the database or the queue does not answer: %s", type(error).__name__)

    def start_clusters(self) -> None:
        """Start each cluster that does not run."""
        for cluster in self.clusters:
            if cluster.kept is None:
                cluster.start()

    def watch(self) -> None:
        """Restart a cluster that ended or is silent, and send each its next canary."""
        if self._clock_stepped():  # also a machine that slept: no task could run meanwhile
            for cluster in self.clusters:
                cluster.started = time.monotonic()
        for cluster in self.clusters:
            if cluster.kept is None:
                continue  # a process of an earlier one is still alive
            if cluster.gone:
                cluster.restart("its main process ended")
            elif cluster.silent():
                cluster.in_vain = min(cluster.in_vain + 1, DOUBLINGS_MOST)
                cluster.restart("no task ran for too long")
            cluster.nudge_canary()

    def _clock_stepped(self) -> bool:
        """Did the database's clock go on by more than this machine's steady one since the last watch? The
        steady one stands still while a machine sleeps."""
        read, self._read = self._read, (clock.now(), time.monotonic())
        if read is None:
            return False
        passed = (self._read[0] - read[0]).total_seconds()
        return passed - (self._read[1] - read[1]) > settings.DURATIONS["canary_patience"] / 2

    def end(self) -> None:
        """Send TERM to both clusters, then kill what is left. The sweep is stopped by revoking its lease:
        else it goes on for as long as something is being made. TERM comes first, because a locked
        database may keep us waiting for most of the time that a stop has."""
        deadline = time.monotonic() + settings.DURATIONS["stop_patience"]
        running = [cluster for cluster in self.clusters if cluster.kept]
        for cluster in running:
            cluster.kept.tell_to_stop()
        try:
            leases.revoke(SWEEP)
        except Error as error:
            log.warning("the sweep cannot be told to stop: %s", error)
        for cluster in running:
            cluster.finish(max(0.0, deadline - time.monotonic()))
