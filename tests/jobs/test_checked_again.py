"""What could not be opened is opened once more, or fetched once more, by one press each."""

import errno

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, fresh, story
from tests.jobs.unchecked import GONE, blind, bytes_of, driven, file, made, stands
from tests.media.films import film
from videos.jobs import verbs
from videos.jobs.exceptions import CannotBe
from videos.jobs.fetching import storing
from videos.jobs.transitions import touch
from videos.media.probe import probe
from videos.media.store import Store

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    return film(tmp_path_factory.mktemp("films") / "film.mp4", frames=24).read_bytes()


@pytest.fixture
def damaged(mp4):
    """Its boxes are whole and the pictures in them are nothing."""
    return says.unreadable(mp4)


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
