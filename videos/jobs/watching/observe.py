"""Writes down what a look (or a callback that a look confirmed) means for an accepted job."""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from videos.jobs import freeze, money, pacing, queue
from videos.jobs.account import backoff, credit_shortage, key_failures
from videos.jobs.transitions import By, move, record, touch
from videos.jobs.watching import learned
from videos.logs import redact
from videos.models import Job, Output, Team, VendorKey, clock
from videos.states import OBSERVED, Attempt, Event, Money, State
from videos.vendors import registry
from videos.vendors.contract import Charge, CheckOutcome, Finished, Kind, Refused, Unreadable, Working

log = logging.getLogger(__name__)
LOOKS_AFTER_FAILURE = 5  # looks at a failed job without film or verdict, until it is left alone
NO_FILE_REPORTED_AFTER = 10  # looks in a row that said "done" without a file, until it is logged


def deadline(job: Job, accepted: datetime) -> datetime:
    """When we stop expecting the result: after our own deadline, or later where the request allows the
    vendor longer (``expires_after``, seconds). It is no verdict (states.py, rule 4)."""
    patience = settings.DURATIONS["video_deadline" if job.medium == "video" else "still_deadline"]
    expires_after = float(job.options.get("expires_after") or 0)
    return accepted + timedelta(seconds=max(patience, expires_after))


def conclude(job: Job, outcome: CheckOutcome, by: By) -> None:
    """Write down what the vendor said about this job's task. May raise Overtaken."""
    match outcome:
        case Finished() if outcome.outputs:
            record_made(job, outcome, by)
        case _ if job.state == State.FAILED:
            look_after_failure(job, outcome)
        case Finished():
            record_unanswered(job, Unreadable(Kind.NO_OUTPUT), by)
        case Refused():
            _verdict(job, outcome, by)
        case Working():
            record_working(job, outcome, by)
        case Unreadable():
            record_unanswered(job, outcome, by)


def trace_data(outcome: Finished | Refused | Unreadable) -> dict[str, str]:
    """Event data: the id by which the vendor's support finds this answer."""
    return {"trace": redact(outcome.trace_id)} if outcome.trace_id else {}


def record_made(job: Job, outcome: Finished, by: By) -> None:
    """Move to DOWNLOADING and nudge the media cluster: the vendor is done, and its links soon expire."""
    event_data = money.odd_charge(job, outcome.charge) | trace_data(outcome)
    with transaction.atomic():
        move(
            job, Event.MADE, by, data=event_data, made_at=job.made_at or clock.now(),
            looked_at=clock.now(), looks=job.looks + 1, money=Money.CHARGED, charge=_charge_of_film(job, outcome.charge),
            refunded=outcome.charge.refunded if outcome.charge else None,
            upstream_id=outcome.upstream_id[:200], nudged_at=clock.now(), percent=None, word="", word_since=None, kind="", said="", errors=0, claims=0,
            code="", missing_since=None, ended_at=None, next_at=clock.now(),
        )  # fmt: skip
        for n, found in enumerate(outcome.outputs):
            sealed = freeze.seal_url(found.url, job, n)
            Output.objects.update_or_create(
                job=job,
                n=n,
                defaults={"kind": found.kind, "url_sealed": sealed, "state": "waiting", "why": ""},
            )
        queue.nudge(job.pk, media=True)


def _charge_of_film(job: Job, charge: Charge | None) -> Decimal | None:
    """The amount that the vendor named. A zero that it named when it said "failed" is dropped: it says
    nothing about the film that came after all."""
    named = money.known_charge(job, charge)
    names_amount = charge is not None and charge.amount is not None
    return named if names_amount or job.state != State.FAILED else named or None


def look_after_failure(job: Job, outcome: CheckOutcome) -> None:
    """Look at a FAILED job of which a callback or a person had news: the vendor is asked until it says
    "failed" again or no longer knows the task, a few times at most. Only a film changes the verdict."""
    unread = isinstance(outcome, Unreadable)
    refused_key = unread and outcome.kind is Kind.AUTH
    if refused_key:  # the news waits for another key
        key_failures.mark_broken(job.key, outcome.said)
    over = isinstance(outcome, Refused) or (unread and outcome.kind is Kind.NOT_FOUND)
    again = refused_key or (not over and job.errors < LOOKS_AFTER_FAILURE)
    pause = pacing.after_error(
        job.errors, first=settings.DURATIONS["look"], most=settings.DURATIONS["error_most"]
    )
    columns = {
        "next_at": clock.later(pause) if again else None,
        "errors": job.errors + (not refused_key) if again else 0,
        "looked_at": clock.now(),
        "looks": job.looks + 1,
    }
    _update_without_redraw(job, columns)


