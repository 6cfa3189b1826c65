"""Imports a result that was made elsewhere with a key of the team's (in the vendor's own console, by
another tool), by its task id.

Nothing is ordered here. The vendor is asked about the task, and what it says it charged is all that is
known of the money. The row has no request (``Job.imported``), so nothing could be sent for it even by
mistake."""

import uuid
from collections.abc import Collection

from django.db import IntegrityError, transaction

from videos import authority
from videos.jobs import money
from videos.jobs.exceptions import CannotBe
from videos.jobs.freeze import freeze
from videos.jobs.ordering import checking
from videos.jobs.ordering.checking import Refusal
from videos.jobs.transitions import By, move
from videos.jobs.watching import inquiry, observe
from videos.models import Job, Membership, Prompt, VendorKey, clock, prompt_hash
from videos.states import Attempt, Event, Money, State
from videos.vendors import registry
from videos.vendors.contract import Call, CheckOutcome, Kind, Model, Refused, Unreadable, Working

REFUSAL_CODES = {Kind.NOT_FOUND: "task_not_known", Kind.AUTH: "key_refused", Kind.RATE_LIMITED: "vendor_busy"}


class AlreadyHere(Exception):
    """Raised where this team has the task already, as ``job``."""

    def __init__(self, job: Job):
        super().__init__(str(job))
        self.job = job


class MaybeLostAnswer(Exception):
    """Raised where the task may belong to one of ``jobs``, whose answer was lost: given to that job its
    charge counts once, imported beside it twice."""

    def __init__(self, jobs: list[Job]):
        super().__init__(", ".join(map(str, jobs)))
        self.jobs = jobs


def import_result(
    member: Membership,
    key: VendorKey,
    model: Model,
    task_id: str,
    prompt: str = "",
    none_of: Collection[str] = (),
) -> Job:
    """Make a job of a task that the vendor knows; from now on it is watched like any other. ``model`` and
    ``prompt`` are what the person says, and so is ``none_of``: ids of jobs whose answer was lost and
    whose task this is not. Raises Refusal, CannotBe, AlreadyHere or MaybeLostAnswer; then nothing is
    made."""
    task_id = task_id.strip()
    with authority.acting(member, "spend"):
        _may_ask(member, model, key, room=True)
        about = inquiry.ticket(key.vendor, task_id)
        inquiry.count_question(member, key)
    with transaction.atomic():
        _refuse_known_task(member, key, task_id)
    others = _refuse_maybe_lost_answer(member, key, none_of)
    outcome = _require_known(inquiry.ask(key, about))
    try:
        with authority.acting(member, "spend"):
            _may_ask(member, model, key)
            _refuse_known_task(member, key, task_id)
            job = _create_row(member, key, model, prompt)
            _accept(job, task_id, about, outcome, By(actor=member.user), others)
    except IntegrityError:  # another team with this account took the task while the vendor was asked
        with transaction.atomic():
            _refuse_known_task(member, key, task_id)
        raise
    return job


def _may_ask(member: Membership, model: Model, key: VendorKey | None, *, room: bool = False) -> None:
    """Raise Refusal where the key as it is now cannot be used: it may have been paused or deleted since
    the form was drawn, or while the vendor was asked. ``room``: also where the storage is full."""
    now = VendorKey.objects.select_for_update().filter(pk=key.pk).first() if key else None
    if problems := [
        *checking.key_problems(member, model.vendor, now),
        *(checking.storage_problems(member) if room else ()),
    ]:
        raise Refusal(problems)


def _refuse_known_task(member: Membership, key: VendorKey, task_id: str) -> None:
    """Raise where a job has this task already: AlreadyHere for a job of the team; for one of another team
    only that the task is taken."""
    known = observe.job_with_task(key, task_id)
    if known is None:
        return
    if known.team_id != member.team_id:
        raise CannotBe("task_taken")
    if known.purged_at:
        raise CannotBe("purged")
    raise AlreadyHere(known)


def _refuse_maybe_lost_answer(member: Membership, key: VendorKey, none_of: Collection[str]) -> list[str]:
    """Raise MaybeLostAnswer where the team has requests without an answer, of whatever key of this vendor,
    that are not in ``none_of``: the task may be theirs, and a second row would count its charge twice.
    (Where the same bytes may be sent again, the answer to that, within a day, is this task.) Only the
    person can tell. Returns the ids of those that it is not."""
    lost = Job.objects.filter(
        team=member.team,
        vendor=key.vendor,
        rehearsal=key.rehearsal,
        state__in=[State.SUBMITTING, State.UNKNOWN],
    )
    lost = list(lost.select_related("prompt").order_by("pk"))
    if jobs := [job for job in lost if str(job.public_id) not in none_of]:
        raise MaybeLostAnswer(jobs)
    return [str(job.public_id) for job in lost]


def _require_known(outcome: CheckOutcome) -> CheckOutcome:
    """Return the outcome where the vendor surely has the task and has not failed it; else raise CannotBe."""
    match outcome:
        case Unreadable():
            raise CannotBe(REFUSAL_CODES.get(outcome.kind, "vendor_silent"))
        case Refused():
            raise CannotBe("task_failed")
        case Working(known=False):
            raise CannotBe("task_not_known")
    return outcome


def _create_row(member: Membership, key: VendorKey, model: Model, prompt: str) -> Job:
    public_id, at = uuid.uuid4(), clock.now()
    text, _new = Prompt.objects.get_or_create(
        team=member.team, hash=prompt_hash(prompt),
        defaults={"text": prompt.strip(), "first_by": member.user, "used_at": at},
    )  # fmt: skip
    # An empty hash, which no bytes have: what is sealed here is never taken for a request.
    nothing = freeze(Call("GET", "/"), public_id) | {"body_sha256": ""}
    return Job.objects.create(
        **nothing, public_id=public_id, team=member.team, user=member.user, prompt=text, vendor=model.vendor,
        model=model.key, medium=model.medium, rehearsal=key.rehearsal, key=key, account=key.account,
        idem_key=str(uuid.uuid4()), client_token=uuid.uuid4().hex, unit=registry.vendor(model.vendor).unit,
        created_at=at,
    )  # fmt: skip


def _accept(
    job: Job, task_id: str, about: dict[str, str], outcome: CheckOutcome, by: By, others: list[str]
) -> None:
    at = clock.now()
    money.open_attempt(job)
    move(
        job, Event.IMPORTED, by, data={"task": task_id, "none_of": others}, vendor_task_id=task_id, ticket=about, accepted_at=at,
        deadline_at=observe.deadline(job, at), money=Money.HELD, next_at=at,
    )  # fmt: skip
    money.settle(job, Attempt.CHARGED, "imported", by.actor)
    if not isinstance(outcome, Working):
        observe.conclude(job, outcome, by)
