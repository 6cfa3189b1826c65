"""The engine as a machine that a random hand operates: people, two workers, a vendor, time.

Real: the rows, every verb, the workers' own steps, the sweep, the ticker, the callback's view, and
sockets to a vendor that keeps books. Not real: the child that probes a film (the file is taken for
what it is), and time, which jumps. After every step the promises are asked for."""

import contextlib
from functools import partial

from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django_q.models import OrmQ
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.jobs.engine import due, fresh, look, press
from tests.jobs.faulty_vendor import says
from tests.network import faults
from tests.proofs import promises
from tests.proofs.bank import LOSES, TAKES, Bank, Manner, agrees, refuses
from tests.proofs.workers import Time, Worker
from videos.jobs import verbs
from videos.jobs.running import drive, ticker
from videos.jobs.verbs import CannotBe, Refusal
from videos.models import Job, KeyState, Membership, VendorKey
from videos.states import State

SERVER_ERROR = says({"message": "oops"}, status=500)
MANNERS = {
    "takes": TAKES,
    "charges and drops": LOSES,
    "charges and breaks": Manner(True, lambda _slug, _task: SERVER_ERROR),
    "charges and says half": Manner(True, lambda _slug, _task: says(b'{"code": 200, "data": {"ta')),
    "breaks before": Manner(False, lambda _slug, _task: SERVER_ERROR),
    "someone else's task": Manner(True, lambda slug, _task: agrees(slug, "task-1")),
    **{kind: refuses(kind) for kind in ("key", "credits", "request", "content", "conflict")},
    "busy": refuses("busy", retry_after=7),
}
FILMS = {"gone": faults.answers(404), "cut": faults.raw(faults.head(content_length=4000) + b"abc")}
PAUSES = (1, 10, 100, 700, 4000, 90_000)
STATEMENTS = st.sampled_from([-1, -1, -1, 0, 1, 2, 3, 4])  # how many before the first stop
numbers = st.integers(0, 7)
manners = st.sampled_from(["takes", "charges and drops", *sorted(MANNERS)])


class World:
    """What outlives an example: the rows underneath, the vendor, the clock."""

    def __init__(self, member: Membership, key: VendorKey, model: str, bank: Bank, time: Time):
        self.member, self.key, self.model, self.bank, self.time = member, key, model, bank, time
        self.film = bank.film


