"""Asks about every due job in one loop, instead of one queue task per question (docs/bench.md, T1).

A sweep lives for at most ``sweep_run`` seconds under a renewed lease; the ticker starts the next one
when something is due. Rows are read and written between the turns of the asyncio loop, never inside
it, so that a slow vendor delays no other: its questions stay open while others are answered."""

import asyncio
import logging
import time
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, close_old_connections, transaction
from django.db.models import F

from videos import leases, vault
from videos.jobs import pacing
from videos.jobs.account import key_failures, rates, routes
from videos.jobs.transitions import By, Overtaken, record
from videos.jobs.watching import callback_fallback, learned, observe
from videos.jobs.watching.due import due
from videos.models import Job, KeyState, VendorKey, clock
from videos.network import exchange
from videos.states import OBSERVED, State
from videos.vendors import registry
from videos.vendors.contract import CheckOutcome, Kind, Unreadable, Working

log = logging.getLogger(__name__)
NAME = "sweep"
OPEN_MOST = 400  # questions that may be open at the same time
PICKED_PER_TURN = 200  # jobs
# What one broken row or answer can raise. It is caught, so that it does not end the looks at all others.
BROKEN_ROW_ERRORS = (DataError, ArithmeticError, LookupError, TypeError, ValueError)


def sweep(worker: str) -> int:
    """Ask until nothing is due soon or the time is up. Returns how many answers came."""
    lease = settings.DURATIONS["sweep_lease"]
    if not leases.take(NAME, worker, lease):
        return 0
    try:
        with asyncio.Runner() as runner:
            return Sweep(worker, runner).run()
    finally:
        leases.give_back(NAME, worker)


