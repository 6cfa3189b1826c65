"""The bus: an id and a hope. What is lost here, the ticker nudges again; what arrives
twice finds the work done. On the database queue a nudge commits with its row."""

from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

MAIN, MEDIA = settings.Q_CLUSTER["name"], "media"


def nudge(job_id: int, *, media: bool = False) -> None:
    """Ask a worker to look at this job soon."""
    _send(MEDIA if media else MAIN, f"videos.jobs.running.tasks.{'collect' if media else 'drive'}", job_id)


def nudge_sweep() -> None:
    _send(MAIN, "videos.jobs.running.tasks.sweep")


def nudge_tidy() -> None:
    _send(MAIN, "videos.jobs.running.tasks.tidy")


def nudge_letters() -> None:
    _send(MAIN, "videos.jobs.running.tasks.letters")


def nudge_reach() -> None:
    _send(MAIN, "videos.jobs.running.tasks.reach")


def nudge_canary(n: int, cluster: str) -> None:
    _send(cluster, "videos.jobs.running.tasks.canary", n, cluster)


def depth(cluster: str) -> int:
    """How many nudges wait."""
    return get_broker(cluster).queue_size()


def _send(cluster: str, task: str, *args: int | str) -> None:
    # The cluster is always named: a task that runs in one cluster would else stay in it.
    if "orm" in settings.Q_CLUSTER:
        async_task(task, *args, cluster=cluster)
    else:
        transaction.on_commit(lambda: async_task(task, *args, cluster=cluster), robust=True)
