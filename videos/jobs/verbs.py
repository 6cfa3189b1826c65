"""Holds what a person can do with generations; the only module of the engine that pages call.

Each verb fetches nothing by itself (pages come through videos/access.py), asks for the right inside the
transaction that writes (videos/authority.py), writes through transitions, and returns the job."""

import logging
import uuid
from collections.abc import Callable, Sequence
from functools import partial, wraps

from django.conf import settings
from django.core.cache import cache

from videos import access, after_commit, authority
from videos.jobs import money, queue
from videos.jobs.exceptions import CannotBe
from videos.jobs.fetching import collect, storing
from videos.jobs.fetching.obstacles import fetch_now, has_link, link, missing, stuck
from videos.jobs.freeze import rekeyed
from videos.jobs.ordering import allowance, checking, confirming
from videos.jobs.ordering.checking import (
    Checked,
    CheckedTogether,
    GenerationRequest,
    Refusal,
    key_problems,
    payment_problems,
    picture_reach_problems,
)
from videos.jobs.ordering.confirming import Unconfirmed, confirmation, second_token, to_confirm
from videos.jobs.ordering.import_task import AlreadyHere, MaybeLostAnswer, import_result
from videos.jobs.ordering.press import AT_ONCE_MOST, TAKES_MOST, start, start_all
from videos.jobs.transitions import By, Overtaken, move, record, touch
from videos.jobs.watching import inquiry, observe
from videos.models import Job, Membership, VendorKey, clock
from videos.spending import ceiling
from videos.states import Attempt, Event, Money, State
from videos.vendors.contract import Problem, Unreadable

__all__ = [
    "AT_ONCE_MOST", "TAKES_MOST", "CannotBe", "Checked", "AlreadyHere", "GenerationRequest", "MaybeLostAnswer", "Refusal", "CheckedTogether", "Unconfirmed",
    "adopt", "import_result", "check_again", "confirmation", "decide", "fetch_again", "has_link", "keep", "link", "look_again",
    "missing", "key_problems", "payment_problems", "picture_reach_problems",
    "restore", "retry", "review", "review_all", "second_token", "start", "start_all", "stop", "stuck",
    "to_confirm", "trash",
]  # fmt: skip

log = logging.getLogger(__name__)
ASKED_ABOUT = (State.RUNNING, State.EXPIRED, State.LOST, State.FAILED)
MOVES_IN_A_ROW = 5  # more than a job makes within a moment: claimed, accepted, made, ...


def _unless_moved(verb: Callable[..., Job]) -> Callable[..., Job]:
    """Turn Overtaken into CannotBe: a worker moved the job between the page and the press, so nothing
    is done, and the person is told to look again."""

    @wraps(verb)
    def careful(*args, **kwargs) -> Job:
        try:
            return verb(*args, **kwargs)
        except Overtaken:
            raise CannotBe("moved_on") from None

    return careful


def review(member: Membership, order: GenerationRequest) -> Checked:
    """Check ``order`` whole and price it; nothing is written."""
    return checking.check(member, order)


def review_all(member: Membership, requests: Sequence[GenerationRequest]) -> CheckedTogether:
    """Do the same for several that are made together or not at all."""
    return checking.check_all(member, requests)


def retry(member: Membership, job: Job, client_token: str = "", confirmed: str = "") -> Job:
    """Start a new job that is the same again: same words, options, pictures and key."""
    if job.imported:
        raise Refusal([Problem("press", "imported")])
    return start(member, request_again(job, client_token, confirmed))


def request_again(job: Job, client_token: str = "", confirmed: str = "") -> GenerationRequest:
    """The request that makes the same as ``job``."""
    pictures = tuple((place.role, place.upload) for place in job.pictures.select_related("upload"))
    return GenerationRequest(
        model=job.model, prompt=job.prompt.text, options=dict(job.options), pictures=pictures, key=job.key,
        project=job.project, parent=job, relation="retry", client_token=client_token, recipe=job.recipe,
        confirmed=confirmed, take_group=job.take_group,
    )  # fmt: skip


@_unless_moved
def stop(member: Membership, job: Job) -> Job:
    """Cancel a job that was not sent yet, which is free. Else mark it stopped: what comes of it goes to
    the trash; no vendor documents a way to cancel, and it may still be charged."""
    with authority.acting(member, "make"):
        _stop_as_it_is(job, By(actor=member.user))
    return job