class Sweep:
    """One run of the loop, by one worker. ``run`` is what ``sweep`` calls; the rest are its steps."""

    def __init__(self, worker: str, runner: asyncio.Runner):
        self.by = By(worker=worker)
        self.runner = runner
        self.looker = exchange.Looker(connections=100)
        self.open_looks: dict[asyncio.Task, Job] = {}
        self.answers = 0
        self.tokens: dict[int, str] = {}  # secrets of this turn's keys by their id, unsealed once each
        self.renewed_at = 0.0  # monotonic: when the jobs of open questions were last pushed ahead

    def run(self) -> int:
        durations = settings.DURATIONS
        ends = time.monotonic() + durations["sweep_run"]
        idle_since = time.monotonic()
        while time.monotonic() < ends and leases.renew(NAME, self.by.worker, durations["sweep_lease"]):
            close_old_connections()
            picked = self.pick()
            for job in picked:
                self.ask(job)
            self.keep_ahead()
            done = self.runner.run(self.turn())
            self.write(done)
            if picked or self.open_looks:
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since > durations["look_most"]:
                break
        self.runner.run(self.stop())
        self.put_back()
        return self.answers

    async def turn(self) -> set[asyncio.Task]:
        """Wait until some answers came, at most ``sweep_turn`` seconds."""
        pause = settings.DURATIONS["sweep_turn"]
        if not self.open_looks:
            await asyncio.sleep(pause)
            return set()
        done, _still_open = await asyncio.wait(
            self.open_looks, timeout=pause, return_when=asyncio.FIRST_COMPLETED
        )
        if done:  # answers come close together: wait a moment more, and write them together
            more, _still_open = await asyncio.wait(self.open_looks, timeout=pause / 10)
            done |= more
        return done

    async def stop(self) -> None:
        for task in self.open_looks:
            task.cancel()
        await asyncio.gather(*self.open_looks, return_exceptions=True)
        await self.looker.__aexit__(None, None, None)

    def put_back(self) -> None:
        """Make the jobs of dropped questions, which were pushed ahead when picked, due again for the next
        sweep. (After a sweep that was killed, they are due when its lease is over.)"""
        if self.open_looks and leases.renew(NAME, self.by.worker, settings.DURATIONS["sweep_lease"]):
            dropped = [job.pk for job in self.open_looks.values()]
            due_again = Job.objects.filter(pk__in=dropped).exclude(next_at=None)
            due_again.update(next_at=clock.later(settings.DURATIONS["look_least"]))

    def pick(self) -> list[Job]:
        """The due jobs to ask about now, their due time pushed ahead: one that kills us cannot spin."""
        self.tokens.clear()
        room = min(PICKED_PER_TURN, OPEN_MOST - len(self.open_looks))
        if room <= 0:
            return []
        jobs = list(due().select_related("key").order_by("next_at")[:room])
        jobs = [job for job in jobs if job.pk not in {open_job.pk for open_job in self.open_looks.values()}]
        self.push_ahead(jobs)
        jobs = self.of_known_vendors(jobs)
        return self.within_rates(self.with_keys(jobs))

    def of_known_vendors(self, jobs: list[Job]) -> list[Job]:
        """Put off jobs of a vendor that this version does not know: they are paid for, and kept."""
        lost = [job for job in jobs if job.vendor not in registry.VENDORS]
        for job in lost:
            log.error("job %s cannot be looked at: no vendor %r", job, job.vendor)
        self.put_off(lost, clock.later(settings.DURATIONS["error_most"]))
        return [job for job in jobs if job not in lost]

    def push_ahead(self, jobs: list[Job]) -> None:
        """Push due times ahead by our lease, so that nothing waits long if this sweep is killed; by more the
        longer a job had no answer, so that one that kills sweeps comes up ever more rarely."""
        at, durations = clock.now(), settings.DURATIONS
        together: dict[float, list[int]] = defaultdict(list)
        for job in jobs:
            silent = (at - (job.looked_at or job.accepted_at or job.created_at)).total_seconds()
            ahead = pacing.push_ahead_by(
                silent, least=durations["sweep_lease"], most=durations["look_deadline"] * 2
            )
            together[ahead].append(job.pk)
        for ahead, pks in together.items():
            Job.objects.filter(pk__in=pks).update(next_at=at + timedelta(seconds=ahead))

    def keep_ahead(self) -> None:
        """Push jobs of open questions ahead again, but for those that somebody made due meanwhile."""
        lease = settings.DURATIONS["sweep_lease"]
        if not self.open_looks or time.monotonic() - self.renewed_at < lease / 3:
            return
        self.renewed_at, until = time.monotonic(), clock.later(lease)
        ours = Job.objects.filter(pk__in=[job.pk for job in self.open_looks.values()])
        ours.filter(next_at__gt=clock.now(), next_at__lt=until).update(next_at=until)

    def with_keys(self, jobs: list[Job]) -> list[Job]:
        """Leave out jobs whose key the vendor refused (until a person says otherwise) or told to slow down
        (until then), and put them off: they are paid for, and wait."""
        at = clock.now()
        broken = [job for job in jobs if job.key.state == KeyState.BROKEN]
        self.put_off(broken, clock.later(settings.DURATIONS["error_most"]))
        # Only where it is new: each raised version redraws a card.
        told = [job.pk for job in broken if job.waiting_for != "key"]
        Job.objects.filter(pk__in=told).update(waiting_for="key", version=F("version") + 1)
        quiet = [
            job for job in jobs if job not in broken and job.key.quiet_until and job.key.quiet_until > at
        ]
        for job in quiet:
            self.put_off([job], job.key.quiet_until)
        return [job for job in jobs if job not in broken and job not in quiet]

    def put_off(self, jobs: list[Job], until: datetime) -> None:
        if jobs:
            Job.objects.filter(pk__in=[job.pk for job in jobs]).update(next_at=until)

    def within_rates(self, jobs: list[Job]) -> list[Job]:
        """Leave out what is beyond an account's rate limit, and put it off for a moment."""
        asked: list[Job] = []
        accounts: dict[tuple[str, str], list[Job]] = {}
        for job in jobs:
            accounts.setdefault((job.vendor, job.account), []).append(job)
        for (slug, account), theirs in accounts.items():
            limit = registry.vendor(slug).rate
            granted = (
                len(theirs) if limit is None else rates.take(slug, account, limit, len(theirs), looks=True)
            )
            asked += theirs[:granted]
            self.put_off(theirs[granted:], clock.later(settings.DURATIONS["look_least"] * 2))
        return asked

    def ask(self, job: Job) -> None:
        vendor = registry.vendor(job.vendor)
        try:
            route, token = routes.route(job.vendor, rehearsal=job.rehearsal), self.token_of(job.key)
            call = vendor.check(job.ticket if job.vendor_task_id else job.hint)
        except vault.KeyUnreadable:
            self.break_key(job)
            return
        except (routes.Crossed, *BROKEN_ROW_ERRORS) as error:
            log.error("job %s cannot be looked at: %s", job, type(error).__name__)
            return
        asking = self.looker.send(
            call, base_url=route.base_url, key=token, trusted=route.trusted,
            deadline=settings.DURATIONS["look_deadline"],
        )  # fmt: skip
        self.open_looks[self.runner.get_loop().create_task(asking)] = job

    def break_key(self, job: Job) -> None:
        """Mark a key that our own encryption keys do not open: its jobs wait, and their cards say so."""
        log.error("key %s of job %s cannot be opened", job.key_id, job)
        key_failures.mark_broken(job.key, "unreadable")
        self.with_keys([job])

    def token_of(self, key: VendorKey) -> str:
        """The secret of ``key``, unsealed once a turn: unsealing costs a tenth of a look."""
        if key.pk not in self.tokens:
            self.tokens[key.pk] = vault.open_key(key)
        return self.tokens[key.pk]

    def write(self, done: set[asyncio.Task]) -> None:
        """Write the answers down. Most change nothing and share one UPDATE."""
        unchanged: list[Job] = []
        for task in done:
            job = self.open_looks.pop(task)
            self.answers += 1
            try:
                outcome = self.read(job, task)
                if self.changes_nothing(job, outcome):
                    unchanged.append(job)
                else:
                    self.conclude(job, outcome)
            except Overtaken:
                self.ask_again(job)
            except BROKEN_ROW_ERRORS:
                log.exception("the answer about job %s is left unread", job)
        if unchanged:
            self.reschedule(unchanged)

    def read(self, job: Job, task: asyncio.Task) -> CheckOutcome:
        try:
            reply = task.result()
        except (exchange.NotSent, exchange.Lost) as error:
            return Unreadable(Kind.TRANSIENT, code=error.reason)
        return registry.vendor(job.vendor).read_check(reply)

    def ask_again(self, job: Job) -> None:
        """Make a still watched job due soon: it was moved while the question was open."""
        log.info("job %s was moved by somebody else meanwhile", job)
        soon = clock.later(settings.DURATIONS["look_least"])
        Job.objects.filter(pk=job.pk, state__in=OBSERVED, next_at__gt=soon).update(next_at=soon)

    def conclude(self, job: Job, outcome: CheckOutcome) -> None:
        """Write one outcome down; a stored callback replaces a look in vain (callback_fallback.py)."""
        by_itself = callback_fallback.outcome_from_callbacks(job, outcome)
        outcome = by_itself or outcome
        if job.state != State.UNKNOWN:
            observe.conclude(job, outcome, self.by)
        elif not observe.confirm(job, job.hint_task_id, job.hint, outcome, self.by):
            self.ask_more_rarely(job)
            return
        if by_itself:
            record(job, "job.told", self.by)

    def ask_more_rarely(self, job: Job) -> None:
        """Put an UNKNOWN job off, longer each time: the vendor does not know the task that somebody named."""
        durations = settings.DURATIONS
        pause = pacing.after_error(job.errors, first=durations["look_late"], most=durations["after_deadline"])
        Job.objects.filter(pk=job.pk, version=job.version).update(
            next_at=clock.later(pause), errors=min(job.errors + 1, 1000), looked_at=clock.now()
        )

    def changes_nothing(self, job: Job, outcome: CheckOutcome) -> bool:
        """Does this answer leave the row as it is, but for when it was looked at?"""
        return (
            isinstance(outcome, Working)
            and job.state == State.RUNNING
            and not job.errors
            and job.percent == outcome.percent
            and outcome.known
            and not job.word
            and not job.waiting_for
            and (job.deadline_at is None or clock.now() < job.deadline_at)
        )

    def reschedule(self, jobs: list[Job]) -> None:
        """Set the next look of these, without an event: one UPDATE for all that come up again in the same
        turn. Writes nothing where the lease is lost."""
        at, turn = clock.now(), settings.DURATIONS["sweep_turn"]
        together: dict[int, list[int]] = defaultdict(list)
        hazards = {learned.shape(job): job for job in jobs}  # one look-up in the cache per shape
        hazards = {shape: learned.hazard(job) for shape, job in hazards.items()}
        for job in jobs:
            next_at = observe.next_look(job, hazards[learned.shape(job)])
            together[round((next_at - at).total_seconds() / turn)].append(job.pk)
        with transaction.atomic():
            if not leases.renew(NAME, self.by.worker, settings.DURATIONS["sweep_lease"]):
                return
            for turns, pks in together.items():
                Job.objects.filter(pk__in=pks, state=State.RUNNING).update(
                    next_at=at + timedelta(seconds=turns * turn),
                    looked_at=at,
                    looks=F("looks") + 1,
                    missing_since=None,
                )
