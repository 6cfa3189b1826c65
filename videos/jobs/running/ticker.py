"""Nudges, once a second, whatever is due and not being worked on.

The rows are the truth, so a queue that lost everything is full again a moment later. Any number of
tickers may run."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from videos import heartbeat, leases
from videos.jobs import queue
from videos.jobs.running import clock_steps
from videos.jobs.sending import gate
from videos.jobs.watching.due import due as looks_due
from videos.jobs.watching.sweep import NAME as SWEEP
from videos.letters import sending
from videos.models import Job, Lease, clock
from videos.models.heartbeats import TICKER
from videos.states import State

DRIVEN = (State.QUEUED, State.SUBMITTING)
TIDY_EVERY = 3600  # seconds


def tick() -> int:
    """Nudge what is due. Returns how many nudges went out."""
    clock_steps.notice()
    heartbeat.beat(TICKER, disk_full=gate.disk_is_full())
    sent = nudge_due(DRIVEN, queue.MAIN, settings.Q_CLUSTER)
    sent += nudge_due((State.DOWNLOADING,), queue.MEDIA, settings.Q_CLUSTER["ALT_CLUSTERS"][queue.MEDIA])
    sent += once_in(TIDY_EVERY, "tidy", queue.nudge_tidy)
    return sent + nudge_sweep() + nudge_letters()


def nudge_due(states: tuple[State, ...], cluster: str, conf: dict) -> int:
    """Nudge due jobs in ``states``, as many as keep the queue at four per worker; how many it were."""
    room = 4 * conf["workers"] - queue.depth(cluster)
    if room <= 0:
        return 0
    at = clock.now()
    again = at - timedelta(seconds=settings.DURATIONS["nudge_again"])
    sent = 0
    for pk, nudged_at in due_jobs(states, at, again)[:room]:
        # Two tickers may see the same row; the one whose update counts sends the nudge.
        if Job.objects.filter(pk=pk, nudged_at=nudged_at).update(nudged_at=at):
            queue.nudge(pk, media=cluster == queue.MEDIA)
            sent += 1
    return sent


def due_jobs(states, at, again):
    """(id, nudged_at) of due jobs that were not nudged since ``again``: each person's first job comes before
    anybody's second, so that a batch of one does not hold up a single job of another."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    quiet = Q(nudged_at=None) | Q(nudged_at__lt=again)
    turn = Window(RowNumber(), partition_by=[F("state"), F("user_id"), F("account")], order_by="id")
    rows = Job.objects.filter(free, quiet, state__in=states, next_at__lte=at)
    return rows.annotate(turn=turn).order_by("turn", "id").values_list("pk", "nudged_at")


def nudge_sweep() -> int:
    """Nudge a sweep if a look is due and no sweep runs."""
    if leases.held(SWEEP) or not looks_due().exists():
        return 0
    return once_in(settings.DURATIONS["nudge_again"], SWEEP, queue.nudge_sweep)


def nudge_letters() -> int:
    """Nudge the sending of letters if one is due and nobody sends."""
    if leases.held(sending.LEASE) or not sending.due().exists():
        return 0
    return once_in(settings.DURATIONS["nudge_again"], sending.LEASE, queue.nudge_letters)


def once_in(seconds: float, name: str, nudge: Callable[[], None]) -> int:
    """Call ``nudge`` and return 1, unless some ticker did less than ``seconds`` ago: then 0."""
    at = clock.now()
    Lease.objects.get_or_create(name=name)
    quiet = Q(nudged_at=None) | Q(nudged_at__lt=at - timedelta(seconds=seconds))
    if not Lease.objects.filter(quiet, name=name).update(nudged_at=at):
        return 0
    nudge()
    return 1
