"""What the queue calls: a line or two each, ids only. Each may run 0, 1 or n times at any
moment; the rows decide what that means."""

from videos.jobs import drive as driving
from videos.jobs import heartbeat, queue
from videos.jobs import reach as reaching
from videos.jobs.sweep import sweep as sweep_all
from videos.jobs.tidy import tidy as tidy_all


def drive(job_id: int) -> None:
    heartbeat.sing(queue.MAIN)
    driving.drive(job_id)


def collect(job_id: int) -> None:
    heartbeat.sing(queue.MEDIA)
    driving.drive(job_id)


def sweep() -> int:
    heartbeat.sing(queue.MAIN)
    return sweep_all(driving.worker_name("sweep"))


def canary(n: int, cluster: str = "studio") -> None:
    heartbeat.beat(f"canary-{cluster}", n=n)


def reach() -> None:
    reaching.look()


def tidy() -> None:
    tidy_all()
