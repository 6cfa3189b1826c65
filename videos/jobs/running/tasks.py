"""The tasks that the queue calls: a line or two each, with ids only.

Each may run never, once or several times at any moment; the rows decide what that means."""

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


class TaskFailed(Exception):
    """Raised instead of a task's own error, which is in the log."""


def log_errors(task: Callable) -> Callable:
    """Log a task's error whole, and let django-q see only its class name. django-q keeps the text of an
    error in its table for days; the log removes what looks like a secret."""

    @wraps(task)
    def run(*args: object) -> object:
        try:
            return task(*args)
        except Exception as error:
            log.exception("%s%s broke", task.__name__, args)
            raise TaskFailed(type(error).__name__) from None

    return run


@log_errors
def drive(job_id: int) -> None:
    heartbeat.beat_canary(queue.MAIN)
    driving.drive(job_id)


@log_errors
def collect(job_id: int) -> None:
    heartbeat.beat_canary(queue.MEDIA)
    driving.drive(job_id)


@log_errors
def sweep() -> int:
    heartbeat.beat_canary(queue.MAIN)
    return sweep_all(driving.worker_name("sweep"))


@log_errors
def canary(n: int, cluster: str = "studio") -> None:
    heartbeat.beat(f"canary-{cluster}", n=n)


@log_errors
def reach() -> None:
    reaching.try_now()


@log_errors
def letters() -> int:
    return send_due(driving.worker_name("letters"))


@log_errors
def tidy() -> None:
    tidy_all()
