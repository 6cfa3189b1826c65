"""A process that dies at any place of any step (kill -9: ``os._exit(137)``), and what becomes of the
job. One vendor here in every run, all five in the long one. Whoever died where: the promises hold,
what can be finished is finished, and nobody paid twice."""

from functools import partial

import pytest
from django.test import Client

from tests.jobs.engine import age, due, fresh, look, press
from tests.proofs import promises
from tests.proofs.bank import LOSES, TAKES
from tests.proofs.crashing import deaths
from tests.proofs.dialects import SLUGS
from videos.jobs import verbs
from videos.jobs.fetching import storing
from videos.jobs.running import drive
from videos.media.probe import probe
from videos.models import AccountPace, Event, Job, VendorKey
from videos.states import State
from videos.vendors import registry

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "seedanceapi-org"
ALL = [pytest.param(HERE), *(pytest.param(slug, marks=[pytest.mark.long, pytest.mark.timeout(900)], id=f"{slug}-whole") for slug in SLUGS)]  # fmt: skip
EVERYWHERE = pytest.mark.parametrize("slug", ALL)
# A sender's deaths once more on PostgreSQL: of the one here in every run, of all in the long one.
SENDERS = [
    pytest.param(*one.values, marks=[*one.marks, pytest.mark.both_databases], id=one.id) for one in ALL
]
CALLING = pytest.mark.parametrize("slug", [one for one in ALL if registry.vendor(one.values[0]).callback])


class Stage:
    """A studio with one job of one vendor in it, made anew for each death."""

    def __init__(self, member, bank, slug, settings):
        self.member, self.bank, self.slug, self.settings = member, bank, slug, settings
        self.idempotent = registry.vendor(slug).idempotent

    def queued(self) -> Job:
        Job.objects.all().delete()
        AccountPace.objects.all().delete()
        VendorKey.objects.update(quiet_until=None)
        Event.objects.filter(verb="task.asked").delete()
        self.bank.__init__(self.bank.url, film=self.bank.film)
        return due(press(self.member, "order 1", registry.vendor(self.slug).models[0].key))

    def running(self) -> Job:
        return self.driven(self.queued())

    def made(self) -> Job:
        job = self.running()
        self.bank.tasks["task-1"].status = "made"
        return due(job)

    def downloading(self) -> Job:
        job = self.made()
        look(job)
        return due(job)

    def unknown(self) -> Job:
        job = self.queued()
        self.bank.submits = [LOSES]
        job = self.driven(job)
        if self.idempotent:
            job = self.driven(age(job, self.settings.DURATIONS["replay_for"] + 1))
        self.bank.submits = [TAKES]
        assert (job.state, self.bank.charges[1]) == ("unknown", 1)
        return job

    def driven(self, job: Job) -> Job:
        drive.drive(due(job).pk)
        return fresh(job)

    def the_rest(self, job: Job) -> Job:
        """The lease of the dead runs out, the vendor finishes, others do what is due."""
        promises.all_kept(self.bank)
        for _turn in range(6):
            job = age(job, 120)
            if job.next_at is None:
                break
            for task in self.bank.tasks.values():
                task.status = "made"
            drive.drive(due(job).pk)
            look()
        promises.all_kept(self.bank)
        return fresh(job)

    def end(self, death, job: Job) -> tuple[str, int]:
        job = self.the_rest(job)
        assert job.state in ("succeeded", "unknown", "canceled", "failed"), (death, job.state, job.kind)
        return job.state, self.bank.charges[1]


@pytest.fixture
def stage(member, bank, keys, slug, settings, monkeypatch, tmp_path, some_film, request):
    """In the quick run the film is known beforehand: probing it is a child of 200 ms."""
    if not request.node.get_closest_marker("long"):
        (tmp_path / "film").write_bytes(some_film)
        facts = probe(tmp_path / "film", "video")
        monkeypatch.setattr(storing, "probe", lambda *_file, **_more: facts)
    return Stage(member, bank, slug, settings)


def called(stage, job):
    """As the vendor does: to the address that was in the request."""
    body = {"code": 200, "task_id": "task-1", "data": {"task_id": "task-1", "status": "SUCCESS"}}
    Client().post(stage.bank.tasks["task-1"].callback, body, content_type="application/json")
    return fresh(job)


@pytest.mark.parametrize("slug", [*SENDERS, "seedance2ai"])
def test_f2_f3_f4_a_sender_dies(stage, slug):
    ends = set()
    for death in deaths("submit", lambda: partial(drive.drive, stage.queued().pk)):
        ends.add(stage.end(death, Job.objects.get()))
    assert ends == ({("succeeded", 1)} if stage.idempotent else {("succeeded", 1), ("unknown", 0), ("unknown", 1)})  # fmt: skip


@EVERYWHERE
def test_a_watcher_dies(stage, slug):
    for death in deaths("sweep", lambda: partial(look, stage.made())):
        assert stage.end(death, Job.objects.get()) == ("succeeded", 1), death
        assert Job.objects.get().outputs.count() == 1


@EVERYWHERE
def test_f36_a_downloader_dies(stage, slug):
    for death in deaths("collect", lambda: partial(drive.drive, stage.downloading().pk)):
        assert stage.end(death, Job.objects.get()) == ("succeeded", 1), death
        assert Job.objects.get().outputs.get().state == "stored"


@CALLING
def test_f33_the_web_dies_while_it_is_called_back_and_is_called_again(stage, slug):
    for death in deaths("callback", lambda: partial(called, stage, stage.unknown())):
        assert stage.end(death, called(stage, Job.objects.get())) == ("succeeded", 1), death


@EVERYWHERE
def test_f25_the_web_dies_while_somebody_stops_a_job(stage, slug):
    for death in deaths("stop", lambda: partial(verbs.stop, stage.member, stage.queued())):
        job = Job.objects.get()
        if job.state == State.QUEUED:
            verbs.stop(stage.member, job)
        assert stage.end(death, job) == ("canceled", 0), death
    for death in deaths("stop watching", lambda: partial(verbs.stop, stage.member, stage.running())):
        job = Job.objects.get()
        said = job.stopped_at is not None
        assert stage.end(death, job) == ("succeeded", 1), death
        assert (fresh(job).trashed_at is not None) == said


@EVERYWHERE
@pytest.mark.parametrize(("choice", "end"), [("try_again", ("succeeded", 2)), ("give_up", ("failed", 1))])
def test_the_web_dies_while_somebody_decides(stage, slug, choice, end):
    for death in deaths(choice, lambda: partial(verbs.decide, stage.member, stage.unknown(), choice)):
        job = Job.objects.get()
        if job.state == State.UNKNOWN:
            verbs.decide(stage.member, job, choice)
        assert stage.end(death, job) == end, death
        assert [one.state for one in job.attempts.order_by("n")][0] == "written_off"


@EVERYWHERE
def test_the_web_dies_while_somebody_adopts_a_task(stage, slug):
    for death in deaths("adopt", lambda: partial(verbs.adopt, stage.member, stage.unknown(), "task-1")):
        job = Job.objects.get()
        if job.state == State.UNKNOWN:
            verbs.adopt(stage.member, job, "task-1")
        assert stage.end(death, job) == ("succeeded", 1), death
