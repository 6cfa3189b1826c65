"""Bringing it home: real films over real sockets; ready only when our copy plays."""

import json
from datetime import timedelta

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import age, drive, due, fresh, look, looked, press, sent, story, until_made
from tests.media.films import film
from tests.network import faults
from videos.jobs import verbs
from videos.jobs.fetching import collect, storing
from videos.jobs.running import drive as driving
from videos.jobs.transitions import By, Overtaken, touch
from videos.media.store import Store, digest
from videos.models import Job, Output
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


@pytest.mark.both_databases
def test_a_film_is_stored_checked_and_has_a_poster(member, key, vendor, mp4, settings):
    job = drive(made(member, vendor, "a.mp4", files=[file(mp4)]))
    assert (job.state, job.money, job.ended_at is not None, job.next_at) == (
        "succeeded",
        Money.CHARGED,
        True,
        None,
    )
    got, store = job.outputs.get(), Store(settings.MEDIA)
    assert store.path(got.file).read_bytes() == mp4
    assert (got.sha256, got.bytes) == (digest(store.path(got.file)), len(mp4))
    assert (got.width, got.height, got.fps, got.video_codec) == (320, 180, 24.0, "h264")
    assert store.path(got.poster).read_bytes()[:2] == b"\xff\xd8"
    assert got.bars.startswith("#")
    assert parts() == []
    assert story(job) == ["created", "claim", "accepted", "made", "stored"]


def test_what_came_is_compared_with_what_was_asked(member, key, vendor, mp4):
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    vendor.files["/a.mp4"] = file(mp4)
    job = looked(sent(member, vendor, options={"resolution": "720p", "seconds": 8, "audio": True}))
    differs = drive(job).outputs.get().differs
    assert ["resolution", "720p", "480p"] in differs
    assert ["seconds", "8", "1.0"] in differs
    assert ["audio", "on", "off"] in differs


def test_the_key_does_not_travel_with_a_download(member, key, vendor, mp4):
    drive(made(member, vendor, "a.mp4", files=[file(mp4)]))
    assert [heard.headers.get("authorization") for heard in vendor.fetched] == [None]


def test_f34_a_cut_download_goes_on_where_it_was(member, key, vendor, mp4):
    half = len(mp4) // 2

    def first_half(heard, connection):
        connection.sendall(faults.head(content_length=len(mp4), etag='"one"') + mp4[:half])

    def rest(heard, connection):
        assert heard.headers["range"] == f"bytes={half}-"
        span = f"bytes {half}-{len(mp4) - 1}/{len(mp4)}"
        connection.sendall(
            faults.head(206, content_length=len(mp4) - half, content_range=span, etag='"one"') + mp4[half:]
        )

    job = made(member, vendor, "a.mp4", files=[first_half])
    job = drive(job)
    assert (job.state, job.outputs.get().etag) == ("downloading", '"one"')
    vendor.files["/a.mp4"] = rest
    job = drive(job)
    assert job.state == "succeeded"
    assert job.outputs.get().bytes == len(mp4)


def test_a_lease_that_went_to_somebody_else_ends_the_download(member, key, vendor, mp4, settings):
    settings.DURATIONS = settings.DURATIONS | {"download_renew": 0}
    job = due(made(member, vendor, "a.mp4", files=[file(mp4)]))
    touch(job, lease_owner="mine", lease_until=later(60), claims=1)
    mine = fresh(job)
    touch(fresh(job), lease_owner="theirs", lease_until=later(60))
    output = mine.outputs.get()
    output.job = mine
    with pytest.raises(Overtaken):
        collect._fetch(output, Store(settings.MEDIA), By(worker="mine"))
    assert (fresh(job).lease_owner, outputs(job)) == ("theirs", [("video", "waiting", "")])
    assert vendor.fetched == []


def test_f36_of_two_downloaders_one_ends_it_and_the_other_writes_nothing(member, key, vendor, mp4, settings):
    job = due(made(member, vendor, "a.mp4", files=[file(mp4)]))
    touch(job, lease_owner="slow", lease_until=later(60), claims=1)
    slow = fresh(job)
    output = slow.outputs.get()
    output.job = slow
    part = Store(settings.MEDIA).inherit("slow", job.public_id, 0)
    got = collect._download(output, collect.routes.route(job.vendor, rehearsal=True), part)
    job = drive(age(fresh(job), 120))
    assert job.state == "succeeded"
    with pytest.raises(Overtaken):
        storing.keep(output, Store(settings.MEDIA), part, got)
    assert job.outputs.get().stored_at == Output.objects.get(job=job).stored_at
    assert Store(settings.MEDIA).path(job.outputs.get().file).read_bytes() == mp4


