"""Jobs that kill whoever touches them, or keep them waiting: they are over, and nobody else suffers."""

import hashlib
import time

import pytest

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import age, drive, fresh, looked, press
from tests.jobs.test_collect import file, made
from tests.media.films import film
from tests.network import faults
from videos.jobs.fetching import collect
from videos.jobs.sending import submit
from videos.states import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    film(path, frames=24)
    return path.read_bytes()


@pytest.mark.both_databases
def test_f19_beside_jobs_that_kill_their_workers_the_others_end_well(member, key, vendor, mp4, monkeypatch):
    """One dies each time it is sent, one each time it is fetched; both are over, and two others are ready."""
    vendor.submits = [says.accepted(f"task-{n}") for n in range(3)]
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    vendor.files["/a.mp4"] = file(mp4)
    unsent, *rest = (press(member, words) for words in ("Unsent", "Unfetched", "Well", "Also well"))
    send, download, deaths = submit.send, collect._download, []

    class Killed(BaseException):
        pass

    def sends(call, *args):
        if b"Unsent" in call.body:
            deaths.append("unsent")
            raise Killed
        return send(call, *args)

    def downloads(output, *args):
        if output.job_id == rest[0].pk:
            deaths.append("unfetched")
            raise Killed
        return download(output, *args)

    monkeypatch.setattr(submit, "send", sends)
    monkeypatch.setattr(collect, "_download", downloads)
    with pytest.raises(Killed):
        drive(unsent)
    unfetched, *well = [looked(drive(job)) for job in rest]
    for death in range(collect.DEATHS):
        with pytest.raises(Killed):
            drive(age(unfetched, 10_000))
        if death < len(well):
            assert drive(well[death]).state == "succeeded"
    unsent, unfetched = drive(age(unsent, 10_000)), drive(age(unfetched, 10_000))
    assert (unsent.state, unsent.money) == ("unknown", Money.POSSIBLY)
    assert (unfetched.state, unfetched.kind) == ("download_failed", "download_worker_gone")
    assert deaths == ["unsent", *["unfetched"] * collect.DEATHS], "neither is tried again by itself"
    assert {fresh(job).state for job in well} == {"succeeded"}


@pytest.mark.parametrize(("tag", "resumes"), [('"one"', True), ('W/"one"', False)], ids=["strong", "weak"])
def test_f34_a_slow_server_is_gone_on_with_where_the_file_is_surely_the_same(
    member, key, vendor, mp4, settings, tag, resumes
):
    """A third of the film in the time that one try has. Where nothing says that the next try is given
    the same file, each starts over, and the film comes when the server is quick enough for one."""
    settings.DURATIONS = settings.DURATIONS | {"download_idle": 0.3}
    third, asked = len(mp4) // 3 + 1, []

    def slow(heard, connection):
        begin = int(heard.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        asked.append(begin)
        span = {"content_range": f"bytes {begin}-{len(mp4) - 1}/{len(mp4)}"} if begin else {}
        top = faults.head(206 if begin else 200, content_length=len(mp4) - begin, etag=tag, **span)
        connection.sendall(top + mp4[begin : begin + third])
        if begin + third < len(mp4):
            time.sleep(0.6)

    job = made(member, vendor, "a.mp4", files=[slow])
    for _try in range(3):
        job = drive(job)
    assert asked == ([0, third, 2 * third] if resumes else [0, 0, 0])
    assert job.state == ("succeeded" if resumes else "downloading")
    vendor.files["/a.mp4"] = file(mp4)
    job = drive(job)
    assert (job.state, job.outputs.get().sha256) == ("succeeded", hashlib.sha256(mp4).hexdigest())