def _stop_as_it_is(job: Job, by: By) -> None:
    for _try in range(MOVES_IN_A_ROW):
        try:
            return _stop(job, by)
        except Overtaken:  # a worker moved it first: decide again, for the job as it is now
            job.refresh_from_db()
    raise CannotBe("moved_on")


def _stop(job: Job, by: By) -> None:
    if job.state == State.QUEUED:
        move(job, Event.CANCEL, by, money=money.unless_written_off(job, Money.NONE))
    elif not job.stopped_at:
        _stop_watching(job, by)


def _stop_watching(job: Job, by: By) -> None:
    if not job.unfinished:
        raise CannotBe("already_ended")
    touch(job, stopped_at=clock.now())
    record(job, "job.stopped", by)


@_unless_moved
def decide(member: Membership, job: Job, choice: str, confirmed: str = "") -> Job:
    """Carry out a person's decision about an UNKNOWN job: ``try_again`` (it may be charged twice) or
    ``give_up``. The earlier attempt is written off, visibly. A second request spends like a press of
    ``member``'s, and what stops a press stops it, such as a key that is not theirs: raises Refusal, and
    Unconfirmed (the confirmation is bound to ``second_token``)."""
    if choice not in ("try_again", "give_up"):
        raise ValueError(choice)
    by = By(actor=member.user)
    with authority.acting(member, "spend"):
        if job.state != State.UNKNOWN:
            raise CannotBe("not_unknown")
        if choice == "try_again" and job.key.trashed_at:
            raise CannotBe("key_gone")
        if choice == "try_again":
            _may_spend_again(member, job, confirmed)
            columns = rekeyed(job, str(uuid.uuid4()))
            move(job, Event.TRY_AGAIN, by, **columns, money=Money.POSSIBLY, next_at=clock.now(), tries=0, claims=0,
                 kind="", said="", code="", hint_task_id="", hint={}, errors=0, stopped_at=None, nudged_at=clock.now())  # fmt: skip
            queue.nudge(job.pk)
        else:
            move(job, Event.GIVE_UP, by, money=Money.WRITTEN_OFF, kind="given_up")
        money.settle(job, Attempt.WRITTEN_OFF, choice, member.user)
    return job


def _may_spend_again(member: Membership, job: Job, confirmed: str) -> None:
    """Raise Refusal, CannotBe or Unconfirmed where ``member`` may not pay for a second request. Rows are
    locked in the order in which a press locks them (videos/jobs/ordering/press.py)."""
    pace = allowance.pace_problems(member.user)
    key = VendorKey.objects.select_for_update().get(pk=job.key_id)
    if problems := checking.key_problems(member, job.vendor, key):
        raise Refusal(problems)
    if ceiling.verdict_of_second_request(member, job).problems:
        raise CannotBe("over_budget")
    if problems := [*checking.storage_problems(member), *pace]:
        raise Refusal(problems)
    confirming.require(member, confirming.sums_of_second_request(job), second_token(job), confirmed)


@_unless_moved
def adopt(member: Membership, job: Job, task_id: str) -> Job:
    """Give an UNKNOWN job the task that a person found in the vendor's own console, if the vendor knows it
    and no other job has it. Their right is checked before the vendor is asked, and with its answer."""
    task_id = task_id.strip()
    with authority.acting(member, "spend"):
        if job.state != State.UNKNOWN:
            raise CannotBe("not_unknown")
        _may_ask(member, job)
        ticket = inquiry.ticket(job.vendor, task_id)
        inquiry.count_question(member, job.key)
    outcome = inquiry.ask(job.key, ticket)
    if isinstance(outcome, Unreadable):
        raise CannotBe("task_not_known")
    by = By(actor=member.user)
    with authority.acting(member, "spend"):
        taken = observe.take_task(job, task_id, ticket, by)
    if not taken:
        raise CannotBe("task_taken")
    with after_commit.kept_going(f"what the vendor says of job {job}"):  # the next look finds it
        observe.conclude_known(job, outcome, by)
    return job


def _may_ask(member: Membership, job: Job) -> None:
    """Raise CannotBe where the key that made ``job``, with which the vendor would be asked, is a
    colleague's own. An erased key passes: no vendor is asked with it."""
    if job.key.sealed and not access.may_use(member, job.key):
        raise CannotBe("key_of_a_colleague")