def _update_without_redraw(job: Job, columns: dict) -> None:
    """Write ``columns`` without raising the version, so that no card is drawn anew, except one that said
    that it waits for a key."""
    if job.waiting_for:
        columns = columns | {"waiting_for": "", "version": F("version") + 1}
    Job.objects.filter(pk=job.pk, state=job.state, version=job.version).update(**columns)


def next_look(job: Job, hazard: pacing.Hazard | None = None) -> datetime:
    """When to ask about a working job again. ``hazard``: what was learned about its ``shape``, where the
    caller has read it already."""
    at, durations = clock.now(), settings.DURATIONS
    if job.state == State.EXPIRED:
        day = durations["after_a_day"]
        seconds_over = (at - job.deadline_at).total_seconds() if job.deadline_at else 0
        return at + timedelta(seconds=durations["after_deadline"] if seconds_over < day else day)
    elapsed = (at - (job.accepted_at or at)).total_seconds()
    vendor = registry.vendor(job.vendor)
    wait = pacing.next_look(
        hazard or learned.hazard(job), elapsed,
        price=(2.0 if job.callback_hash else 0.25) / settings.TIME_SCALE,
        least=durations["look_least"], most=durations["look_most"],
        early=durations["look_most"] * 4 if vendor.rate else None,
    )  # fmt: skip
    return at + timedelta(seconds=wait)


def record_working(job: Job, outcome: Working, by: By) -> None:
    """Write down that the task is still worked on. The card is redrawn only if the vendor said something
    new."""
    columns = {"looked_at": clock.now(), "next_at": next_look(job), "looks": job.looks + 1, "errors": 0}
    columns |= {"missing_since": None, "waiting_for": ""} | _word_columns(job, outcome)
    if move_if_overdue(job, by, columns):
        return
    drawn = ("percent", "word", "kind", "errors", "waiting_for")
    if any(getattr(job, name) != columns[name] for name in drawn):
        touch(job, **columns)
    else:
        Job.objects.filter(pk=job.pk, state=job.state, version=job.version).update(**columns)


def _word_columns(job: Job, outcome: Working) -> dict[str, object]:
    """The columns that show a look at a job that is being made. A status word that no table has, and that
    stays the same for long without progress, may be an end: the card says so, and ``gate.occupancy``
    counts it no more. It is no verdict: looks go on, and a film that comes all the same is taken."""
    at, word = clock.now(), "" if outcome.known else outcome.word[:60]
    same = bool(word) and (word, outcome.percent) == (job.word, job.percent)
    since = (same and job.word_since) or (at if word else None)
    for_long = since is not None and (at - since).total_seconds() >= settings.DURATIONS["word_for"]
    kind = f"word_{'check' if outcome.checked else 'odd'}{'_stays' if for_long else ''}" if word else ""
    if job.state not in OBSERVED:
        kind = job.kind
    return {"word": word, "word_since": since, "percent": outcome.percent, "kind": kind}


def record_unanswered(job: Job, outcome: Unreadable, by: By) -> None:
    """Write down a look that told nothing about the task. It never fails a job; where the vendor does not
    know the task for longer than the grace period, the job is LOST."""
    at, durations = clock.now(), settings.DURATIONS
    pause = pacing.after_error(job.errors, first=durations["look"], most=durations["error_most"])
    columns = {
        "looked_at": at,
        "looks": job.looks + 1,
        "errors": min(job.errors + 1, 1000),
        "missing_since": None,
        "waiting_for": "",
        "kind": _kind_unanswered(job, outcome),
    }
    if columns["kind"] != job.kind and outcome.kind is Kind.NO_OUTPUT:
        columns["errors"] = 1  # counted by itself: earlier errors were of another kind
    columns["next_at"] = max(at + timedelta(seconds=pause), next_look(job)) if job.state == State.EXPIRED else (
        at + timedelta(seconds=pause)
    )  # fmt: skip
    if outcome.kind is Kind.AUTH:
        key_failures.mark_broken(job.key, outcome.said)
        columns["waiting_for"] = "key"
    if outcome.kind is Kind.RATE_LIMITED:
        columns["next_at"] = max(columns["next_at"], backoff.start(job, outcome.retry_after))
    if outcome.kind is Kind.NOT_FOUND:
        columns["missing_since"] = job.missing_since or at
        if job.missing_since and (at - job.missing_since).total_seconds() > durations["not_found_grace"]:
            mark_lost(job, by)
            return
    with transaction.atomic():
        if not move_if_overdue(job, by, columns):
            touch(job, code=outcome.code[:80], **columns)
        if outcome.kind is Kind.NO_OUTPUT and columns["errors"] == NO_FILE_REPORTED_AFTER:
            record(job, "job.no_file", by)
            log.error("job %s is done, says its vendor, and has no file: %s looks", job, columns["errors"])


def _kind_unanswered(job: Job, outcome: Unreadable) -> str:
    """The ``kind`` of a job after a look without an answer: ``no_output`` while the vendor says success
    without a file. A kind about the vendor's status word stays through looks that bring nothing."""
    if job.state not in OBSERVED:
        return job.kind
    if outcome.kind is Kind.NO_OUTPUT:
        return str(outcome.kind)
    return job.kind if job.word and job.kind.startswith("word_") else ""


