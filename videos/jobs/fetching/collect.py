"""Downloads what a vendor made. The vendor's links expire within hours, so a clip is ready only when
our own copy is whole, checked and has a poster."""

import errno
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from videos import vault
from videos.jobs import freeze, pacing
from videos.jobs.account import routes
from videos.jobs.fetching import obstacles, storing
from videos.jobs.sending import gate
from videos.jobs.transitions import By, move, touch
from videos.media import child_slots
from videos.media.present import is_present
from videos.media.probe import BadMedia
from videos.media.store import Store
from videos.models import Job, Output, clock
from videos.network import exchange
from videos.network.addresses import BlockedAddress
from videos.network.download import Downloaded, DownloadError, download
from videos.states import Event
from videos.vendors import registry
from videos.vendors.contract import Finished, Kind, Unreadable

log = logging.getLogger(__name__)
DEATHS = 3  # workers that may die over one job
# Times in a row that a file may arrive broken, or a link be dead although the vendor was asked
# for a fresh one.
TRIES_MOST = {"invalid": 3, "gone": 6, "not_https": 10}
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def collect(job: Job, by: By) -> None:
    """Fetch every output of a DOWNLOADING job that is still missing, then write down how that went."""
    if job.claims >= DEATHS:
        storing.give_up(job, "worker_gone")
        _settle(job, by)
        return
    if not _claim(job, by):
        return
    store, pause, began = Store(settings.MEDIA), None, time.monotonic()
    for output in job.outputs.filter(state="waiting"):
        if time.monotonic() - began > _time_for_downloads():
            pause = 0.0  # the queue's timeout would kill us in the middle of another long download
            break
        output.job = job
        wait = _fetch(output, store, by)
        pause = wait if pause is None else (pause if wait is None else min(pause, wait))
    _settle(job, by, pause)


def _claim(job: Job, by: By) -> bool:
    """Take the lease. False: all other media workers fetch from this vendor already, which may be slow for
    ten minutes a file, and this worker is kept for other vendors."""
    lease = clock.later(settings.DURATIONS["download_lease"])
    with transaction.atomic():
        gate.take_turn(job)
        if gate.media_workers_are_busy(job):
            soon = clock.later(settings.DURATIONS["look_least"])
            Job.objects.filter(pk=job.pk, version=job.version).update(next_at=soon)
            return False
        touch(
            job, lease_owner=by.worker, lease_until=lease, next_at=lease, claims=job.claims + 1, waiting_for="",
        )  # fmt: skip
    return True


def _time_for_downloads() -> float:
    """Seconds after which a task begins no further download, so that it ends before the queue's timeout."""
    limit = settings.Q_CLUSTER["ALT_CLUSTERS"]["media"]["timeout"]
    return limit - settings.DURATIONS["download_deadline"] - 2 * settings.DURATIONS["look_deadline"]


def _settle(job: Job, by: By, pause: float | None = None) -> None:
    """Give the lease back: with all settled (``pause`` None) the job ends as stored or as a dead link; else it
    is due again in ``pause`` seconds."""
    outputs = list(job.outputs.all())
    # A last frame is an extra, not what was paid for: a missing one never holds a clip back.
    wanted = [o for o in outputs if o.kind != "last_frame"]
    if pause is not None and any(o.state == "waiting" for o in wanted):
        waiting_for = "disk" if any(o.why == "disk_full" for o in wanted) else ""
        touch(
            job, lease_owner="", lease_until=None, claims=0, next_at=clock.later(pause),
            waiting_for=waiting_for, **_why_not_yet(job, wanted, counts=pause > 0),
        )  # fmt: skip
        return
    arrived = [o for o in wanted if o.state in ("stored", "unchecked")]
    shown = [o for o in arrived if o.state == "stored"]
    if not arrived:
        dead = next((o for o in wanted if o.why), None)
        why, detail = (dead.why, dead.detail) if dead else ("gone", "")
        kind = "address" if why == "blocked" and detail in obstacles.MALFORMED_ADDRESS else why
        move(
            job, Event.DEAD_LINK, by, data={"why": why}, kind=f"download_{kind}", waiting_for="", errors=0,
            code=detail[:80],
        )  # fmt: skip
        return
    with transaction.atomic():
        # A person may have stopped the job meanwhile: read it now, under the lock.
        stopped = Job.objects.select_for_update().values_list("stopped_at", flat=True).get(pk=job.pk)
        more = {"trashed_at": clock.now()} if stopped else _late_columns(job)
        data = {"stored": len(shown), "of": len(wanted), "unchecked": len(arrived) - len(shown)}
        move(
            job,
            Event.STORED,
            by,
            data=data,
            kind="" if shown else storing.UNCHECKED,
            errors=0,
            code="",
            **more,
        )
        storing.give_up(job)  # of a last frame that could not be fetched


