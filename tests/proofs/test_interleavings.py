"""Two workers, a person, a callback and the clock in every order that matters: no promise breaks.

The rows are put back as they were before each run. Short ones run always; those with three actors,
of whom two at most are interrupted, in the long run. PostgreSQL, where every statement is a step and
a run takes ten times as long, has the shortest always, three with two actors in the long run, two more
of whom one is interrupted once, and the others not."""

from dataclasses import replace
from functools import partial
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.jobs.engine import age, due, fresh, look, press
from tests.people import join, person
from tests.proofs import promises
from tests.proofs.bank import LOSES, TAKES
from tests.proofs.explorer import Explorer, Part, in_one_step, on_postgresql
from videos.jobs import transitions, verbs
from videos.jobs.running import drive
from videos.jobs.verbs import CannotBe
from videos.models import CallbackDelivery, Event, Job, Lease, SpendAttempt, VendorKey
from videos.vendors import registry

pytestmark = pytest.mark.django_db(transaction=True)
LONG = [pytest.mark.long, pytest.mark.timeout(1800)]
SLUG = "seedanceapi-org"


class Stage:
    """Jobs that begin each run as they were when the stage was set."""

    def __init__(self, member, colleague, bank):
        self.member, self.colleague, self.bank, self.jobs = member, colleague, bank, []

    def press(self) -> Job:
        job = press(self.member, f"order {len(self.jobs) + 1}", registry.vendor(SLUG).models[0].key)
        self.jobs.append(due(job))
        return job

    def remember(self) -> None:
        """From here on every run begins as it is now."""
        tables = (Job, SpendAttempt, Event, VendorKey)
        self.rows = {table: list(table.objects.all().values()) for table in tables}
        self.books = (dict(self.bank.tasks), self.bank.charges.copy())

    @transaction.atomic
    def again(self) -> None:
        cache.clear()  # a run is a new minute: the door of the callbacks takes 120 in one
        for table in (CallbackDelivery, SpendAttempt, Event, Lease):
            table.objects.all().delete()
        for table, rows in self.rows.items():
            for row in rows:
                if not table.objects.filter(pk=row["id"]).update(**row):
                    table.objects.create(**row)
        tasks, charges = self.books
        self.bank.tasks, self.bank.charges, self.bank.sent = dict(tasks), charges.copy(), []


@pytest.fixture
def stage(member, bank, keys):
    return Stage(member, join(member.team, person("Colleague"), member.role), bank)


def unless_it_cannot_be(verb, *args):
    try:
        verb(*args)
    except CannotBe:
        pass


def few() -> int | None:
    """On PostgreSQL one actor is interrupted once, before each of its statements, until the other is
    done: every order there is would be thousands."""
    return 1 if on_postgresql() else None


class Scene:
    """Parts that may be played beside each other."""

    def __init__(self, stage: Stage, *names: str):
        self.stage, self.names = stage, names
        stage.remember()

    def explored(self, most: int, switches: int | None = None) -> int:
        self.explorer, self.ends = Explorer(self.parts, self.check), set()
        return self.explorer.explore(most, switches)

    def check(self) -> None:
        """Most orders end alike, and one of those is enough to be asked about."""
        _lines, *end = promises.moment(self.stage.bank)
        told = tuple(Event.objects.order_by("pk").values_list("job", "verb"))
        if (told, *end) not in self.ends:
            promises.all_kept(self.stage.bank)
            self.ends.add((told, *end))

    def parts(self) -> list[Part]:
        self.stage.again()
        return [Part(name, *getattr(self, name.replace(" ", "_"))()) for name in self.names]

    def worker(self, n=0):
        return (partial(drive.drive, self.stage.jobs[n].pk),)

    def second_worker(self):
        return self.worker()

    def worker_of_the_second(self):
        return self.worker(1)

    def late_worker(self):
        """One that comes when the lease of whoever went before has run out."""

        def pass_by():
            age(self.stage.jobs[0], 120)
            self.explorer.passed += 120

        def play():
            in_one_step(pass_by)
            drive.drive(self.stage.jobs[0].pk)

        return (play,)

    def stop(self):
        return (partial(unless_it_cannot_be, verbs.stop, self.stage.member, fresh(self.stage.jobs[0])),)

    def callback(self):
        bank = self.stage.bank

        def play():
            task = bank.of(1)[0]
            body = {"code": 200, "data": {"task_id": task.id, "status": "SUCCESS"}}
            assert Client().post(task.callback, body, content_type="application/json").status_code == 200

        return play, lambda: bank.charges[1] > 0

    def sweep(self):
        return (look,)

    def try_again(self):
        return self.decide(self.stage.member, "try_again")

    def give_up(self):
        """By somebody else: two presses of one person wait for each other from their first statement on."""
        return self.decide(self.stage.colleague, "give_up")

    def decide(self, person, choice):
        return (partial(unless_it_cannot_be, verbs.decide, person, fresh(self.stage.jobs[0]), choice),)

    def adopt(self):
        job = fresh(self.stage.jobs[0])
        return (
            partial(unless_it_cannot_be, verbs.adopt, self.stage.member, job, self.stage.bank.of(1)[0].id),
        )


