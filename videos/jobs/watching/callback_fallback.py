"""Takes a stored callback as the answer where looks bring none.

A callback is a hint, and a look is the authority. But one vendor's document names no way to ask: its
results come by callback (``Vendor.tells``). Where looks bring nothing several times in a row, or are
about to give the job up, the sealed deliveries of that job are read by the same reader as hints, and
the answer passes every check of a look's."""

import logging

from videos import vault
from videos.hooks import deliveries
from videos.models import Job
from videos.states import State
from videos.vendors import registry
from videos.vendors.contract import CheckOutcome, Finished, Kind, Refused, Unreadable

log = logging.getLogger(__name__)
LOOKS_IN_VAIN = 5  # looks in a row: some five minutes, and half the grace of a 404
# Kinds that say nothing about the task. A 429 or a refused key has its own wait, and success without
# an address is an answer.
NO_ANSWER_KINDS = frozenset({Kind.TRANSIENT, Kind.SERVER, Kind.PROTOCOL, Kind.NOT_FOUND})


def outcome_from_callbacks(job: Job, looked: CheckOutcome) -> Finished | Refused | None:
    """The final outcome that the vendor sent to the job's callback address, where ``looked`` is one more
    look in vain; else None. The callback must name the very task: its secret address alone is not
    enough. A result with a file is preferred; of several, the newest counts."""
    vendor = registry.vendor(job.vendor)
    if not (vendor.tells and vendor.read_callback and _look_was_in_vain(job, looked)):
        return None
    try:
        hints = [vendor.read_callback(body) for body in deliveries.bodies(job)]
    except vault.KeyUnreadable:
        log.error("what the vendor said about job %s cannot be opened", job)
        return None
    task = job.vendor_task_id or job.hint_task_id
    outcomes = [hint.outcome for hint in hints if hint and task and hint.task_id == task]
    films = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
    ends = films + [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    return ends[0] if ends else None


def _look_was_in_vain(job: Job, looked: CheckOutcome) -> bool:
    if not isinstance(looked, Unreadable) or looked.kind not in NO_ANSWER_KINDS:
        return False
    return job.errors + 1 >= LOOKS_IN_VAIN or job.state in (State.LOST, State.FAILED)