class Studio(RuleBasedStateMachine):
    world: World

    def __init__(self):
        super().__init__()
        self.undone = contextlib.ExitStack()
        self.undone.enter_context(transaction.atomic())
        self.depth = len(connection.savepoint_ids)
        self.workers = (Worker(self.depth), Worker(self.depth))
        self.bank, self.member, self.jobs = self.world.bank, self.world.member, []
        self.bank.__init__(self.bank.url)
        self.bank.film = self.world.film
        self.world.time.passed, self.seen = 0.0, None
        for cache in (caches["default"], caches["local"]):
            cache.clear()

    # --- what people do ---------------------------------------------------------------

    @initialize()
    def somebody_presses(self):
        self.press()

    @precondition(lambda self: len(self.jobs) < 3)
    @rule()
    def press(self):
        number = len(self.jobs) + 1
        with contextlib.suppress(Refusal):  # a key that is paused
            self.jobs.append(press(self.member, f"order {number}", self.world.model))

    @rule(n=numbers, verb=st.sampled_from(["stop", "look_again", "fetch_again", "trash", "restore"]))
    def a_person_wants(self, n, verb):
        self.wants(getattr(verbs, verb), n)

    @rule(n=numbers, choice=st.sampled_from(["try_again", "give_up"]))
    def a_person_decides(self, n, choice):
        self.wants(verbs.decide, n, choice)

    @rule(n=numbers, which=numbers)
    def a_person_pastes_a_task_id(self, n, which):
        self.wants(verbs.adopt, n, f"task-{which}")

    @rule(state=st.sampled_from([KeyState.ACTIVE, KeyState.ACTIVE, KeyState.PAUSED, KeyState.BROKEN]))
    def the_key_is(self, state):
        VendorKey.objects.filter(pk=self.world.key.pk).update(state=state)

    # --- what the vendor does -----------------------------------------------------------

    @rule(which=numbers, status=st.sampled_from(["working", "made", "made", "failed", "forgotten"]))
    def a_task_is(self, which, status):
        if self.bank.tasks:
            self.task(which).status = status

    @rule(name=st.sampled_from([*FILMS, "there"]))
    def films_are(self, name):
        self.bank.film = FILMS.get(name, self.world.film)

    @rule(which=numbers, claims=st.sampled_from([None, "task-1", "task-99"]), twice=st.booleans())
    def the_vendor_calls_back(self, which, claims, twice):
        """Early, late, again, or with a lie in it."""
        if self.bank.tasks and (task := self.task(which)).callback:
            told = {"code": 200, "data": {"task_id": claims or task.id, "status": "SUCCESS", "response": ["https://x.example/a.mp4"]}}  # fmt: skip
            for _time in range(1 + twice):
                answer = Client().post(task.callback, told, content_type="application/json")
                assert answer.status_code == 200

    # --- what the workers do ------------------------------------------------------------

    @rule(n=numbers, manner=manners)
    def a_worker_does_its_step(self, n, manner):
        """From the nudge to the end, at a moment when the job is due."""
        self.bank.submits = [MANNERS[manner]]
        job = self.job(n)
        if job and job.next_at:
            drive.drive(due(job).pk)

    @rule(n=numbers, manner=manners, steps=st.integers(0, 2), later=st.sampled_from([0, 100]))
    def a_worker_dies_over_it(self, n, manner, steps, later):
        """Before the first byte leaves, after the answer is heard, or not quite."""
        worker = Worker(self.depth)
        self.begin(worker, n, manner, -1)
        for _step in range(steps):
            if worker.busy:
                worker.go_on()
        worker.die()
        self.world.time.passed += later  # and its lease runs out

    @rule(
        w=st.integers(0, 1),
        n=numbers,
        manner=manners,
        statements=STATEMENTS,
        later=st.sampled_from([0, 0, 100]),
    )
    def a_worker_begins(self, w, n, manner, statements, later):
        """Stops at the socket, or before that between two statements; and may sleep there."""
        if not self.workers[w].busy:
            self.begin(self.workers[w], n, manner, statements)
            self.world.time.passed += later

    @rule(w=st.integers(0, 1), steps=st.integers(1, 3))
    def a_worker_goes_on(self, w, steps):
        for _step in range(steps):
            if self.workers[w].busy:
                self.workers[w].go_on()

    @rule(w=st.integers(0, 1))
    def a_worker_dies(self, w):
        self.workers[w].die()

    @rule(n=numbers)
    def the_sweep_comes_by(self, n):
        job = self.job(n)
        look(*[job] if job and job.next_at else [])

    @rule(seconds=st.sampled_from(PAUSES))
    def time_passes(self, seconds):
        self.world.time.passed += seconds

    @rule(lost=st.booleans(), twice=st.booleans())
    def the_ticker_ticks(self, lost, twice):
        ticker.tick()
        nudges = [nudge.task for nudge in OrmQ.objects.all()]
        OrmQ.objects.all().delete()
        for nudge in [] if lost else nudges * (1 + twice):
            if nudge["func"].endswith((".drive", ".collect")):
                drive.drive(*nudge["args"])

    # --- what must be true ---------------------------------------------------------------

    @invariant()
    def every_promise_is_kept(self):
        if (now := promises.moment(self.bank)) != self.seen:
            promises.all_kept(self.bank)
            self.seen = now

    def teardown(self):
        with self.undone:
            try:
                self.everything_has_its_time()
                promises.all_kept(self.bank)
                promises.nothing_hangs()
            finally:
                for worker in self.workers:
                    worker.die()
                transaction.set_rollback(True)

    def everything_has_its_time(self):
        """A good vendor, good keys, all the time there is: nothing may hang."""
        for worker in self.workers:
            worker.die()
        self.bank.submits, self.bank.film = [TAKES], self.world.film
        for _round in range(12):
            if not Job.objects.exclude(next_at=None).exclude(state=State.UNKNOWN).exists():
                break
            VendorKey.objects.update(state=KeyState.ACTIVE, quiet_until=None)
            for task in self.bank.tasks.values():
                task.status = "made" if task.status == "working" else task.status
            self.world.time.passed += 5000
            for job in Job.objects.exclude(next_at=None):
                drive.drive(due(job).pk)
                look(job)

    def begin(self, worker: Worker, n: int, manner: str, statements: int) -> None:
        self.bank.submits = [MANNERS[manner]]
        job = self.job(n)
        if job and job.next_at:
            worker.start(partial(drive.drive, due(job).pk), statements)

    # --- short ways ----------------------------------------------------------------------

    def job(self, n: int) -> Job | None:
        return fresh(self.jobs[n % len(self.jobs)]) if self.jobs else None

    def task(self, which: int):
        tasks = list(self.bank.tasks.values())
        return tasks[which % len(tasks)]

    def wants(self, verb, n: int, *more: str) -> None:
        if job := self.job(n):
            try:
                verb(self.member, job, *more)
            except CannotBe:
                pass
            except Refusal:  # nothing is spent with a key that rests
                assert fresh(job).key.state != KeyState.ACTIVE


def studio_of(world: World) -> type[Studio]:
    return type("StudioOfThisTest", (Studio,), {"world": world})
