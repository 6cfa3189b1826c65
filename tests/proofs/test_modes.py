"""Every mode of a bad vendor (reliability, section 6) on every vendor: charged once at most, and the
job stands where the table beside this file says. One vendor in every run, all five in the long one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.jobs.engine import attempts, drive, due, fresh, look, looked, press
from tests.jobs.faulty_vendor import says
from tests.proofs import dialects, promises
from tests.proofs.bank import LOSES, TAKES, Manner
from tests.proofs.dialects import SLUGS
from tests.proofs.modes import LOOKS, SUBMITS
from videos.jobs.running import drive as driving
from videos.models import KeyState, VendorKey
from videos.models.clock import now
from videos.vendors import registry

pytestmark = pytest.mark.django_db
QUICK = ("seedanceapi-org",)
ALL = [slug if slug in QUICK else pytest.param(slug, marks=pytest.mark.long) for slug in SLUGS]
EVERYWHERE = pytest.mark.parametrize("slug", ALL)
CALLBACKS = [slug for slug in SLUGS if registry.vendor(slug).callback]
CALLING = pytest.mark.parametrize(
    "slug", [slug if slug in QUICK else pytest.param(slug, marks=pytest.mark.long) for slug in CALLBACKS]
)
WAITS = {  # F8: seconds that the whole key stays away, between
    "429 for seconds": (6, 7.1), "429 until a date": (3, 9.1), "429 for 30 years": (100, 3601),
    "429 without a word": (0, 5.1), "429 for minus one": (0, 5.1), "429 for rubbish": (0, 5.1),
}  # fmt: skip


@pytest.fixture
def job(member, bank, keys, slug, request, settings):
    """Who never ends is waited for a moment only; the others have the usual time."""
    if "drip" in request.node.name or "slower" in request.node.name:
        settings.DURATIONS = settings.DURATIONS | {"submit_deadline": 0.5, "look_deadline": 0.5}
    return press(member, "order 1", registry.vendor(slug).models[0].key)


def well_again(job):
    """The vendor, the key and the network are."""
    VendorKey.objects.update(state=KeyState.ACTIVE, quiet_until=None)
    return fresh(job)


@EVERYWHERE
@pytest.mark.parametrize("name", SUBMITS)
def test_f5_f7_f8_f9_f10_a_bad_answer_to_a_paid_request(job, bank, slug, name):
    mode, keyed = SUBMITS[name], registry.vendor(slug).idempotent
    bank.submits = [mode.manner]
    job = drive(job)
    assert job.state == (mode.keyed if keyed else mode.plain), (job.kind, job.said, job.code)
    assert not mode.kind or job.kind == mode.kind
    assert len(bank.sent) == 1 and bank.charges[1] == mode.manner.charges
    promises.all_kept(bank)
    if name in WAITS:
        least, most = WAITS[name]
        waits = VendorKey.objects.get(vendor=slug).quiet_until - now()
        assert timedelta(seconds=least) < waits < timedelta(seconds=most)
    bank.submits = [TAKES]
    for _again in range(3):
        driving.drive(due(well_again(job)).pk) if job.next_at else None
        promises.all_kept(bank)
    assert bank.charges[1] <= 1, "nobody said that it may be sent again"
    goes_on = job.state in ("queued", "submitting", "running")
    assert fresh(job).state == ("running" if goes_on else job.state)


@EVERYWHERE
@pytest.mark.parametrize("name", LOOKS)
def test_f29_f37_a_bad_answer_to_a_look(job, bank, slug, name):
    job = drive(job)
    bank.look = lambda slug, task: LOOKS[name](slug, task.id)
    for _time in range(2):
        job = looked(well_again(job))
        assert (job.state, job.money, attempts(job)) == ("running", "held", [("charged", "accepted")])
    assert (job.errors > 0) == (name not in ("unknown status word", "a word of the content check"))
    bank.look = None
    bank.tasks["task-1"].status = "made"
    job = drive(looked(well_again(job)))
    assert (job.state, bank.charges[1]) == ("succeeded", 1), (
        job.kind,
        list(job.outputs.values("why", "detail")),
    )
    promises.all_kept(bank)


@EVERYWHERE
@pytest.mark.parametrize(
    "url", ["http://10.0.0.9/a.mp4", "https://169.254.169.254/a.mp4", "https://[::1]/a.mp4"]
)
def test_a1_a2_a_result_at_an_inner_address_is_paid_and_not_fetched(job, bank, slug, url):
    job = drive(job)
    bank.look = lambda slug, task: says(dialects.made(slug, task.id, url))
    job = drive(looked(job))
    assert (job.state, job.kind, job.money, bank.charges[1]) == (
        "download_failed",
        "download_blocked",
        "charged",
        1,
    )


@EVERYWHERE
def test_f31_the_first_end_with_a_film_counts_whatever_is_said_later(job, bank, slug):
    job = drive(job)
    bank.tasks["task-1"].status = "made"
    look(job)
    for later in ("working", "failed", "forgotten"):
        bank.tasks["task-1"].status = later
        look()
    job = drive(job)
    assert (job.state, job.events.filter(verb="job.made").count()) == ("succeeded", 1)


def calls(bank, *claims):
    task = bank.tasks["task-1"]
    for claim in claims or [task.id]:
        body = {"code": 200, "task_id": claim, "data": {"task_id": claim, "status": "SUCCESS"}}
        assert Client().post(task.callback, body, content_type="application/json").status_code == 200


@pytest.mark.django_db(transaction=True)
@CALLING
def test_f33_a_callback_before_the_reply_of_its_submit(job, bank, slug):
    """The answer is lost after the vendor has called: what it said is what is asked about."""

    def called_first(slug, task):  # in the vendor's own thread, while our request is open
        calls(bank)
        connection.close()
        return LOSES.answer(slug, task)

    bank.submits = [Manner(True, called_first)]
    job = drive(job)
    assert (job.state, job.hint_task_id) == ("unknown", "task-1")
    bank.tasks["task-1"].status = "made"
    job = drive(looked(job))
    assert (job.state, bank.charges[1]) == ("succeeded", 1)


@CALLING
def test_f33_a41_ten_times_reordered_and_forged(job, bank, slug):
    job = drive(job)
    calls(bank, *["task-1", "task-99", "task-1"] * 3 + ["task-98"])
    assert (fresh(job).state, fresh(job).vendor_task_id) == ("running", "task-1")
    bank.tasks["task-1"].status = "made"
    look()
    calls(bank, "task-97")
    job = drive(job)
    calls(bank, "task-96", "task-1")
    look()
    assert (fresh(job).state, bank.charges[1]) == ("succeeded", 1)
    assert [fresh(job).events.filter(verb=f"job.{verb}").count() for verb in ("made", "stored")] == [1, 1]
    promises.all_kept(bank)


def test_f40_one_full_vendor_holds_up_nobody_else(member, bank, keys):
    """Many jobs of one vendor whose every place is taken; one job of another."""
    slow, other = "seedanceapi-org", "defapi"
    busy = [press(member, f"order {n}", registry.vendor(slow).models[0].key) for n in range(12)]
    for job in busy:
        drive(job)
    running = registry.vendor(slow).running
    assert [fresh(job).state for job in busy].count("running") == running
    assert {fresh(job).waiting_for for job in busy if fresh(job).state == "queued"} == {"slot"}
    assert drive(press(member, "order 99", registry.vendor(other).models[0].key)).state == "running"
