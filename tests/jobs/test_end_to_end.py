"""Each of the seven endpoints from the press to the stored file, in one process and over real HTTP:
the sandbox fetches pictures from a live server of ours, calls it back, and charges once."""

import time

import pytest
from django.conf import settings

from tests.builders import a_key
from tests.jobs.engine import (
    SAFE_MODEL,
    SPEED,
    a_picture,
    attempts,
    drive,
    fresh,
    look,
    press,
    story,
    until_made,
)
from videos.jobs.running import tasks
from videos.media.store import Store
from videos.models import CallbackDelivery, Job, Membership
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox
from videos.states import Money
from videos.vendors import registry

pytestmark = pytest.mark.django_db(transaction=True)
CHEAP = {"resolution": "480p", "seconds": 4}
ENDPOINTS = {
    "seedanceapi-org/seedance-2.0": CHEAP,
    "seedanceapi-dev/seedance-pro-5s": {},
    "defapi/seedance-2.0": {"seconds": 5},
    "acedata/doubao-seedance-1-0-lite-t2v-250428": {"resolution": "480p", "seconds": 2},
    SAFE_MODEL: {"resolution": "720p", "seconds": 4},
    "seedance2ai/gpt-image-2": {},
    "seedance2ai/nano-banana-pro": {},
}
"""``vendor/model`` -> the cheapest film or still it makes."""
# The journeys take all seven through the browser every time.
QUICK = [
    model
    if model in (SAFE_MODEL, "seedanceapi-org/seedance-2.0")
    else pytest.param(model, marks=pytest.mark.long)
    for model in ENDPOINTS
]


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """What was drawn once is there for the next test."""
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture
def studio(live_server, settings, films):
    """Our own server, and a sandbox that may fetch from it and call it."""
    settings.PUBLIC_URL = live_server.url
    config = SandboxConfig(films, port=0, speed=SPEED, studio=live_server.url)
    with running_sandbox(config) as sandbox:
        settings.SANDBOX_URL = sandbox.url
        yield sandbox


def ledger(sandbox, secret):
    return [entry["kind"] for entry in sandbox.ledger(secret)]


@pytest.mark.parametrize("model", QUICK)
def test_a_prompt_becomes_a_stored_file_and_is_charged_once(studio, member, model):
    secret = f"rehearsal-{model.replace('/', '-')}"
    a_key(member.team, vendor=registry.model(model).vendor, secret=secret)
    job = press(member, "A bell", model=model, options=ENDPOINTS[model])
    job = drive(job)
    assert job.state == "running", (job.state, job.kind, job.said)
    job = drive(until_made(job))
    assert job.state == "succeeded", (job.state, job.kind, list(job.outputs.values()))
    for output in job.outputs.all():
        assert (output.state, output.differs) == ("stored", [])
        assert Store(settings.MEDIA).path(output.file).stat().st_size == output.bytes > 0
        assert Store(settings.MEDIA).path(output.poster).exists()
    assert job.outputs.first().kind == registry.model(model).medium
    assert ledger(studio, secret) == ["charge"]
    assert (job.money, attempts(job)) == (Money.CHARGED, [("charged", "accepted")])
    told = [verb for verb in story(job) if verb != "called_back"]
    assert told == ["created", "claim", "accepted", "made", "stored"]


@pytest.mark.parametrize("model", ["seedanceapi-org/seedance-2.0", SAFE_MODEL, "seedance2ai/nano-banana-pro"])
def test_pictures_are_fetched_by_the_vendor_while_the_job_lives(studio, member, model, client):
    a_key(member.team, vendor=registry.model(model).vendor, secret="rehearsal-pictures")
    role = "reference" if registry.model(model).medium == "still" else "start"
    job = press(
        member, "It moves", model=model, options=ENDPOINTS[model], pictures=((role, a_picture(member)),)
    )
    job = drive(job)
    assert job.state == "running", (job.state, job.kind, job.said)
    assert job.pictures.get().fetched_at is not None
    assert drive(until_made(job)).state == "succeeded"


def test_a_callback_wakes_a_job_that_was_not_due_and_decides_nothing(studio, member):
    a_key(member.team, secret="rehearsal-call")
    job = drive(press(member, "A bell [slow:60]", options=CHEAP))
    Job.objects.filter(pk=job.pk).update(next_at=None)
    studio.control(hurry=True)
    called = wait_for(lambda: CallbackDelivery.objects.filter(job=job).exists())
    assert called
    assert fresh(job).state == "running"
    assert look() == 1
    assert fresh(job).state == "downloading"


def test_f32_a_lost_answer_is_settled_by_the_callback_and_paid_once(studio, member):
    a_key(member.team, secret="rehearsal-lost")
    job = drive(press(member, "A bell [lost] [slow:1]", options=CHEAP))
    assert (job.state, attempts(job)) == ("unknown", [("unknown", "cut")])
    assert wait_for(lambda: fresh(job).hint_task_id)
    job = drive(until_made(job))
    assert (job.state, ledger(studio, "rehearsal-lost")) == ("succeeded", ["charge"])
    assert story(job)[-3:] == ["confirmed", "made", "stored"]


def test_f5_a_lost_answer_of_the_vendor_with_keys_is_asked_for_again_and_paid_once(studio, member):
    a_key(member.team, vendor="seedance2ai", secret="rehearsal-lost-with-key")
    job = drive(press(member, "A bell [lost] [slow:1]", model=SAFE_MODEL, options=ENDPOINTS[SAFE_MODEL]))
    assert job.state == "submitting"
    job = drive(until_made(drive(job)))
    assert (job.state, ledger(studio, "rehearsal-lost-with-key")) == ("succeeded", ["charge"])


@pytest.mark.parametrize(
    ("tag", "kinds"),
    [("[refuse]", {"moderation", "moderation_prompt", "bad_prompt"}), ("[broke]", {"insufficient_credits"})],
)
def test_what_is_refused_costs_nothing(studio, member, tag, kinds):
    for vendor in registry.VENDORS:
        a_key(member.team, vendor=vendor, secret="rehearsal-refused")
    for model, options in ENDPOINTS.items():
        job = drive(press(member, f"A bell {tag}", model=model, options=options))
        assert (job.state, job.money) == ("failed", Money.NOT_CHARGED), (model, job.state, job.kind)
        assert job.kind in kinds, (model, job.kind)
    assert ledger(studio, "rehearsal-refused") == []


def test_what_fails_over_there_says_what_became_of_the_money(studio, member):
    a_key(member.team, vendor="seedance2ai", secret="rehearsal-fails")
    job = until_made(
        drive(press(member, "A bell [fail] [slow:1]", model=SAFE_MODEL, options=ENDPOINTS[SAFE_MODEL]))
    )
    assert (job.state, job.money, job.refunded) == ("failed", Money.REFUNDED, job.charge)
    assert ledger(studio, "rehearsal-fails") == ["charge", "refund"]


def test_the_queues_own_entry_points_do_all_of_it(studio, member):
    a_key(member.team, secret="rehearsal-tasks")
    job = press(member, "A bell [slow:1]", options=CHEAP)
    tasks.drive(job.pk)
    assert wait_for(lambda: tasks.sweep() and fresh(job).state == "downloading")
    tasks.collect(job.pk)
    assert fresh(job).state == "succeeded"
    assert Membership.objects.filter(pk=member.pk).exists()


def wait_for(happened, patience=20.0):
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if happened():
            return True
        time.sleep(0.05)
    return False