def _why_not_yet(job: Job, wanted: list[Output], *, counts: bool) -> dict[str, object]:
    """The columns that tell the card why a download keeps failing, once a few tries in a row have.
    ``counts``: this was a try (and not a pause between two files)."""
    failed = next((o for o in wanted if o.state == "waiting" and o.why), None)
    if failed is None or not counts:
        return {}
    errors = min(job.errors + 1, 1000)
    if errors < obstacles.SHOWN_AFTER:
        return {"errors": errors}
    return {
        "errors": errors,
        "kind": obstacles.kind(failed.why, failed.detail),
        "code": failed.detail[:80],
    }


def _late_columns(job: Job) -> dict[str, object]:
    """The column by which the person who pressed is told, once, that a result came after all: made after
    our deadline, or after the vendor had said that it failed."""
    if job.came_late_at:
        return {}
    late = job.made_at and job.deadline_at and job.made_at > job.deadline_at
    late = late or job.events.filter(verb=f"job.{Event.VERDICT}").exists()
    return {"came_late_at": clock.now()} if late else {}


def _fetch(output: Output, store: Store, by: By) -> float | None:
    """Fetch one output. None: it is settled; else seconds until another try makes sense."""
    job = output.job
    if (
        output.file and not storing.held(output) and is_present(output)
    ):  # it was missing, and somebody put it back from a backup
        Output.objects.filter(pk=output.pk).update(state="stored", why="", detail="")
        return None
    try:
        route = routes.route(job.vendor, rehearsal=job.rehearsal)
    except registry.UnknownVendor as error:  # a newer or older version may know it
        return _try_later(output, "machine", str(error))
    _renew_lease(job)
    try:
        part = store.inherit(by.worker, job.public_id, output.n)
        got = _download(output, route, part)
        _renew_lease(job)  # the probe takes most of a lease
        with child_slots.waiting(None, lambda: _renew_lease(job)):
            storing.keep(output, store, part, got)
        return None
    except DownloadError as error:
        return _download_failed(output, error, route)
    except BadMedia as error:
        part.unlink(missing_ok=True)
        return _try_later(output, "invalid", str(error))
    except (routes.Crossed, BlockedAddress) as error:
        return _try_later(output, "blocked", str(error), give_up=True)
    except vault.KeyUnreadable:
        return _try_later(output, "unreadable", "")
    except OSError as error:  # a fault of this machine, which says nothing about the film
        store.part(by.worker, job.public_id, output.n).unlink(missing_ok=True)
        why = "disk_full" if error.errno in DISK_FULL_ERRORS else "machine"
        log.error("output %s of job %s: %s", output.n, job, error.strerror or type(error).__name__)
        return _try_later(output, why, errno.errorcode.get(error.errno or 0, ""))


def _renew_lease(job: Job) -> None:
    """Extend the lease by its whole length. Raises Overtaken where another worker has the job by now."""
    lease = clock.later(settings.DURATIONS["download_lease"])
    touch(job, lease_owner=job.lease_owner, lease_until=lease, next_at=lease)


def _download(output: Output, route: routes.Route, part) -> Downloaded:
    """Download into the part file, renewing the lease and noting the bytes received meanwhile."""
    url = route.allow(freeze.open_url(output))
    renewed = time.monotonic()

    def renew(received: int) -> None:
        nonlocal renewed
        if time.monotonic() - renewed < settings.DURATIONS["download_renew"]:
            return
        renewed = time.monotonic()
        Output.objects.filter(pk=output.pk).update(received=received)
        _renew_lease(output.job)

    return download(
        url, part, trusted=route.trusted, cap=settings.VIDEO_BYTES,
        deadline=settings.DURATIONS["download_deadline"], idle=settings.DURATIONS["download_idle"],
        etag=output.etag or None, renew=renew,
    )  # fmt: skip


