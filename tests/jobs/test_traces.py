"""What a vendor's support finds an answer by is kept of answers that went well and of errors, and
the support sheet has it."""

import pytest

from tests.builders import a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, looked, press
from videos.models import Job
from videos.usage.support_report import support_report

pytestmark = pytest.mark.django_db
MODEL = "acedata/doubao-seedance-1-0-pro-250528"
TAKEN = says.says({"task_id": "task-1"})


@pytest.fixture(autouse=True)
def ace(team):
    return a_key(team, vendor="acedata", secret="rehearsal-ace")


def traced(job: Job) -> str:
    lines = dict(line.split(": ", 1) for line in support_report(job).splitlines())
    return lines.get("Trace id", "")


def error(trace: str, code: str = "api_error", message: str = "fetch failed") -> dict[str, object]:
    """As the document shows it."""
    return {"success": False, "error": {"code": code, "message": message}, "trace_id": trace}


def film(vendor: says.Vendor, trace: str) -> dict[str, object]:
    data = {"task_id": "cgt-1", "status": "succeeded", "video_url": f"{vendor.url}/film.mp4"}
    return {"success": True, "task_id": "task-1", "trace_id": trace, "data": data}


@pytest.mark.both_databases
def test_of_a_film(member, vendor):
    vendor.submits = [
        TAKEN,
        says.says({"id": "task-1", "trace_id": "of-the-look", "response": film(vendor, "t-1")}),
    ]
    job = looked(drive(press(member, model=MODEL)))
    assert (job.state, job.upstream_id, traced(job)) == ("downloading", "cgt-1", "t-1")
    assert "Task id of the maker behind it: cgt-1" in support_report(job)


def test_of_a_failure(member, vendor):
    vendor.submits = [TAKEN, says.says({"id": "task-1", "response": error("t-2") | {"task_id": "task-1"}})]
    job = looked(drive(press(member, model=MODEL)))
    assert (job.state, job.said, traced(job)) == ("failed", "fetch failed", "t-2")


def test_of_a_refusal(member, vendor):
    vendor.submits = [says.says(error("t-3", "api_not_implemented", "no such model"), status=400)]
    job = drive(press(member, model=MODEL))
    assert (job.state, job.code, traced(job)) == ("failed", "api_not_implemented", "t-3")


def test_of_an_answer_that_leaves_open_whether_it_was_charged(member, vendor):
    """Here support is all there is to ask: no task id came."""
    vendor.submits = [says.says(error("t-4"), status=500)]
    job = drive(press(member, model=MODEL))
    assert (job.state, traced(job)) == ("unknown", "t-4")


@pytest.mark.parametrize("trace", [None, 7.5, "", {"a": 1}, "two words", "x" * 300, "dk-0123456789abcdef"])
def test_what_is_no_trace_or_a_key_is_not_kept(member, vendor, trace):
    vendor.submits = [says.says(error(trace, "api_not_implemented"), status=400)]
    job = drive(press(member, model=MODEL))
    assert job.state == "failed" and traced(job) in ("", "dk-***")
