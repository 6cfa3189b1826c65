"""Runs one workload of a measurement in a process with Django: ``python -m bench.workloads NAME ...``
prints one line of JSON. bench/deployment.py starts it."""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import django
import psutil

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django_q.models import OrmQ  # noqa: E402
from django_q.tasks import async_task  # noqa: E402

from bench.deployment import ROOT  # noqa: E402
from bench.measuring import cpu  # noqa: E402
from tests.builders import a_job, a_key  # noqa: E402
from videos import leases  # noqa: E402
from videos.jobs.transitions import By  # noqa: E402
from videos.jobs.watching import observe  # noqa: E402
from videos.jobs.watching.sweep import NAME, Sweep  # noqa: E402
from videos.models import Event, Job, Team, User, clock  # noqa: E402
from videos.network.download import download  # noqa: E402
from videos.states import State  # noqa: E402
from videos.vendors.contract import Finished, Found  # noqa: E402


class Once(Sweep):
    """The sweep as it is, ended by losing its lease once every job was asked about."""

    wanted = 0

    def write(self, done):
        super().write(done)
        if self.answers >= self.wanted:
            leases.give_back(NAME, self.by.worker)


def sweep(jobs: str) -> dict[str, float]:
    """Returns CPU seconds per look: rows read, vendor asked, rows written."""
    swept(100)  # like the workers it is held against, this process has done it before
    return {"cpu": swept(int(jobs))}


def swept(jobs: int) -> float:
    due_jobs(jobs)
    with asyncio.Runner() as runner:
        leases.take(NAME, "bench", settings.DURATIONS["sweep_lease"])
        one = Once("bench", runner)
        one.wanted = jobs
        began = cpu()
        answers = one.run()
        used = cpu() - began
    looked = Job.objects.filter(looks=1).count()
    assert answers == looked == jobs, f"{answers} answers, {looked} of {jobs} jobs written"
    return used / answers


def looks(tasks: str) -> dict[str, float]:
    """Returns the same for one queue task per look."""
    due_jobs(int(tasks))
    with cluster() as queue:
        used = queue.cpu_of("bench.tasks.look", list(Job.objects.values_list("pk", flat=True)))
    looked = Job.objects.filter(looks__gt=0).count()
    assert looked == int(tasks), f"{looked} of {tasks} jobs written"
    return {"cpu": used}


def nothings(tasks: str) -> dict[str, float]:
    """What the queue itself costs for each task."""
    with cluster() as queue:
        return {"cpu": queue.cpu_of("bench.tasks.nothing", range(int(tasks)))}


def store(film: str, rounds: str) -> dict[str, float]:
    """Median seconds from "the vendor has made it" to "ours, checked, with a poster", and of
    the bare download of the same file. Both from the stub, in turns."""
    key, url = a_studio(), f"{settings.SANDBOX_URL}/film.mp4"
    ours, bare = [], []
    with cluster("media"):
        for n in range(int(rounds) + 1):
            bare.append(bare_download(url, settings.DATA / f"bare-{n}"))
            job = a_job(key.team, key.created_by, state=State.RUNNING, key=key, **accepted(n))
            observe.record_made(job, Finished((Found("video", url),)), By(worker="bench"))
            ours.append(made_to_stored(job))
    # The first of each warmed the cluster and the page cache.
    return {"ours": statistics.median(ours[1:]), "bare": statistics.median(bare[1:])}


def bare_download(url: str, path: Path) -> float:
    began = time.monotonic()
    address = ("127.0.0.1", int(settings.SANDBOX_URL.rpartition(":")[2]))
    download(
        url, path, trusted=frozenset({address}), cap=10**9, deadline=600, idle=60, renew=lambda _received: None
    )  # fmt: skip
    return time.monotonic() - began


def made_to_stored(job: Job, patience: float = 60) -> float:
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        job.refresh_from_db(fields=["state"])
        if job.state == State.SUCCEEDED:
            at = dict(Event.objects.filter(job=job).values_list("verb", "at"))
            return (at["job.stored"] - at["job.made"]).total_seconds()
        time.sleep(0.05)
    raise TimeoutError(f"the film is not stored but {job.state}: {job.outputs.get().why}")


# --- rows -------------------------------------------------------------------


def a_studio():
    """Creates a team with one person; returns its rehearsal key."""
    name = uuid.uuid4().hex[:12]
    user = User.objects.create_user(f"{name}@example.com", name)
    return a_key(Team.objects.create(name=name, slug=name), created_by=user)


def accepted(n: int) -> dict:
    now = clock.now()
    return {
        "vendor_task_id": f"task-{uuid.uuid4().hex}", "ticket": {"task_id": f"task-{n}"}, "next_at": now,
        "sent_at": now, "accepted_at": now, "deadline_at": clock.later(3600),
    }  # fmt: skip


def due_jobs(count: int) -> None:
    """Creates ``count`` jobs that the vendor just accepted and that are due for a status call."""
    Job.objects.all().delete()
    key = a_studio()
    with transaction.atomic():
        for n in range(count):
            a_job(key.team, key.created_by, state=State.RUNNING, key=key, **accepted(n))


# --- the queue --------------------------------------------------------------


class Queue:
    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.root = psutil.Process(process.pid)

    def cpu_of(self, task: str, arguments) -> float:
        """Returns the CPU seconds per task, of the enqueuing process and of the whole cluster."""
        arguments = list(arguments)
        self._run(task, arguments[:1] * 8)  # every worker has loaded what it needs
        before = self.cpu()
        own = self._run(task, arguments)
        return (own + self.cpu() - before) / len(arguments)

    def _run(self, task: str, arguments: list[int]) -> float:
        before = cpu()
        for argument in arguments:
            async_task(task, argument, cluster=settings.Q_CLUSTER["name"])
        own = cpu() - before
        while OrmQ.objects.exists():
            assert self.process.poll() is None, f"the cluster ended: exit code {self.process.returncode}"
            time.sleep(0.1)
        return own

    def cpu(self) -> float:
        """Returns the CPU seconds of every process of the cluster; a worker that was replaced counts in its parent."""
        times = [process.cpu_times() for process in (self.root, *self.root.children(recursive=True))]
        return sum(t.user + t.system + t.children_user + t.children_system for t in times)


@contextmanager
def cluster(name: str = ""):
    """Runs ``qcluster`` as studio_worker starts it, with the settings of this process."""
    env = os.environ | {"Q_CLUSTER_NAME": name or settings.Q_CLUSTER["name"]}
    command = [sys.executable, str(ROOT / "manage.py"), "qcluster"]
    # What it says goes where our own complaints go: bench/deployment.py shows both when we fail.
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=sys.stderr, start_new_session=True)
    try:
        yield Queue(process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


SIDES = {"sweep": sweep, "looks": looks, "nothings": nothings, "store": store}

if __name__ == "__main__":
    print(json.dumps(SIDES[sys.argv[1]](*sys.argv[2:])))