def can_look_again(member: Membership, job: Job) -> bool:
    """Does the vendor have a task of it, may ``member`` use the key to ask with, and is there no film yet?"""
    asks = bool(job.vendor_task_id and job.key.sealed) and access.may_use(member, job.key)
    return asks and job.state in ASKED_ABOUT


def look_again(member: Membership, job: Job) -> Job:
    """Make the job due, so that the vendor is asked now instead of later."""
    with authority.acting(member, "make"):
        _may_ask(member, job)
        if not can_look_again(member, job):
            raise CannotBe("nothing_to_look_at")
        Job.objects.filter(pk=job.pk, state=job.state).update(next_at=clock.now())
        record(job, "job.look_again", By(actor=member.user))
    return job


@_unless_moved
def fetch_again(member: Membership, job: Job) -> Job:
    """Fetch what could not be fetched or cannot be shown, or what was stored and has gone from the store; or
    try now instead of later where a download keeps failing. The vendor is asked for a fresh link where
    the known one is dead."""
    with authority.acting(member, "make"):
        _may_ask(member, job)
        if stuck(job):
            fetch_now(job, By(actor=member.user))
        else:
            unshown = job.state == State.SUCCEEDED and job.kind == storing.UNCHECKED and not job.purged_at
            if job.state != State.DOWNLOAD_FAILED and not unshown and not missing(job):
                raise CannotBe("nothing_to_fetch")
            collect.fetch_again(job, By(actor=member.user))
        queue.nudge(job.pk, media=True)
    return job


@_unless_moved
def check_again(member: Membership, job: Job) -> Job:
    """Open once more what arrived and could not be opened: an update of the studio may be able to. One
    press at a time opens the files of a job."""
    access.require(member, "make")
    if job.purged_at or not job.outputs.filter(state=storing.UNCHECKED).exists():
        raise CannotBe("nothing_to_check")
    if not cache.add(f"checking:{job.pk}", True, settings.DURATIONS["download_lease"]):
        raise CannotBe("being_checked")
    try:
        by = By(actor=member.user)
        opens = storing.check_again(job, by, partial(authority.acting, member, "make"))
    except FileNotFoundError:
        raise CannotBe("file_gone") from None
    except OSError as error:
        log.error("job %s could not be checked again: %s", job, error.strerror or type(error).__name__)
        raise CannotBe("machine_busy") from None
    finally:
        with after_commit.kept_going(f"job {job} may be checked again"):  # at the latest after a lease
            cache.delete(f"checking:{job.pk}")
    if not opens:
        raise CannotBe("still_unchecked")
    return job


@_unless_moved
def keep(member: Membership, job: Job, *, kept: bool = True) -> Job:
    """Pick this take of its stack, instead of the one picked before. ``kept`` False: pick none."""
    by = By(actor=member.user)
    with authority.acting(member, "make"):
        ready = job.state == State.SUCCEEDED and job.kind != storing.UNCHECKED
        if job.take_group is None or job.trashed_at or not ready:
            raise CannotBe("not_a_ready_take")
        # Somebody who picks another take at the same moment waits for these row locks.
        takes = list(Job.objects.select_for_update().filter(take_group=job.take_group).order_by("pk"))
        for take in takes:
            if take.keeper and not (kept and take.pk == job.pk):
                touch(take, keeper=False)
                record(take, "take.let_go", by)
        for take in takes:
            if kept and take.pk == job.pk and not take.keeper:
                touch(take, keeper=True)
                record(take, "take.kept", by)
        job.refresh_from_db(fields=["keeper", "version"])
    return job


@_unless_moved
def trash(member: Membership, job: Job) -> Job:
    """Hide the job for STUDIO_TRASH_DAYS; a job that is still being made is stopped first."""
    by = By(actor=member.user)
    with authority.acting(member, "trash"):
        if job.unfinished and not job.stopped_at:
            _stop_as_it_is(job, by)
        touch(job, trashed_at=clock.now())
        record(job, "job.trashed", by)
    return job


@_unless_moved
def restore(member: Membership, job: Job) -> Job:
    """Take the job out of the trash. Raises CannotBe once its files were purged."""
    with authority.acting(member, "trash"):
        if job.purged_at:
            raise CannotBe("purged")
        touch(job, trashed_at=None, stopped_at=None)
        record(job, "job.restored", By(actor=member.user))
    return job
