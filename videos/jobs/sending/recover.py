"""Takes over a job whose sending worker died or outlived its lease.

The same bytes are sent again under the same idempotency key where the vendor honours it, because it
then answers with the task it already has. Everywhere else the job becomes UNKNOWN."""

import time

from django.conf import settings
from django.db import transaction

from videos import vault
from videos.jobs import freeze
from videos.jobs.account import routes
from videos.jobs.sending import gate, submit
from videos.jobs.transitions import By, move
from videos.models import Job, KeyState, clock
from videos.states import Event
from videos.vendors import registry

DEATHS = 3  # workers that may die over one job


def recover(job: Job, by: By) -> None:
    """Replay a SUBMITTING job whose lease ran out, let it wait, or move it to UNKNOWN."""
    if not registry.vendor(job.vendor).idempotent or submit.too_old_to_replay(job) or job.claims >= DEATHS:
        submit.mark_unknown(job, by, "worker_gone")
        return
    if job.key.state == KeyState.BROKEN:
        submit.hold(job, "key", clock.later(settings.DURATIONS["look_late"]))
    elif job.key.quiet_until and job.key.quiet_until > clock.now():
        submit.hold(job, "rate", job.key.quiet_until)
    else:
        replay(job, by)


def replay(job: Job, by: By) -> None:
    """Send the same bytes under the same key: the vendor answers with the task it already has."""
    try:
        call, token, route = freeze.thaw(job), vault.open_key(job.key), submit.route_of(job)
    except (vault.KeyUnreadable, freeze.Tampered, routes.Crossed):
        submit.mark_unknown(job, by, "cannot_replay")
        return
    ends = time.monotonic() + settings.DURATIONS["submit_deadline"]
    lease = clock.later(settings.DURATIONS["submit_lease"])
    with transaction.atomic():
        gate.take_turn(job)
        if gate.occupancy(job).workers:
            submit.hold(job, "turn", clock.later(settings.DURATIONS["look_least"]))
            return
        move(
            job, Event.REPLAY, by,
            lease_owner=by.worker, lease_until=lease, next_at=lease, claims=job.claims + 1, waiting_for="",
        )  # fmt: skip
    submit.apply_until_written(job, submit.send(call, route, token, ends), by, doubt=True)
