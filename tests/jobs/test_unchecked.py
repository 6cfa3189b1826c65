"""What was paid for is kept, also where it cannot be opened: downloaded, never shown or sent on."""

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import age, drive, fresh, story
from tests.jobs.unchecked import GONE, bytes_of, driven, file, made, stands
from tests.media.films import film
from videos import quota
from videos.jobs.fetching import collect, storing
from videos.jobs.retention import unused
from videos.media.store import Store, digest
from videos.states import Money
from videos.usage.proof import prove

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    return film(tmp_path_factory.mktemp("films") / "film.mp4", frames=24).read_bytes()


@pytest.fixture
def damaged(mp4):
    """Its boxes are whole and the pictures in them are nothing."""
    return says.unreadable(mp4)


def test_what_cannot_be_opened_is_kept_as_it_came_and_counts_as_delivered(member, key, vendor, damaged):
    job, tries = driven(made(member, vendor, file(damaged)))
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "no_frame")])
    assert tries == 2, "the same bytes twice are what the vendor has"
    assert (job.money, job.next_at, job.ended_at is not None) == (Money.CHARGED, None, True)
    got = job.outputs.get()
    assert bytes_of(got) == damaged and got.sha256 == digest(Store(settings.MEDIA).path(got.file))
    assert (got.media_type, got.poster, got.bytes) == ("application/octet-stream", "", len(damaged))
    assert story(job)[-1] == "stored"
    assert job.events.get(verb="job.stored").data["unchecked"] == 1
    assert prove().holds
    assert quota.used(job.team_id) == len(damaged)
    assert list((settings.MEDIA / "parts").glob("*")) == []


def test_a_verdict_about_a_whole_film_needs_no_second_download(member, key, vendor, tmp_path):
    wide = film(tmp_path / "wide.mp4", size=(8208, 16), frames=2).read_bytes()
    job, tries = driven(made(member, vendor, file(wide)))
    assert (stands(job), tries) == (("succeeded", "unchecked", [("unchecked", "size")]), 1)


def test_f34_a_film_cut_short_is_tried_as_often_as_before_and_then_kept(member, key, vendor, mp4):
    half = mp4[: len(mp4) // 2]
    job = drive(made(member, vendor, file(half)))
    assert stands(job) == ("downloading", "", [("waiting", "truncated")])
    assert bytes_of(job.outputs.get()) == half, "a link that dies now takes nothing with it"
    job, tries = driven(job)
    assert tries == collect.TRIES_MOST["invalid"] - 1
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "truncated")])
    assert bytes_of(job.outputs.get()) == half


def test_f34_a_film_cut_short_that_then_comes_whole_is_a_clip_like_any_other(member, key, vendor, mp4):
    job = drive(made(member, vendor, file(mp4[:-5])))
    held = job.outputs.get().file
    vendor.files["/0.mp4"] = file(mp4)
    job = drive(job)
    assert (job.state, job.kind) == ("succeeded", "")
    got = job.outputs.get()
    assert (got.state, got.media_type, got.why, got.width) == ("stored", "video/mp4", "", 320)
    assert bytes_of(got) == mp4 and got.poster
    assert unused.remove_unused([held, got.file], "test", young=0) == len(mp4) - 5
    assert Store(settings.MEDIA).path(got.file).exists()


@pytest.mark.long
def test_of_two_halves_the_longer_one_is_held(member, key, vendor, mp4):
    job = drive(made(member, vendor, file(mp4[:-5])))
    vendor.files["/0.mp4"] = file(mp4[: len(mp4) // 2])
    job, _tries = driven(job)
    assert bytes_of(job.outputs.get()) == mp4[:-5]


def test_a_link_that_dies_between_two_tries_takes_nothing_with_it(member, key, vendor, mp4):
    job = drive(made(member, vendor, file(mp4[:-5])))
    vendor.files["/0.mp4"] = GONE
    vendor.looks = [says.unknown_task()]
    job = drive(job)
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "")])
    assert bytes_of(job.outputs.get()) == mp4[:-5]


def test_f19_what_is_held_outlives_three_dead_workers(member, key, vendor, mp4):
    job = drive(made(member, vendor, file(mp4[:-5])))
    type(job).objects.filter(pk=job.pk).update(claims=collect.DEATHS)
    job = drive(job)
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "")])


PAGES = {
    "html": b"<!doctype html><title>502 Bad Gateway</title>",
    "xml": b'<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>',
    "json": b' {"error": "upstream timed out"}',
    "a sentence": b"upstream connect error",
    "with a mark": b"\xef\xbb\xbf<html>",
    "in Chinese": "<html>找不到</html>".encode("gb18030"),
    "utf-16": "<html>".encode("utf-16"),
    "a playlist": b"#EXTM3U\nhttps://cdn.example.com/1.ts\n",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_gateways_page_is_no_delivery(member, key, vendor, name):
    job, tries = driven(made(member, vendor, file(PAGES[name])))
    assert (job.state, job.kind, tries) == ("download_failed", "download_invalid", 3)
    assert job.outputs.get().file == ""


KEPT = {
    "noise": bytes(range(256)) * 9,
    "a drawing": b'<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "another container": b"\x1a\x45\xdf\xa3" + bytes(600),
    "a long text": b"data:video/mp4;base64," + b"AAAA" * 70_000,
}


@pytest.mark.parametrize("name", KEPT)
def test_whatever_else_comes_is_kept(member, key, vendor, name):
    job, tries = driven(made(member, vendor, file(KEPT[name], "image/svg+xml")))
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "not_video")])
    assert (bytes_of(job.outputs.get()), tries) == (KEPT[name], 2)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["still", "last_frame"])
def test_so_is_a_picture(member, key, vendor, mp4, kind):
    job = made(member, vendor, file(mp4), file(b"\x00\x01 no picture"))
    job.outputs.filter(n=1).update(kind=kind)
    job, _tries = driven(job)
    assert (job.state, job.kind) == ("succeeded", "")
    states = [one.state for one in job.outputs.all()]
    # A last frame never holds a clip back: it is kept as far as it came.
    assert states == ["stored", "unchecked"]


@pytest.mark.long
def test_one_of_two_that_can_be_shown_makes_it_a_clip(member, key, vendor, mp4, damaged):
    job, _tries = driven(made(member, vendor, file(damaged), file(mp4)))
    assert (job.state, job.kind) == ("succeeded", "")
    data = job.events.get(verb="job.stored").data
    assert (data["stored"], data["unchecked"], data["of"]) == (1, 1, 2)


def test_a_worker_killed_between_the_store_and_the_row_costs_one_more_download(
    member, key, vendor, mp4, monkeypatch
):
    job = made(member, vendor, file(mp4[:-5]))

    def killed(output):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(storing, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            drive(job)
    assert (fresh(job).state, job.outputs.get().file) == ("downloading", "")
    job, _tries = driven(age(fresh(job), 3600))
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "truncated")])
    assert bytes_of(job.outputs.get()) == mp4[:-5]
