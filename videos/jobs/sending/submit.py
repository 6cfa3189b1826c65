"""Sends one job, at most once.

The order of steps is what makes that true: everything that can fail for free comes first; then the
intent is committed (SUBMITTING, a lease, a SpendAttempt); then the bytes leave; then the answer is
written. A worker that dies in between leaves a row that shows it, and the worker that finds the row
does not send again unless the vendor honours our idempotency key.

Whoever writes several rows at once locks them in one order (key, job, attempt): else two workers on
PostgreSQL wait for each other, and one of them loses what it was writing."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.utils import IntegrityError, InterfaceError, InternalError, OperationalError

from videos import vault
from videos.jobs import freeze, money, pacing
from videos.jobs.account import backoff, credit_shortage, key_failures, retry_after, routes
from videos.jobs.sending import gate, late_answers
from videos.jobs.transitions import By, Overtaken, move, record, touch
from videos.jobs.watching import observe
from videos.logs import redact
from videos.models import Job, KeyState, VendorKey, clock
from videos.network import exchange
from videos.states import Attempt, Event, Money, State
from videos.vendors import registry
from videos.vendors.contract import Accepted, Call, Kind, Refused, SubmitOutcome, Unreadable

log = logging.getLogger(__name__)
TRIES_MOST = 8  # submits in a row that surely were not sent, until the job fails
NO_DETAILS = Unreadable(Kind.TRANSIENT)
WRITE_AGAIN_AFTER = 0.5  # seconds between two tries to write an answer down
# Refusals of the request itself: the same bytes would be refused again, so they are not replayed.
ABOUT_THE_REQUEST = frozenset(
    {Kind.INVALID_REQUEST, Kind.BAD_PROMPT, Kind.BAD_IMAGE, Kind.BAD_OPTION, Kind.REAL_PERSON}
    | {Kind.MODERATION, Kind.MODERATION_PROMPT, Kind.MODERATION_IMAGE}
)


def submit(job: Job, by: By) -> None:
    """Send a QUEUED job, or write down what it waits for."""
    if job.stopped_at:  # stopped while it was being sent, and it came back unsent
        move(job, Event.CANCEL, by, money=money.unless_written_off(job, Money.NONE))
        return
    if job.hint_task_id and late_answers.has_news(job):
        late_answers.reopen(job, by)
        return
    if job.key.trashed_at:
        move(job, Event.GONE_WRONG, by, kind="key_gone", money=money.unless_written_off(job, Money.NONE))
        return
    if wait := gate.reason_to_wait(job):
        hold(job, wait.what, wait.until)
        return
    try:
        call, token, route = freeze.thaw(job), vault.open_key(job.key), route_of(job)
    except vault.KeyUnreadable:
        key_failures.mark_broken(job.key, "unreadable")
        hold(job, "key", clock.later(settings.DURATIONS["look_late"]))
        return
    except (freeze.Tampered, routes.Crossed) as error:
        log.error("job %s is not sent: %s", job, type(error).__name__)
        move(job, Event.GONE_WRONG, by, kind="gone_wrong", money=money.unless_written_off(job, Money.NONE))
        return
    ends = time.monotonic() + settings.DURATIONS["submit_deadline"]
    if claim(job, by):
        apply_until_written(job, send(call, route, token, ends), by)


def claim(job: Job, by: By) -> bool:
    """Commit the intent to spend. False: another worker has the job, or took the last free slot or turn,
    or an attempt still stands."""
    lease = clock.later(settings.DURATIONS["submit_lease"])
    try:
        with transaction.atomic():
            gate.take_turn(job)
            key = VendorKey.objects.select_for_update().get(pk=job.key_id)
            busy = gate.occupancy(job)
            if key.state != KeyState.ACTIVE or busy.account or busy.workers:
                return False
            move(
                job, Event.CLAIM, by,
                lease_owner=by.worker, lease_until=lease, next_at=lease, sent_at=clock.now(),
                claims=job.claims + 1, money=Money.HELD, waiting_for="", kind="", said="", code="",
            )  # fmt: skip
            # Checked after the row is ours: a callback raises no version, and may have come just before.
            if late_answers.has_news(job):
                raise Overtaken(str(job))
            money.open_attempt(job)
            VendorKey.objects.filter(pk=job.key_id).update(used_at=clock.now())
    except Overtaken:
        return False
    except IntegrityError:
        log.error("job %s is not sent: an earlier attempt still stands", job)
        return False
    return True


def apply_until_written(
    job: Job, outcome: SubmitOutcome | exchange.NotSent | exchange.Lost, by: By, *, doubt: bool = False
) -> None:
    """Call ``apply_outcome`` again until it is written or the lease ends: a database that is away for a
    moment, or read-only (PostgreSQL's InternalError), must not lose an answer that was paid for."""
    ends, first = time.monotonic() + settings.DURATIONS["submit_lease"], True
    while True:
        try:
            if not first:
                job = _reload_if_ours(job.pk, by)
            apply_outcome(job, outcome, by, doubt=doubt)
            return
        except Overtaken:
            if isinstance(outcome, Accepted):
                late_answers.note_task_id(job, outcome)
            raise
        except (OperationalError, InterfaceError, InternalError) as error:
            if time.monotonic() > ends:
                raise
            log.warning("the answer for job %s is not written yet: %s", job, type(error).__name__)
        first = False
        time.sleep(WRITE_AGAIN_AFTER)


def _reload_if_ours(pk: int, by: By) -> Job:
    close_old_connections()
    job = Job.objects.select_related("key", "team").get(pk=pk)
    if job.lease_owner != by.worker:
        raise Overtaken(str(job))
    return job


def apply_outcome(
    job: Job, outcome: SubmitOutcome | exchange.NotSent | exchange.Lost, by: By, *, doubt: bool = False
) -> None:
    """Write down what came of the call. ``doubt``: an earlier call under the same key may have been charged,
    so this one's failure to arrive, or its refusal, proves nothing: a picture may be out of reach, or the
    vendor's moderation stricter, by now."""
    match outcome:
        case Accepted():
            _accepted(job, outcome, by)
        case exchange.NotSent() if doubt:
            _unclear(job, by, outcome.reason, Unreadable(Kind.TRANSIENT))
        case Refused() if doubt and outcome.kind in ABOUT_THE_REQUEST:
            mark_unknown(job, by, str(outcome.kind), _as_unreadable(outcome))
        case Refused() if doubt:
            if outcome.kind is Kind.AUTH:
                key_failures.mark_broken(job.key, outcome.said)
            elif outcome.kind is Kind.RATE_LIMITED:
                backoff.start(job, outcome.retry_after)
            elif outcome.kind is Kind.INSUFFICIENT_CREDITS:
                credit_shortage.mark(job, by)
            _unclear(job, by, outcome.kind, _as_unreadable(outcome))
        case exchange.NotSent():
            _not_sent(job, by, Kind.TRANSIENT, outcome.reason)
        case Refused(kind=Kind.RATE_LIMITED):
            backoff.start(job, outcome.retry_after)
            _not_sent(job, by, Kind.RATE_LIMITED, outcome.said, counts=False)
        case Refused():
            _refused(job, outcome, by)
        case exchange.Lost():
            _unclear(job, by, outcome.reason, Unreadable(Kind.TRANSIENT))
        case Unreadable():
            _unclear(job, by, outcome.kind, outcome)


def _as_unreadable(outcome: Refused) -> Unreadable:
    return Unreadable(
        outcome.kind, outcome.said, outcome.code, outcome.retry_after, trace_id=outcome.trace_id
    )


def hold(job: Job, what: str, until) -> None:
    """Leave the job in its state and make it due at ``until``. The version is raised, and the card drawn
    anew, only when ``what`` it waits for changes."""
    if job.waiting_for == what:
        Job.objects.filter(pk=job.pk, version=job.version).update(next_at=until)
    else:
        touch(job, waiting_for=what, next_at=until)


def mark_unknown(job: Job, by: By, evidence: str, outcome: Unreadable = NO_DETAILS) -> None:
    """Move to UNKNOWN: bytes left, no usable answer came, and it may have been charged. Only a person sends
    it again. A task id in a broken answer gives the next look something to ask about."""
    hint, event_data = {}, {"why": evidence, **observe.trace_data(outcome)}
    if outcome.task_id:
        ticket = dict(registry.vendor(job.vendor).adopt(outcome.task_id))
        hint = {"hint_task_id": outcome.task_id[:200], "hint": ticket}
        event_data["task"] = outcome.task_id[:200]
    with transaction.atomic():
        move(
            job, Event.NO_ANSWER, by, data=event_data, kind="no_answer",
            said=redact(outcome.said), code=outcome.code[:80], money=Money.POSSIBLY, next_at=None, claims=0, **hint,
        )  # fmt: skip
        money.settle(job, Attempt.UNKNOWN, evidence)
        # A callback may have named the task already: then the vendor can be asked about it.
        Job.objects.filter(pk=job.pk, state=State.UNKNOWN).exclude(hint_task_id="").update(
            next_at=clock.now()
        )


def _accepted(job: Job, outcome: Accepted, by: By) -> None:
    at, event_data = clock.now(), {"task": outcome.task_id, **money.odd_charge(job, outcome.charge)}
    if outcome.beside:
        event_data["beside"] = redact(outcome.beside)
    try:
        with transaction.atomic():
            credit_shortage.clear_after_acceptance(job)
            move(
                job, Event.ACCEPTED, by, data=event_data,
                vendor_task_id=outcome.task_id, ticket=dict(outcome.ticket), accepted_at=at,
                charge=outcome.charge.amount if outcome.charge else None,
                deadline_at=observe.deadline(job, at), claims=0, tries=0,
                next_at=at + timedelta(seconds=settings.DURATIONS["first_look"]),
            )  # fmt: skip
            money.settle(job, Attempt.CHARGED, "accepted")
    except IntegrityError:
        # Another job of this account already has this task: one of the two answers belongs elsewhere.
        mark_unknown(Job.objects.get(pk=job.pk), by, "task_id_taken")
        return
    if outcome.now is not None:
        observe.conclude(job, outcome.now, by)


def _not_sent(job: Job, by: By, kind: Kind, said: str, *, counts: bool = True) -> None:
    tries = job.tries + 1 if counts else job.tries
    event = Event.UNREACHABLE if tries >= TRIES_MOST else Event.NOT_SENT
    pause = pacing.after_error(
        tries, first=settings.DURATIONS["look_least"], most=settings.DURATIONS["error_most"]
    )
    with transaction.atomic():
        columns = {} if event is Event.UNREACHABLE else {"next_at": clock.later(pause)}
        move(
            job, event, by, data={"why": str(kind)}, money=money.unless_written_off(job, Money.NONE), tries=tries, claims=0, sent_at=None,
            kind="unreachable" if kind is Kind.TRANSIENT else str(kind), said=redact(said)[:300],
            waiting_for="rate" if kind is Kind.RATE_LIMITED else "vendor", **columns,
        )  # fmt: skip
        money.settle(job, Attempt.NOT_CHARGED, str(kind))


def _refused(job: Job, outcome: Refused, by: By) -> None:
    with transaction.atomic():
        if outcome.kind is Kind.AUTH:
            key_failures.mark_broken(job.key, outcome.said)
        if outcome.kind is Kind.INSUFFICIENT_CREDITS:
            credit_shortage.mark(job, by)
        move(
            job, Event.REFUSED, by, data={"kind": str(outcome.kind), **observe.trace_data(outcome)}, kind=str(outcome.kind),
            code=outcome.code[:80], said=redact(outcome.said), money=money.unless_written_off(job, Money.NOT_CHARGED),
        )  # fmt: skip
        money.settle(job, Attempt.NOT_CHARGED, str(outcome.kind))


def _unclear(job: Job, by: By, why: str, outcome: Unreadable) -> None:
    """Plan a replay where the vendor honours our key, else move to UNKNOWN: bytes left without an answer."""
    if not registry.vendor(job.vendor).idempotent or too_old_to_replay(job):
        mark_unknown(job, by, str(why), outcome)
        return
    if why == Kind.CONFLICT and money.attempt_age(job) > settings.DURATIONS["video_deadline"]:
        _conflict(job, by, outcome)
        return
    tries = job.tries + 1
    pause = pacing.after_error(
        tries, first=settings.DURATIONS["look_least"] * 2, most=settings.DURATIONS["error_most"]
    )
    asked = retry_after.seconds(outcome.retry_after, clock.now(), most=settings.DURATIONS["retry_after_most"])
    # The lease is given back: the next nudge replays. `claims` counts workers that died, and this one lives.
    touch(job, lease_owner="", lease_until=None, next_at=clock.later(asked or pause), tries=tries, claims=0)
    record(job, "job.unclear", by, data={"why": str(why), **observe.trace_data(outcome)})


def _conflict(job: Job, by: By, outcome: Unreadable) -> None:
    """Move to UNKNOWN and log it: the vendor says that other bytes came under this key (the first request
    cannot still be at work), but ours were the same each time, which ``freeze.thaw`` checks."""
    with transaction.atomic():
        mark_unknown(job, by, str(Kind.CONFLICT), outcome)
        record(job, "job.conflict", by)
    log.error("job %s: other bytes came under its key, says the vendor; ours are %s", job, job.body_sha256)


def too_old_to_replay(job: Job) -> bool:
    return money.attempt_age(job) > settings.DURATIONS["replay_for"]


def route_of(job: Job) -> routes.Route:
    return routes.route(job.vendor, rehearsal=job.rehearsal)


def send(
    call: Call, route: routes.Route, token: str, ends: float
) -> SubmitOutcome | exchange.NotSent | exchange.Lost:
    """Send the request: the only place in the project that spends. ``ends`` (monotonic) was set before the
    job was claimed: a worker that slept in between finds no time left, and sends nothing."""
    try:
        reply = exchange.send(
            call, base_url=route.base_url, key=token, trusted=route.trusted, deadline=ends - time.monotonic()
        )
    except (exchange.NotSent, exchange.Lost) as error:
        return error
    return registry.vendor(route.vendor).read_submit(reply)
