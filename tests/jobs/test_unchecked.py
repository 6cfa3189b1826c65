"""What was paid for is kept, also where it cannot be opened: downloaded, never shown or sent on."""

import errno

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, fresh, looked, sent, story
from tests.media.films import film
from tests.network import faults
from videos.jobs import collect, storing, verbs
from videos.jobs.cannot import CannotBe
from videos.jobs.states import Money
from videos.jobs.transitions import touch
from videos.keeping import quota, unused
from videos.media.probe import BadMedia, probe
from videos.media.store import Store, digest
from videos.usage.proof import prove

pytestmark = pytest.mark.django_db
GONE = faults.answers(403, b"<Error><Code>AccessDenied</Code></Error>")


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    return film(tmp_path_factory.mktemp("films") / "film.mp4", frames=24).read_bytes()


@pytest.fixture
def damaged(mp4):
    """Its boxes are whole and the pictures in them are nothing."""
    return says.unreadable(mp4)


def file(body, media_type="video/mp4"):
    return faults.answers(body=body, content_type=media_type)


def made(member, vendor, *files):
    names = [f"{n}.mp4" for n in range(len(files))]
    vendor.looks = [says.made(*(f"{vendor.url}/{name}" for name in names))]
    vendor.files = {f"/{name}": behaviour for name, behaviour in zip(names, files, strict=True)}
    return looked(sent(member, vendor))


def driven(job, most=9):
    """Nudges until it is no longer being fetched; the job, and how many it took."""
    for n in range(1, most + 1):
        job = drive(job)
        if job.state != "downloading":
            return job, n
    raise AssertionError(list(job.outputs.values()))


def stands(job):
    return job.state, job.kind, [(one.state, one.detail) for one in job.outputs.all()]


def bytes_of(output):
    return Store(settings.MEDIA).path(output.file).read_bytes()


def blind(monkeypatch, reason="codec", times=99):
    """The studio as it is before an update: it cannot open what comes ``times`` times."""
    left = [times]

    def look(part, kind, **more):
        if left[0]:
            left[0] -= 1
            raise BadMedia(reason)
        return probe(part, kind, **more)

    monkeypatch.setattr(storing, "probe", look)


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
    assert tries == collect.LIMITS["invalid"] - 1
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


# --- checked again -------------------------------------------------------------------------


@pytest.mark.both_databases
def test_after_an_update_one_press_makes_it_an_ordinary_clip(member, key, vendor, mp4, monkeypatch):
    with monkeypatch.context() as before:
        blind(before)
        job, _tries = driven(made(member, vendor, file(mp4)))
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "codec")])
    version = job.version
    verbs.check_again(member, job)
    job = fresh(job)
    assert (job.state, job.kind, job.version > version) == ("succeeded", "", True)
    got = job.outputs.get()
    assert (got.state, got.media_type, got.width, got.fps, got.detail) == (
        "stored",
        "video/mp4",
        320,
        24.0,
        "",
    )
    assert got.file.endswith(".mp4") and bytes_of(got) == mp4 and got.poster
    assert {name for name, _asked, _got in got.differs} == {"resolution", "aspect_ratio", "seconds"}
    assert story(job)[-1] == "checked_again"
    assert len(vendor.fetched) == 1, "nothing is fetched for it"
    with pytest.raises(CannotBe, match="nothing_to_check"):
        verbs.check_again(member, job)


def test_what_still_cannot_be_opened_stays_as_it_is(member, key, vendor, damaged, monkeypatch):
    with monkeypatch.context() as before:
        blind(before)
        job, _tries = driven(made(member, vendor, file(damaged)))
    with pytest.raises(CannotBe, match="still_unchecked"):
        verbs.check_again(member, job)
    job = fresh(job)
    assert (job.state, job.kind) == ("succeeded", "unchecked")
    assert job.outputs.get().detail in ("no_frame", "undecodable"), (
        "the newest reason is the one that is said"
    )


def test_a_fault_of_this_machine_says_nothing_about_the_file(member, key, vendor, mp4, monkeypatch):
    blind(monkeypatch)
    job, _tries = driven(made(member, vendor, file(mp4)))

    def full(*_file, **_more):
        raise OSError(errno.ENOSPC, "as a test asks")

    monkeypatch.setattr(storing, "probe", full)
    with pytest.raises(CannotBe, match="machine_busy"):
        verbs.check_again(member, job)
    assert stands(fresh(job)) == ("succeeded", "unchecked", [("unchecked", "codec")])
    Store(settings.MEDIA).path(job.outputs.get().file).unlink()
    monkeypatch.setattr(storing, "probe", probe)
    with pytest.raises(CannotBe, match="file_gone"):
        verbs.check_again(member, job)


def test_of_two_who_check_at_once_or_move_it_meanwhile_one_is_told(member, key, vendor, mp4, monkeypatch):
    with monkeypatch.context() as before:
        blind(before)
        job, _tries = driven(made(member, vendor, file(mp4)))

    def meanwhile(part, kind, **more):
        with pytest.raises(CannotBe, match="being_checked"):
            verbs.check_again(member, fresh(job))
        touch(fresh(job), keeper=False)
        return probe(part, kind, **more)

    monkeypatch.setattr(storing, "probe", meanwhile)
    with pytest.raises(CannotBe, match="moved_on"):
        verbs.check_again(member, job)
    assert stands(fresh(job)) == ("succeeded", "unchecked", [("unchecked", "codec")])


# --- fetched again -------------------------------------------------------------------------


def test_fetched_again_it_may_come_whole_and_nothing_is_lost_before(member, key, vendor, mp4):
    job, _tries = driven(made(member, vendor, file(mp4[:-5])))
    vendor.files["/0.mp4"] = GONE
    verbs.fetch_again(member, job)
    vendor.looks = [says.unknown_task()]
    job = drive(fresh(job))
    assert stands(job) == ("succeeded", "unchecked", [("unchecked", "")])
    assert bytes_of(job.outputs.get()) == mp4[:-5]
    verbs.fetch_again(member, job)
    vendor.files["/0.mp4"] = file(mp4)
    job = drive(fresh(job))
    assert (job.state, job.kind, bytes_of(job.outputs.get())) == ("succeeded", "", mp4)
    assert story(job)[-4:] == ["fetch_again", "stored", "fetch_again", "stored"]
    with pytest.raises(CannotBe, match="nothing_to_fetch"):
        verbs.fetch_again(member, job)
