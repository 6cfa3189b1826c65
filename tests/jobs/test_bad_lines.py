"""Between us and the vendor is a line that is slow, narrow, cut or silent (tests/proxy.py).
Whatever it does to a paid request, that is sent once; what is only asked is asked again."""

import hashlib

import pytest

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import attempts, drive, fresh, looked, press, sent
from tests.media.films import film
from tests.network import faults
from tests.proxy import Toxics, between

pytestmark = pytest.mark.django_db

SLOW = {
    "latency": Toxics(latency=0.2),
    "bandwidth": Toxics(bandwidth=2_000),
    "slicer": Toxics(slicer=7, latency=0.002),
}
CUT = {
    "reset_peer": Toxics(reset_peer=0.1),
    "limit_data in the head": Toxics(limit_data=30),
    "limit_data in the body": Toxics(limit_data=150),
    "timeout": Toxics(timeout=0.3),
    "timeout past the deadline": Toxics(timeout=3),
}


@pytest.fixture
def line(vendor, settings):
    settings.DURATIONS = settings.DURATIONS | {"submit_deadline": 1.5, "look_deadline": 1.5}
    with between("127.0.0.1", int(vendor.url.rpartition(":")[2])) as proxy:
        settings.SANDBOX_URL = proxy.url
        yield proxy


@pytest.mark.parametrize("how", SLOW)
def test_a_slow_line_changes_nothing(member, key, vendor, line, how):
    line.toxics = SLOW[how]
    vendor.submits = [vendor.charging(says.accepted())]
    job = looked(drive(press(member)))
    assert (job.state, job.errors, len(vendor.charges)) == ("running", 0, 1)


@pytest.mark.parametrize("how", CUT)
def test_f5_a_paid_request_whose_answer_is_cut_is_unknown_and_never_sent_again(
    member, key, vendor, line, how
):
    line.toxics = CUT[how]
    vendor.submits = [vendor.charging(says.accepted())]
    job = drive(press(member))
    assert (job.state, [state for state, _why in attempts(job)]) == ("unknown", ["unknown"])
    line.toxics = Toxics()
    for _again in range(3):
        job = drive(job)
    assert (job.state, len(vendor.sent), len(vendor.charges)) == ("unknown", 1, 1)


@pytest.mark.parametrize("how", CUT)
def test_f5_with_a_key_of_ours_it_is_asked_for_again_and_paid_once(member, safe_key, vendor, line, how):
    line.toxics = CUT[how]
    vendor.submits = [vendor.charging(says.accepted())]
    job = drive(press(member, model="seedance2ai/seedance"))
    assert job.state == "submitting"
    line.toxics = Toxics()
    job = drive(job)
    assert (job.state, len(vendor.sent), len(vendor.charges)) == ("running", 2, 1)


@pytest.mark.parametrize("how", CUT)
def test_f29_a_look_whose_answer_is_cut_fails_nobody(member, key, vendor, line, how):
    job = sent(member, vendor)
    line.toxics = CUT[how]
    job = looked(job)
    assert (job.state, job.errors) == ("running", 1)
    line.toxics = Toxics()
    assert looked(job).errors == 0


@pytest.mark.parametrize(
    "toxics",
    [
        Toxics(limit_data=2000, only_first=2),
        Toxics(reset_peer=0.1, only_first=1),
        Toxics(slicer=500, latency=0.001),
        Toxics(bandwidth=20_000),
    ],
    ids=["limit_data", "reset_peer", "slicer", "bandwidth"],
)  # fmt: skip
def test_f34_a_film_comes_whole_however_often_the_line_is_cut(member, key, vendor, line, tmp_path, toxics):
    whole = film(tmp_path / "film.mp4", frames=12).read_bytes()
    vendor.files["/film.mp4"] = faults.answers(body=whole)
    job = sent(member, vendor)
    vendor.looks = [says.made(f"{line.url}/film.mp4")]
    job = looked(job)
    assert job.state == "downloading"
    line.toxics, line.connections = toxics, 0
    for _again in range(4):
        if job.state == "downloading":
            job = drive(job)
    assert fresh(job).state == "succeeded", list(job.outputs.values("why", "detail"))
    assert job.outputs.get().sha256 == hashlib.sha256(whole).hexdigest()
    assert line.connections == len(vendor.fetched) == 1 + (toxics.only_first or 0)