def move_if_overdue(job: Job, by: By, columns: dict) -> bool:
    """Move a job past our deadline to EXPIRED (looks go on, slowly), and one past the vendor's memory to
    LOST. True where it moved."""
    at = clock.now()
    memory = timedelta(days=registry.vendor(job.vendor).memory_days) / settings.TIME_SCALE
    if job.accepted_at and at > max(job.accepted_at + memory, job.deadline_at or at):
        mark_lost(job, by)
        return True
    if job.state == State.RUNNING and job.deadline_at and at > job.deadline_at:
        soon = at + timedelta(seconds=settings.DURATIONS["after_deadline"])
        move(job, Event.OVERDUE, by, **(columns | {"next_at": soon}))
        return True
    return False


def mark_lost(job: Job, by: By) -> None:
    """Move to LOST: nothing more is expected. Whether it was charged, only the vendor's bill can tell."""
    if job.state in (State.RUNNING, State.EXPIRED):
        where = Money.POSSIBLY if job.money == Money.HELD else Money(job.money)
        checked = job.kind.startswith("word_check")
        move(
            job, Event.FORGOTTEN, by, kind="lost_check" if checked else "lost", looked_at=clock.now(), money=where
        )  # fmt: skip
    else:
        _update_without_redraw(job, {"next_at": None, "looked_at": clock.now(), "errors": 0})


def job_with_task(of: Job | VendorKey, task_id: str) -> Job | None:
    """The job that has this task: of the same account, or of the team under any key. (Two keys may be of
    one vendor account without our knowing; the same task id under both is one task.) Call inside a
    transaction: the team's row is locked, so that two who name a task check one after the other."""
    Team.objects.select_for_update(no_key=True).filter(pk=of.team_id).first()
    own = Q(account=of.account) | Q(team=of.team_id, rehearsal=of.rehearsal)
    return Job.objects.filter(own, vendor=of.vendor, vendor_task_id=task_id).order_by("pk").first()


def confirm(job: Job, task_id: str, ticket: dict, outcome: CheckOutcome, by: By) -> bool:
    """Give an UNKNOWN job the task that a callback or a person claims for it, if the vendor, who was
    asked, knows the task. False where it does not, or where the task is another job's."""
    if isinstance(outcome, Unreadable) or not take_task(job, task_id, ticket, by):
        return False
    conclude_known(job, outcome, by)
    return True


def take_task(job: Job, task_id: str, ticket: dict, by: By) -> bool:
    """Move an UNKNOWN job to RUNNING with this task. False where the task is another job's."""
    at = clock.now()
    try:
        with transaction.atomic():
            if job_with_task(job, task_id):
                return False
            move(
                job, Event.CONFIRMED, by, data={"task": task_id}, vendor_task_id=task_id, ticket=ticket,
                accepted_at=job.sent_at or at, deadline_at=deadline(job, at), money=Money.HELD, kind="", said="",
                code="", next_at=at, hint_task_id="", hint={}, errors=0, missing_since=None,
            )  # fmt: skip
            money.settle(job, Attempt.CHARGED, "confirmed", by.actor)
    except IntegrityError:
        return False
    return True


def conclude_known(job: Job, outcome: CheckOutcome, by: By) -> None:
    """Conclude the look by which a job got its task; one that is still working needs nothing written."""
    if not isinstance(outcome, Working):
        conclude(job, outcome, by)


def _verdict(job: Job, outcome: Refused, by: By) -> None:
    if job.state == State.LOST:  # we gave it up and the vendor failed it: nothing is left to ask about
        mark_lost(job, by)
        return
    charge, kind = outcome.charge, str(outcome.kind)
    event_data = {"kind": kind} | money.odd_charge(job, charge) | trace_data(outcome)
    with transaction.atomic():
        if outcome.kind is Kind.INSUFFICIENT_CREDITS:
            credit_shortage.mark(job, by)
        move(
            job, Event.VERDICT, by, data=event_data, kind=kind,
            code=outcome.code[:80], said=redact(outcome.said), money=_money_of_failure(job, charge), charge=money.known_charge(job, charge),
            refunded=charge.refunded if charge else None, looked_at=clock.now(), looks=job.looks + 1, percent=None, errors=0,
        )  # fmt: skip


def _money_of_failure(job: Job, charge: Charge | None) -> Money:
    """Where the money of a failed task is, by the amounts that the vendor named."""
    if charge is None or charge.amount is None:
        return Money.POSSIBLY
    if charge.refunded and charge.refunded >= charge.amount:
        return Money.REFUNDED
    return Money.CHARGED if charge.amount > 0 else money.unless_written_off(job, Money.NOT_CHARGED)
