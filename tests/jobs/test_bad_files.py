"""Files that are no films, links that lead nowhere, disks that are full."""

import errno
import resource
import signal
from pathlib import Path

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import age, drive, due, fresh, looked, sent, story
from tests.media.films import film
from tests.network import faults
from videos.jobs import verbs
from videos.jobs.fetching import collect, storing
from videos.jobs.transitions import By, touch
from videos.media.probe import probe
from videos.media.store import Store
from videos.models.clock import later
from videos.states import Money

pytestmark = pytest.mark.django_db
GONE = faults.answers(403, b"<Error><Code>AccessDenied</Code></Error>")
SMALL = {"resolution": "480p", "seconds": 4}


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    film(path, frames=24)
    return path.read_bytes()


def file(body):
    return faults.answers(body=body, content_type="video/mp4", etag='"one"')


def made(member, vendor, *names, files=()):
    """A job whose vendor says it is done, with these files."""
    vendor.looks = [says.made(*(f"{vendor.url}/{name}" for name in names))]
    vendor.files |= {f"/{name}": behaviour for name, behaviour in zip(names, files, strict=True)}
    job = looked(sent(member, vendor))
    assert job.state == "downloading"
    return job


def outputs(job):
    return list(job.outputs.values_list("kind", "state", "why"))


def parts():
    folder = settings.MEDIA / "parts"
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def test_f35_a_dead_link_becomes_a_fresh_one(member, key, vendor, mp4):
    job = made(member, vendor, "old.mp4", files=[GONE])
    vendor.looks = [says.made(f"{vendor.url}/new.mp4")]
    vendor.files["/new.mp4"] = file(mp4)
    job = drive(job)
    assert (job.state, outputs(job)) == ("downloading", [("video", "waiting", "gone")])
    assert drive(job).state == "succeeded"


def test_f35_after_a_bad_network_a_dead_link_still_gets_a_fresh_one(member, key, vendor, mp4):
    """Ten cut connections are not ten dead links."""
    job = made(member, vendor, "old.mp4", files=[faults.raw(b"")])
    for _cut in range(10):
        job = drive(job)
    vendor.files["/old.mp4"] = GONE
    vendor.looks = [says.made(f"{vendor.url}/new.mp4")]
    vendor.files["/new.mp4"] = file(mp4)
    job = drive(job)
    assert job.state == "downloading"
    assert drive(job).state == "succeeded"


def test_f35_links_that_are_always_dead_end_it_and_a_person_may_fetch_again(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[GONE])
    for _try in range(collect.TRIES_MOST["gone"]):
        assert job.state == "downloading"
        job = drive(job)
    assert (job.state, job.kind, job.money) == ("download_failed", "download_gone", Money.CHARGED)
    assert job.next_at is None
    vendor.files["/a.mp4"] = file(mp4)
    verbs.fetch_again(member, job)
    job = drive(job)
    assert (job.state, job.kind) == ("succeeded", "")
    assert story(job)[-3:] == ["dead_link", "fetch_again", "stored"]


def test_a_link_is_given_up_at_once_when_the_vendor_forgot_the_task(member, key, vendor):
    job = made(member, vendor, "a.mp4", files=[GONE])
    vendor.looks = [says.unknown_task()]
    assert drive(job).state == "download_failed"


def test_f29_a_vendor_that_is_down_when_asked_for_a_fresh_link_ends_nothing(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[GONE])
    vendor.looks = [faults.raw(b"")]
    job = drive(job)
    vendor.files["/a.mp4"] = file(mp4)
    assert drive(job).state == "succeeded"


@pytest.mark.parametrize(
    "body", [b"<html>Not found</html>", b"#EXTM3U\nfile:///etc/passwd", b"ffconcat version 1.0\nfile a.mp4"]
)
def test_a20_a_file_that_is_no_film_is_refused_three_times_and_then_it_is_over(member, key, vendor, body):
    job = made(member, vendor, "a.mp4", files=[file(body)])
    for _try in range(collect.TRIES_MOST["invalid"]):
        assert job.state == "downloading"
        job = drive(job)
    assert (job.state, job.kind) == ("download_failed", "download_invalid")
    assert parts() == []


