"""The only writer of Job.state.

Every change is one conditional UPDATE fenced by what the writer last saw (its state, and
version or lease) plus one event row, in one transaction. Whoever changes no row was overtaken
and stops: a worker that slept past its lease writes nothing."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from videos.models import Event as EventRow
from videos.models import Job, User, clock
from videos.states import ENDED, Event, State, after


class Overtaken(Exception):
    """Another writer changed this job first. Nothing was written."""


@dataclass(frozen=True, slots=True)
class By:
    """Who did it: a person, or a worker by name."""

    actor: User | None = None
    worker: str = ""


# What every move resets, unless it says otherwise: no worker holds the job, and it waits for nothing.
FREE = {"lease_owner": "", "lease_until": None, "waiting_for": ""}


def move(job: Job, event: Event, by: By, *, data: dict | None = None, **columns: object) -> None:
    """Take ``job`` along ``event``, writing ``columns`` with it. The lease is given back
    unless ``columns`` says otherwise. Raises IllegalMove or Overtaken, changing nothing."""
    came_from, to, at = State(job.state), after(job.state, event), clock.now()
    columns = FREE | columns
    if to in ENDED:
        columns.setdefault("ended_at", at)
        columns.setdefault("next_at", None)
    with transaction.atomic():
        _write(job, state=to, **columns)
        record(job, f"job.{event}", by, at=at, data={"from": came_from, "to": to, **(data or {})})


def touch(job: Job, **columns: object) -> None:
    """Write ``columns`` without a move, under the same fence. Raises Overtaken."""
    _write(job, state=job.state, **columns)


def record(job: Job, verb: str, by: By, *, at=None, data: dict | None = None) -> None:
    """Write one event row (the history) about ``job``. ``at``: now, unless given."""
    EventRow.objects.create(
        team_id=job.team_id,
        actor=by.actor,
        worker=by.worker,
        verb=verb,
        job=job,
        data=data or {},
        at=at or clock.now(),
    )


def _write(job: Job, **columns: object) -> None:
    """Update the row, fenced by its version; for the holder of a lease by the lease instead (its name
    is unique to one run). A person who stops or trashes a job while it is being sent raises the
    version: the worker can still write the vendor's answer, because the lease is still its own.
    Raises Overtaken where no row matched."""
    seen = {"lease_owner": job.lease_owner} if job.lease_owner else {"version": job.version}
    with transaction.atomic():
        if not Job.objects.filter(pk=job.pk, state=job.state, **seen).update(
            version=F("version") + 1, **columns
        ):
            raise Overtaken(str(job))
        if job.lease_owner:
            job.version = Job.objects.values_list("version", flat=True).get(pk=job.pk)
        else:
            job.version += 1
    for name, value in columns.items():
        setattr(job, name, value)
