"""What the queue, the ticker and the clock do to a job, one deliberate step at a time."""

import asyncio
import io
import time
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from PIL import Image

from tests.builders import MODEL
from tests.jobs import faulty_vendor as says
from videos import leases
from videos.create.media_import import import_file
from videos.jobs.running import drive as driving
from videos.jobs.verbs import GenerationRequest, start
from videos.jobs.watching.sweep import NAME, Sweep
from videos.models import Event, Job, Membership, SpendAttempt, Upload
from videos.models.clock import now

SPEED = 200  # of the sandbox
SAFE_MODEL = "seedance2ai/seedance"
MOMENTS = (
    "created_at", "sent_at", "accepted_at", "made_at", "deadline_at", "lease_until", "next_at", "nudged_at",
    "missing_since", "word_since",
)  # fmt: skip


def press(member: Membership, prompt: str = "A lighthouse at dusk", model: str = MODEL, **order) -> Job:
    return start(member, GenerationRequest(model=model, prompt=prompt, **order))


def fresh(job: Job) -> Job:
    return Job.objects.select_related("key", "team").get(pk=job.pk)


def due(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(next_at=now() - timedelta(seconds=1))
    return fresh(job)


def drive(job: Job) -> Job:
    """One nudge that comes when its time has come."""
    driving.drive(due(job).pk)
    return fresh(job)


def look(*jobs: Job) -> int:
    """One round of the sweep over everything that is due, these jobs among it; how many
    answers came."""
    for job in jobs:
        due(job)
    with asyncio.Runner() as runner:
        assert leases.take(NAME, "looker", 30)
        sweep = Sweep("looker", runner)
        for job in sweep.pick():
            sweep.ask(job)
        while sweep.open_looks:
            sweep.write(runner.run(sweep.turn()))
        runner.run(sweep.stop())
        leases.give_back(NAME, "looker")
    return sweep.answers


def looked(job: Job) -> Job:
    look(job)
    return fresh(job)


def until_made(job: Job, patience: float = 20) -> Job:
    """Looks until the vendor is done; a film has to be drawn for that."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        job = looked(job)
        if job.state not in ("running", "unknown"):
            return job
        time.sleep(0.05)
    raise AssertionError((job.state, job.word, job.code))


def sent(member: Membership, vendor, **order) -> Job:
    """A job that the vendor accepted as ``task-1``."""
    job = drive(press(member, **order))
    assert job.state == "running", (job.state, job.kind, job.said)
    return job


def unknown(member: Membership, vendor) -> Job:
    """A job whose answer was lost; a second request would be ``task-2``."""
    vendor.submits = [says.says(b""), says.accepted("task-2")]
    job = drive(press(member))
    assert job.state == "unknown"
    return job


def age(job: Job, seconds: float) -> Job:
    """As if everything about ``job`` had happened so much earlier."""
    ago = timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(**{name: F(name) - ago for name in MOMENTS})
    SpendAttempt.objects.filter(job=job).update(
        opened_at=F("opened_at") - ago, settled_at=F("settled_at") - ago
    )
    return fresh(job)


def attempts(job: Job) -> list[tuple[str, str]]:
    return list(job.attempts.order_by("n").values_list("state", "evidence"))


def story(job: Job) -> list[str]:
    """The verbs of the book about ``job``, oldest first."""
    rows = Event.objects.filter(job=job).order_by("id").values_list("verb", flat=True)
    return [verb.removeprefix("job.") for verb in rows]


def a_picture(member: Membership, size: tuple[int, int] = (640, 640)) -> Upload:
    """One that was brought in, as the composer keeps it."""
    page = io.BytesIO()
    Image.new("RGB", size, "teal").save(page, "PNG")
    return import_file(member, SimpleUploadedFile("teal.png", page.getvalue(), "image/png"))