def _download_failed(output: Output, error: DownloadError, route: routes.Route) -> float | None:
    """Decide about another try, and ask for a fresh link where that may help. Returns as ``_fetch``."""
    Output.objects.filter(pk=output.pk).update(etag=error.etag[:200])
    output.etag = error.etag[:200]
    if error.kind in ("blocked", "too_big"):
        return _try_later(output, error.kind, error.reason, give_up=True)
    if error.kind == "gone":
        _renew_lease(output.job)
        return _try_later(output, "gone", error.reason, give_up=not _fresh_link(output, route))
    if (output.tries + 1) % obstacles.FRESH_EVERY == 0:  # a fresh link may lead to another server
        _renew_lease(output.job)
        _fresh_link(output, route)
    return _try_later(output, error.kind, error.reason)


def _fresh_link(output: Output, route: routes.Route) -> bool:
    """Ask the vendor again, whose answer often carries a new link. False: it no longer knows the task."""
    job = output.job
    try:
        vendor = registry.vendor(job.vendor)
        reply = exchange.send(
            vendor.check(job.ticket), base_url=route.base_url, key=vault.open_key(job.key), trusted=route.trusted,
            deadline=settings.DURATIONS["look_deadline"],
        )  # fmt: skip
    except (exchange.NotSent, exchange.Lost, vault.KeyUnreadable, registry.UnknownVendor):
        return True
    outcome = vendor.read_check(reply)
    if isinstance(outcome, Finished) and output.n < len(outcome.outputs):
        old, new = freeze.open_url(output), outcome.outputs[output.n].url
        if old.partition("?")[0] != new.partition("?")[0]:
            output.etag = ""  # another file: its ETag says nothing about our part file
        output.url_sealed = freeze.seal_url(new, job, output.n)
        Output.objects.filter(pk=output.pk).update(url_sealed=output.url_sealed, etag=output.etag)
    return not (isinstance(outcome, Unreadable) and outcome.kind is Kind.NOT_FOUND)


def _try_later(output: Output, why: str, detail: str, *, give_up: bool = False) -> float | None:
    """Write down why this try failed; returns the seconds until the next, None where there is none."""
    # Network errors before say nothing about the file or its link: tries of those begin at one.
    output.tries = 1 if why in TRIES_MOST and output.why not in TRIES_MOST else output.tries + 1
    give_up = give_up or output.tries >= TRIES_MOST.get(why, 1000) or _too_late(output.job)
    output.why, output.detail, output.state = why, detail[:300], "waiting"
    if give_up:
        storing.end_tries(output)
    output.save(update_fields=["tries", "why", "detail", "state", "stored_at"])
    log.info("output %s of job %s: %s %s, try %s", output.n, output.job, why, detail, output.tries)
    if give_up:
        return None
    durations = settings.DURATIONS
    return pacing.after_error(output.tries, first=durations["look_least"], most=durations["after_deadline"])


def _too_late(job: Job) -> bool:
    """Were downloads tried for longer than ``download_for``?"""
    since = job.made_at or job.created_at
    return clock.now() - since > timedelta(seconds=settings.DURATIONS["download_for"])


def fetch_again(job: Job, by: By) -> None:
    """Move back to DOWNLOADING at a person's wish: for what never came, what came and cannot be shown, and
    what was stored and is missing now. What cannot be shown stays until something better has come; the
    row of what is missing keeps the name of its file, so that a file put back from a backup is found."""
    with transaction.atomic():
        move(
            job,
            Event.FETCH_AGAIN,
            by,
            next_at=clock.now(),
            claims=0,
            kind="",
            code="",
            errors=0,
            ended_at=None,
        )
        stored = job.outputs.filter(state="stored").defer("url_sealed")
        gone = [output.pk for output in stored if not is_present(output)]
        again = Q(state__in=["dead", storing.UNCHECKED]) | Q(pk__in=gone)
        job.outputs.filter(again).update(state="waiting", why="", tries=0, etag="", received=0)
