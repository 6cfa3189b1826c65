"""The bus: an id and a hope. What is lost here, the ticker nudges again; what arrives
twice finds the work done. On the database queue a nudge commits with its row."""

from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

MEDIA = "media"


def nudge(job_id: int, *, media: bool = False) -> None:
    """Ask a worker to look at this job soon."""
    task = "videos.jobs.tasks.collect" if media else "videos.jobs.tasks.drive"
    _send(task, job_id, cluster=MEDIA if media else None)


def nudge_sweep() -> None:
    _send("videos.jobs.tasks.sweep", cluster=None)


def nudge_canary(n: int, *, cluster: str | None = None) -> None:
    _send("videos.jobs.tasks.canary", n, cluster or "studio", cluster=cluster)


def depth(cluster: str | None = None) -> int:
    """How many nudges wait."""
    return get_broker(cluster or settings.Q_CLUSTER["name"]).queue_size()


def _send(task: str, *args: int | str, cluster: str | None) -> None:
    options = {"cluster": cluster} if cluster else {}
    if "orm" in settings.Q_CLUSTER:
        async_task(task, *args, **options)
    else:
        transaction.on_commit(lambda: async_task(task, *args, **options), robust=True)