def unknown(stage):
    """A job whose answer was lost, although it was paid."""
    stage.bank.submits = [LOSES]
    job = stage.press()
    drive.drive(job.pk)
    stage.bank.submits = [TAKES]
    assert fresh(job).state == "unknown"
    return job


def test_f13_two_workers_with_one_nudge_each(stage):
    stage.press()
    assert Scene(stage, "worker", "second worker").explored(60) > 3
    assert len(stage.bank.sent) == 1


@pytest.mark.parametrize(
    ("manner", "switches"),
    [
        pytest.param(TAKES, 2, marks=pytest.mark.postgres_long),
        pytest.param(TAKES, None, marks=LONG),
        pytest.param(LOSES, None, marks=[*LONG, pytest.mark.postgres_long]),
    ],
    ids=["answered, two interruptions", "answered", "lost"],
)  # fmt: skip
def test_f18_a_worker_and_one_that_thinks_it_dead(stage, manner, switches):
    stage.press()
    stage.bank.submits = [manner]
    assert Scene(stage, "worker", "late worker").explored(600, switches=few() or switches) > 20


def test_f25_a_worker_and_somebody_who_stops_it(stage):
    stage.press()
    assert Scene(stage, "worker", "stop").explored(200) > 5


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.both_databases
@pytest.mark.parametrize("names", [("worker", "second worker"), ("worker", "stop")], ids=" + ".join)
def test_two_at_once_on_postgresql_too(stage, names):
    stage.press()
    assert Scene(stage, *names).explored(200) > 5
    assert len(stage.bank.sent) <= 1


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.timeout(1800)
def test_two_workers_and_one_place_left(stage):
    """The account may make one more: whoever is second waits, and nothing of it leaves."""
    stage.press(), stage.press()
    vendor = registry.vendor(SLUG)
    with mock.patch.dict(registry.VENDORS, {SLUG: replace(vendor, running=1)}):
        assert Scene(stage, "worker", "worker of the second").explored(400, switches=few()) > 5
        assert sorted(fresh(job).state for job in stage.jobs) == ["queued", "running"]


@pytest.mark.both_databases
def test_two_people_decide_about_one_job(stage):
    unknown(stage)
    assert Scene(stage, "try again", "give up").explored(200) > 1


@pytest.mark.both_databases
def test_f33_a_lost_answer_and_its_callback(stage):
    stage.press()
    stage.bank.submits = [LOSES]
    assert Scene(stage, "worker", "callback").explored(200) > 1


@pytest.mark.postgres_long
def test_a_second_request_that_waits_and_the_callback_of_the_first(stage):
    job = unknown(stage)
    verbs.decide(stage.member, fresh(job), "try_again")
    due(job)
    most = 1000 if on_postgresql() else 200  # there each statement under a lock is a step of its own
    assert Scene(stage, "worker", "callback").explored(most) > 1


@pytest.mark.parametrize(
    "names",
    [("worker", "late worker", "stop"), ("worker", "second worker", "late worker"), ("worker", "late worker", "callback"),
     ("worker", "stop", "callback")],
    ids=" + ".join,
)  # fmt: skip
@pytest.mark.parametrize("manner", [TAKES, LOSES], ids=["answered", "lost"])
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_at_once_while_a_job_is_sent(stage, names, manner):
    stage.press()
    stage.bank.submits = [manner]
    assert Scene(stage, *names).explored(40_000, switches=2) > 20


@pytest.mark.parametrize(
    "names",
    [("try again", "sweep"), ("give up", "sweep"), ("adopt", "try again"), ("adopt", "sweep"), ("adopt", "callback", "give up")],
    ids=" + ".join,
)  # fmt: skip
@pytest.mark.long
@pytest.mark.timeout(3000)
def test_a_word_about_an_unknown_job_and_a_proof_of_it(stage, names):
    job = unknown(stage)
    task = stage.bank.of(1)[0]
    if "sweep" in names:
        Job.objects.filter(pk=job.pk).update(
            hint_task_id=task.id, hint={"task_id": task.id}, next_at=job.created_at
        )
    assert Scene(stage, *names).explored(40_000, switches=2 if len(names) > 2 else None) > 1


# --- and it can fail -----------------------------------------------------------------------


@pytest.mark.parametrize("switches", [None, 2, pytest.param(1, marks=pytest.mark.postgres_long)])
def test_a_write_without_a_fence_is_found_out(stage, monkeypatch, switches):
    def write(job, **columns):
        Job.objects.filter(pk=job.pk).update(**columns)
        for name, value in columns.items():
            setattr(job, name, value)

    monkeypatch.setattr(transitions, "_write", write)
    stage.press()
    with pytest.raises(AssertionError, match="in the order .*worker"):
        Scene(stage, "worker", "late worker").explored(600, switches)