def test_half_a_film_without_a_length_is_not_taken_for_a_film(member, key, vendor, mp4):
    half = faults.raw(faults.head(connection="close") + mp4[: len(mp4) // 2])
    job = drive(made(member, vendor, "a.mp4", files=[half]))
    assert (job.state, outputs(job)) == ("downloading", [("video", "waiting", "invalid")])


def test_a_film_that_is_too_big_is_over_at_once(member, key, vendor, mp4, settings):
    settings.VIDEO_BYTES = 1000
    job = drive(made(member, vendor, "a.mp4", files=[file(mp4)]))
    assert (job.state, job.kind) == ("download_failed", "download_too_big")


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/a.mp4", "https://localhost/a.mp4", "https://cdn.example.com/a.mp4"]
)
def test_a1_a_rehearsals_link_that_leads_elsewhere_is_not_followed(member, key, vendor, url):
    vendor.looks = [says.made(url)]
    job = drive(looked(sent(member, vendor)))
    assert (job.state, job.kind) == ("download_failed", "download_blocked")
    line = job.events.latest("pk")
    assert (line.verb, line.team, line.actor, line.data["why"]) == (
        "job.dead_link",
        job.team,
        None,
        "blocked",
    )
    assert url not in str(line.data)


def test_f22_a_full_disk_waits_and_says_so(member, key, vendor, mp4, settings):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    settings.MEDIA.mkdir(parents=True, exist_ok=True)
    job = drive_with_a_full_disk(job)
    assert (job.state, job.waiting_for, outputs(job)) == (
        "downloading",
        "disk",
        [("video", "waiting", "disk_full")],
    )
    assert (job.lease_owner, job.claims) == ("", 0)
    assert job.next_at > later(0)
    assert parts() == []
    job = drive(job)
    assert (job.state, job.waiting_for) == ("succeeded", "")


def drive_with_a_full_disk(job):
    """One download under the kernel's own limit on the size of files (EFBIG). The limit is lifted
    before anything is written down, because the database is a file as well."""
    job, way = due(job), collect.routes.route(job.vendor, rehearsal=True)
    touch(job, lease_owner="me", lease_until=later(60), claims=1)
    output = job.outputs.get()
    output.job = job
    part = Store(settings.MEDIA).inherit("me", job.public_id, output.n)
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(collect.DownloadError) as failure:
            collect.download(
                collect.freeze.open_url(output), part, trusted=way.trusted, cap=10**9, deadline=20, idle=5,
                renew=lambda received: None,
            )  # fmt: skip
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    collect._settle(job, By(worker="me"), collect._download_failed(output, failure.value, way))
    return fresh(job)


def no_poster(part, kind, *, poster_path):
    return probe(part, kind, poster_path=Path("/dev/full"))


def fails_with(number):
    def keep(*_args, **_more):
        raise OSError(number, "as a test asks")

    return keep


@pytest.mark.parametrize(
    ("where", "fault", "why", "waiting_for"),
    [
        ("probe", no_poster, "disk_full", "disk"),
        ("keep", fails_with(errno.ENOSPC), "disk_full", "disk"),
        ("keep", fails_with(errno.EIO), "machine", ""),
        ("probe", fails_with(errno.ENOMEM), "machine", ""),
    ],
)
def test_f22_a_fault_of_our_own_machine_is_waited_out_however_often(
    member, key, vendor, mp4, monkeypatch, where, fault, why, waiting_for
):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    pauses = []
    with monkeypatch.context() as broken:
        broken.setattr(*((storing, "probe", fault) if where == "probe" else (Store, "keep", fault)))
        for _again in range(5):
            job = drive(job)
            assert (job.state, job.waiting_for, outputs(job)) == (
                "downloading", waiting_for, [("video", "waiting", why)],
            )  # fmt: skip
            assert (job.lease_owner, job.claims, parts()) == ("", 0, [])
            pauses.append((job.next_at - later(0)).total_seconds())
    assert pauses[-1] > 4 * pauses[0]
    job = drive(job)
    assert (job.state, job.waiting_for) == ("succeeded", "")


def test_after_a_long_time_of_nothing_but_errors_it_is_over(member, key, vendor, settings):
    job = made(member, vendor, "a.mp4", files=[faults.raw(b"")])
    job = drive(job)
    assert job.state == "downloading"
    job = drive(age(job, settings.DURATIONS["download_for"] + 60))
    assert (job.state, job.kind) == ("download_failed", "download_network")
