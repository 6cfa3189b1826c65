"""Puts nudges on the queue: a task name and at most a job's id, never a decision.

A nudge may be lost (the ticker sends it again) and may come twice (the second one finds the work
done). On the database queue a nudge commits together with the row it is about; on Redis it is
sent after the commit."""

from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

MAIN, MEDIA = settings.Q_CLUSTER["name"], "media"


def nudge(job_id: int, *, media: bool = False) -> None:
    """Ask a worker to look at this job soon."""
    _send(MEDIA if media else MAIN, f"videos.jobs.running.tasks.{'collect' if media else 'drive'}", job_id)


def nudge_sweep() -> None:
    """Ask a worker to look for all due jobs (videos/jobs/watching/sweep.py)."""
    _send(MAIN, "videos.jobs.running.tasks.sweep")


def nudge_tidy() -> None:
    """Ask a worker to delete what is no longer needed (videos/jobs/running/tidy.py)."""
    _send(MAIN, "videos.jobs.running.tasks.tidy")


def nudge_letters() -> None:
    """Ask a worker to send the letters that are due (videos/letters/sending.py)."""
    _send(MAIN, "videos.jobs.running.tasks.letters")


def nudge_reach() -> None:
    """Ask a worker to try the public address (videos/jobs/running/reach.py)."""
    _send(MAIN, "videos.jobs.running.tasks.reach")


def nudge_canary(n: int, cluster: str) -> None:
    """Queue the ``n``-th canary: a task that only writes a heartbeat of ``cluster``."""
    _send(cluster, "videos.jobs.running.tasks.canary", n, cluster)


def depth(cluster: str) -> int:
    """How many nudges wait in the queue of ``cluster``."""
    return get_broker(cluster).queue_size()


def _send(cluster: str, task: str, *args: int | str) -> None:
    # The cluster is always named: else a nudge sent by a task would go to the cluster that task runs in.
    if "orm" in settings.Q_CLUSTER:
        async_task(task, *args, cluster=cluster)
    else:
        transaction.on_commit(lambda: async_task(task, *args, cluster=cluster), robust=True)
