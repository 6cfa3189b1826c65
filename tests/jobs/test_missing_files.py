"""A file that a row names and the store does not have any more: nothing is paid for that needs it,
and what the vendor still has is fetched again."""

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import a_picture, drive, due, fresh, press, story
from tests.jobs.test_bad_files import GONE
from tests.jobs.test_collect import file, made, mp4  # noqa: F401  (a fixture)
from videos.create import media_import
from videos.jobs import verbs
from videos.jobs.ordering import press as pressing
from videos.media.store import Store
from videos.models import Job
from videos.uploads.pictures import BadPicture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA = tmp_path / "media"


def take_away(name):
    Store(settings.MEDIA).path(name).unlink()


def cut(name):
    path = Store(settings.MEDIA).path(name)
    path.write_bytes(path.read_bytes()[:-1])


def lock(name):
    """Something that cannot be opened, whoever runs the test: a folder."""
    path = Store(settings.MEDIA).path(name)
    path.unlink()
    path.mkdir()


@pytest.fixture(params=[take_away, cut, lock], ids=["gone", "cut short", "unreadable"])
def spoil(request):
    return request.param


@pytest.mark.both_databases
def test_a_press_that_needs_a_missing_picture_is_refused_by_name(member, key, vendor, spoil):
    picture = a_picture(member)
    spoil(picture.file)
    with pytest.raises(verbs.Refusal) as refused:
        press(member, pictures=(("start", picture),))
    assert [(one.field, one.code) for one in refused.value.problems] == [("pictures", "picture_missing")]
    assert refused.value.problems[0].values == {"picture": "teal.png"}
    assert not Job.objects.exists() and vendor.sent == []


def test_the_same_picture_brought_again_heals_it(member, key, vendor):
    picture = a_picture(member)
    take_away(picture.file)
    again = a_picture(member)
    assert again == picture
    assert press(member, pictures=(("start", again),)).state == "queued"


def test_so_is_a_second_try_of_what_was_made_from_it(member, key, vendor):
    picture = a_picture(member)
    job = press(member, pictures=(("start", picture),))
    take_away(picture.file)
    with pytest.raises(verbs.Refusal):
        verbs.retry(member, job)


def test_and_all_of_several_where_one_needs_it(member, key, vendor):
    picture = a_picture(member)
    take_away(picture.file)
    whole = verbs.GenerationRequest(model=press(member).model, prompt="without a picture")
    with pytest.raises(verbs.Refusal) as refused:
        verbs.start_all(
            member, [whole, verbs.GenerationRequest(whole.model, "with one", pictures=(("start", picture),))]
        )
    assert [row for row, _problem in refused.value.reasons] == [1]
    assert Job.objects.count() == 1


def test_one_that_goes_between_the_check_and_the_freezing_stops_the_press(member, key, vendor, monkeypatch):
    """Inside the request, where its bytes are read."""
    picture = a_picture(member)
    check = pressing.check_all
    monkeypatch.setattr(pressing.checking, "pictures_travel_inside", lambda checked: True)

    def checked_then_gone(*args):
        found = check(*args)
        take_away(picture.file)
        return found

    monkeypatch.setattr(pressing, "check_all", checked_then_gone)
    with pytest.raises(verbs.Refusal) as refused:
        press(member, pictures=(("start", picture),))
    assert [one.code for one in refused.value.problems] == ["picture_missing"]
    assert not Job.objects.exists()


def test_what_waits_to_be_sent_waits_for_its_picture(member, key, vendor):
    """The vendor would be told where the picture is, and find nothing there."""
    picture = a_picture(member)
    path = Store(settings.MEDIA).path(picture.file)
    data, job = path.read_bytes(), press(member, pictures=(("start", picture),))
    take_away(picture.file)
    job = drive(job)
    assert (job.state, job.waiting_for, vendor.sent) == ("queued", "picture", [])
    path.write_bytes(data)
    assert drive(due(job)).state == "running"


def test_what_travels_inside_the_request_does_not_wait(member, key, vendor, monkeypatch):
    picture = a_picture(member)
    job = press(member, pictures=(("start", picture),))
    take_away(picture.file)
    monkeypatch.setattr("videos.jobs.account.routes.reachable_by", lambda vendor, rehearsal: False)
    assert drive(job).state == "running"


def stored(member, vendor, mp4):  # noqa: F811
    job = drive(made(member, vendor, "a.mp4", files=[file(mp4)]))
    assert job.state == "succeeded"
    return job


def test_a_film_that_is_missing_is_fetched_again(member, key, vendor, mp4):  # noqa: F811
    job = stored(member, vendor, mp4)
    ended, name = job.ended_at, job.outputs.get().file
    take_away(name)
    verbs.fetch_again(member, job)
    job = drive(due(job))
    assert (job.state, job.money, story(job)[-2:]) == ("succeeded", "charged", ["fetch_again", "stored"])
    assert Store(settings.MEDIA).holds(name, len(mp4)) and job.ended_at > ended
    assert len(vendor.sent) == 1 and job.came_late_at is None


def test_one_that_is_there_is_not(member, key, vendor, mp4):  # noqa: F811
    job = stored(member, vendor, mp4)
    with pytest.raises(verbs.CannotBe) as cannot:
        verbs.fetch_again(member, job)
    assert cannot.value.code == "nothing_to_fetch"


def test_where_the_vendor_has_it_no_more_a_backup_still_heals_it(member, key, vendor, mp4):  # noqa: F811
    job = stored(member, vendor, mp4)
    name = job.outputs.get().file
    take_away(name)
    vendor.files["/a.mp4"], vendor.looks = GONE, [says.unknown_task()]
    verbs.fetch_again(member, job)
    for _try in range(8):
        job = drive(due(fresh(job)))
    assert (job.state, job.kind, job.money) == ("download_failed", "download_gone", "charged")
    path = Store(settings.MEDIA).path(name)
    path.write_bytes(mp4)  # an operator put it back
    verbs.fetch_again(member, job)
    job = drive(due(job))
    assert (job.state, job.outputs.get().state) == ("succeeded", "stored")


def test_a_missing_film_is_not_used_again(member, key, vendor, mp4, spoil):  # noqa: F811
    output = stored(member, vendor, mp4).outputs.get()
    spoil(output.file)
    for use in (
        media_import.keep_still,
        media_import.keep_clip,
        lambda member, film: media_import.keep_frame(member, film, 0.1),
    ):
        with pytest.raises(BadPicture) as bad:
            use(member, output)
        assert bad.value.code == "file_missing" and "missing" in media_import.describe_refusal(
            bad.value, "A film"
        )