def test_a_film_of_a_model_that_is_sold_no_more_comes_home_all_the_same(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    Job.objects.filter(pk=job.pk).update(model="seedanceapi-org/retired")
    assert drive(job).state == "succeeded"


def test_a_film_of_a_vendor_that_is_gone_is_not_given_up(member, key, vendor, mp4):
    """Neither where its link is dead and nobody can be asked for a fresh one, nor before."""
    job = made(member, vendor, "a.mp4", files=[GONE])
    Job.objects.filter(pk=job.pk).update(vendor="retired")
    for rehearsal in (True, False, True, False):
        Job.objects.filter(pk=job.pk).update(rehearsal=rehearsal)
        job = drive(job)
        assert (job.state, job.claims, job.next_at > later(0)) == ("downloading", 0, True)
    Job.objects.filter(pk=job.pk).update(vendor=key.vendor, rehearsal=True)
    vendor.files["/a.mp4"] = file(mp4)
    assert drive(job).state == "succeeded"


def test_f19_a_file_that_kills_its_workers_is_over_after_three(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    Job.objects.filter(pk=job.pk).update(claims=collect.DEATHS, lease_owner="dead", lease_until=later(-9))
    job = drive(job)
    assert (job.state, job.kind) == ("download_failed", "download_worker_gone")
    assert vendor.fetched == []


def test_one_that_is_held_is_left_alone(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    Job.objects.filter(pk=job.pk).update(lease_owner="somebody", lease_until=later(60))
    driving.drive(due(job).pk)
    assert (fresh(job).state, vendor.fetched) == ("downloading", [])


def test_f40_a_vendor_whose_files_come_slowly_never_has_all_the_media_workers(member, key, vendor, mp4):
    """Three of them: while two fetch from it, its third file waits, and a rehearsal of another does not."""
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    slow = [press(member, f"Slow {n}") for n in range(2)]
    fetching = Job.objects.filter(pk__in=[one.pk for one in slow])
    held = {"state": "downloading", "lease_owner": "other", "lease_until": later(60)}
    assert fetching.update(**held) == settings.Q_CLUSTER["ALT_CLUSTERS"]["media"]["workers"] - 1
    job = drive(job)
    assert (job.state, job.claims, job.lease_owner, vendor.fetched) == ("downloading", 0, "", [])
    assert later(0) < job.next_at < later(2)
    fetching.update(vendor="defapi")
    assert drive(job).state == "succeeded"


def test_f40_a_worker_that_died_over_a_file_is_in_nobodys_way(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    dead = [press(member, f"Dead {n}").pk for n in range(3)]
    Job.objects.filter(pk__in=dead).update(state="downloading", lease_owner="dead", lease_until=later(-1))
    assert drive(job).state == "succeeded"


def test_a_person_who_stops_it_meanwhile_does_not_end_the_download(member, key, vendor, mp4):
    job = due(made(member, vendor, "a.mp4", files=[file(mp4)]))
    touch(job, lease_owner="me", lease_until=later(60), claims=1)
    mine = fresh(job)
    verbs.stop(member, fresh(job))
    output = mine.outputs.get()
    output.job = mine
    assert collect._fetch(output, Store(collect.settings.MEDIA), By(worker="me")) is None
    collect._settle(mine, By(worker="me"))
    job = fresh(job)
    assert (job.state, job.trashed_at is not None) == ("succeeded", True)


def test_n_of_m_when_the_rest_is_dead(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", "b.mp4", files=[file(mp4), file(b"<html>")])
    for _try in range(collect.TRIES_MOST["invalid"]):
        job = drive(job)
    assert (job.state, outputs(job)) == ("succeeded", [("video", "stored", ""), ("video", "dead", "invalid")])
    assert job.events.get(verb="job.stored").data["stored"] == 1
    assert job.events.get(verb="job.stored").data["of"] == 2
    assert len([heard for heard in vendor.fetched if heard.target == "/a.mp4"]) == 1


def test_a_last_frame_never_holds_a_clip_back(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", "last.png", files=[file(mp4), GONE])
    job.outputs.filter(n=1).update(kind="last_frame")
    job = drive(job)
    assert (job.state, outputs(job)[0]) == ("succeeded", ("video", "stored", ""))
    assert outputs(job)[1][1] == "dead", "nothing of a finished job waits for ever"


def test_an_address_that_cannot_be_opened_any_more_waits_for_the_encryption_keys(member, key, vendor, mp4):
    job = made(member, vendor, "a.mp4", files=[file(mp4)])
    sealed = bytes(job.outputs.get().url_sealed)
    job.outputs.update(url_sealed=b"nonsense")
    job = drive(job)
    assert (job.state, outputs(job)) == ("downloading", [("video", "waiting", "unreadable")])
    job.outputs.update(url_sealed=sealed)
    assert drive(job).state == "succeeded"


def test_no_address_stands_in_the_open(member, key, vendor, mp4):
    job = drive(made(member, vendor, "secret-name.mp4", files=[file(mp4)]))
    rows = json.dumps(
        [list(map(str, Output.objects.values_list().get())), list(map(str, Job.objects.values_list().get()))]
    )
    assert "secret-name" not in rows
    assert "secret-name" not in json.dumps([event.data for event in job.events.all()])


@pytest.mark.long
@pytest.mark.parametrize(
    ("tag", "ends"),
    [
        ("[unreadable]", ("succeeded", "unchecked", "no_frame")),
        ("[unreadable:cut]", ("succeeded", "unchecked", "truncated")),
        ("[unreadable:page]", ("download_failed", "download_invalid", "not_video")),
    ],
)
def test_what_the_sandbox_delivers_and_nothing_opens(member, key, sandbox, tag, ends):
    job = until_made(drive(press(member, f"A red boat {tag} [slow:1]", options=SMALL)))
    for _try in range(collect.TRIES_MOST["invalid"]):
        job = drive(job) if job.state == "downloading" else job
    assert (job.state, job.kind, job.outputs.get().detail) == ends
    assert job.money == Money.CHARGED


@pytest.mark.parametrize(
    ("tag", "state"), [("[dead-link]", "succeeded"), ("[no-url]", "succeeded"), ("[wrong-size]", "succeeded")]
)
def test_the_sandbox_as_it_misbehaves(member, key, sandbox, tag, state):
    job = until_made(drive(press(member, f"A red boat {tag} [slow:1]", options=SMALL)))
    for _try in range(8):
        if job.state == "downloading":
            job = drive(job)
    assert job.state == state
    assert bool(job.outputs.get().differs) == (tag == "[wrong-size]")
    assert look(job) == 0
    assert job.ended_at - job.created_at < timedelta(minutes=1)
