"""What the queue calls: a line or two each, ids only. Each may run 0, 1 or n times at any
moment; the rows decide what that means."""

import logging
from collections.abc import Callable
from functools import wraps

from videos import heartbeat
from videos.jobs import queue
from videos.jobs.running import drive as driving
from videos.jobs.running import reach as reaching
from videos.jobs.running.tidy import tidy as tidy_all
from videos.jobs.watching.sweep import sweep as sweep_all
from videos.letters.sending import send_due

log = logging.getLogger(__name__)


class Broke(Exception):
    """A task broke; the log says how."""


def told(task: Callable) -> Callable:
    """django-q keeps the words of whatever breaks in its table, for days. The log, which leaves
    out what looks like a secret, has them; the table gets the kind."""

    @wraps(task)
    def run(*args: object) -> object:
        try:
            return task(*args)
        except Exception as error:
            log.exception("%s%s broke", task.__name__, args)
            raise Broke(type(error).__name__) from None

    return run


@told
def drive(job_id: int) -> None:
    heartbeat.sing(queue.MAIN)
    driving.drive(job_id)


@told
def collect(job_id: int) -> None:
    heartbeat.sing(queue.MEDIA)
    driving.drive(job_id)


@told
def sweep() -> int:
    heartbeat.sing(queue.MAIN)
    return sweep_all(driving.worker_name("sweep"))


@told
def canary(n: int, cluster: str = "studio") -> None:
    heartbeat.beat(f"canary-{cluster}", n=n)


@told
def reach() -> None:
    reaching.look()


@told
def letters() -> int:
    return send_due(driving.worker_name("letters"))


@told
def tidy() -> None:
    tidy_all()
