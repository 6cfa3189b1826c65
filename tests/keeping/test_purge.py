"""What the trash deletes, what it never touches, and what a crash in between leaves."""

import os
import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from tests.builders import a_job, a_key
from tests.keeping.conftest import a_film
from tests.pages.pictures import a_film_upload, an_upload
from tests.people import join
from videos import leases
from videos.jobs import money, verbs
from videos.jobs.retention import purge as purging
from videos.jobs.retention import unused
from videos.jobs.retention.purge import purge
from videos.jobs.running import ticker, tidy
from videos.models import Draft, Event, Job, JobPicture, Output, Team, Upload, VendorKey, clock
from videos.states import Attempt, State

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LONG_AGO = 40  # days


@pytest.fixture
def old(store):
    """Call it: every file there is was written long ago."""

    def age():
        then = time.time() - LONG_AGO * 86_400
        for name in unused.names(store):
            os.utime(store.path(name), (then, then))

    return age


def thrown(team, user, store, days: float = LONG_AGO, **film) -> Job:
    fields = {name: film.pop(name) for name in ("state", "text") if name in film}
    job = a_job(
        team, user, trashed_at=clock.now() - timedelta(days=days), money="charged", charge=28, unit="credits",
        callback_hash=os.urandom(32).hex(), **fields,
    )  # fmt: skip
    a_film(store, job, **film)
    money.open_attempt(job)
    money.settle(job, Attempt.CHARGED, "accepted")
    return job


def there(store) -> set[str]:
    return set(unused.names(store))


def test_after_its_days_the_files_go_and_the_books_stay(team, alice, store, old):
    job = thrown(team, alice, store, days=30.1)
    kept = thrown(team, alice, store, days=29.9)
    old()
    done = purge()
    assert (done.jobs, done.uploads) == (1, 0) and done.bytes > 0
    assert there(store) == set(kept.outputs.values_list("file", "poster").get())
    tomb = Job.objects.get(pk=job.pk)
    assert tomb.purged_at and not bytes(tomb.body_sealed) and tomb.callback_hash is None
    assert (tomb.money, tomb.charge, tomb.prompt.text) == ("charged", 28, "A lighthouse at dusk")
    assert list(tomb.attempts.values_list("state", flat=True)) == ["charged"]
    assert tomb.events.filter(verb="job.purged").count() == 1
    output = tomb.outputs.get()
    assert (output.file, output.poster, bytes(output.url_sealed), output.state) == ("", "", b"", "purged")
    assert output.seconds == 5.0  # what was got for the money stays written
    assert purge().jobs == 0


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.UNKNOWN, State.RUNNING, State.EXPIRED, State.DOWNLOADING]
)
def test_what_is_not_settled_stays(state, team, alice, store, old):
    job = thrown(team, alice, store, days=400, state=state)
    old()
    assert purge().jobs == 0
    assert not Job.objects.get(pk=job.pk).purged_at


def test_a_file_that_somebody_else_uses_stays(team, alice, store, old):
    """The same bytes in another team, the film's poster as an upload, two jobs with one film."""
    shared, poster = b"the same film" * 99, b"the same poster" * 9
    gone = thrown(team, alice, store, film=shared, poster=poster)
    elsewhere = Team.objects.create(name="Elsewhere", slug="elsewhere")
    join(elsewhere, alice)
    other = a_film(store, a_job(elsewhere, alice, key=a_key(elsewhere)), film=shared)
    picture = an_upload(team, alice)
    Upload.objects.filter(pk=picture.pk).update(file=gone.outputs.get().poster)
    store.path(picture.file).unlink()
    old()
    assert purge().jobs == 1
    assert there(store) == {
        other.file,
        other.poster,
        gone.outputs.model.objects.get(pk=other.pk).file,
        Upload.objects.get().file,
    }
    assert store.path(other.file).read_bytes() == shared


def test_every_column_that_names_a_file_is_known():
    """A new one that is not in NAMED_BY would lose its files."""
    named = {
        (model, field.name)
        for model in apps.get_app_config("videos").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name in ("file", "poster", "thumbnail", "strip")
    }
    assert named == set(unused.NAMED_BY)


# --- pictures ----------------------------------------------------------------------


def test_a_thrown_picture_that_nobody_used_goes(team, alice, bob, store, old):
    used, drafted, fresh, forgotten = (an_upload(team, alice, n) for n in range(4))
    JobPicture.objects.create(job=a_job(team, alice), upload=used, role="start", link_hash="0" * 64)
    Draft.objects.create(team=team, user=bob, content={"pictures": [["start", drafted.pk]]})
    a_film_upload(team, alice)  # its poster goes along
    Upload.objects.exclude(pk=fresh.pk).update(trashed_at=clock.now() - timedelta(days=LONG_AGO))
    Upload.objects.filter(pk=fresh.pk).update(trashed_at=clock.now())
    old()
    assert purge().uploads == 2
    assert not Upload.objects.filter(pk=forgotten.pk).exists()
    assert there(store) == {used.file, drafted.file, fresh.file}


def test_what_nobody_threw_away_stays_in_the_library(team, alice, store, old):
    kept = an_upload(team, alice)
    Upload.objects.update(brought_at=clock.now() - timedelta(days=LONG_AGO))
    old()
    assert purge().uploads == 0
    assert there(store) == {kept.file}


def test_a_draft_of_nonsense_holds_nothing_up(team, alice, bob, store):
    Draft.objects.create(team=team, user=bob, content={"pictures": [["start", "x"], 7, None, ["a", 10**30]]})
    Draft.objects.create(team=team, user=alice, content=["not", "a", "form"])
    assert purge().uploads == 0


def test_a_thrown_picture_of_a_purged_job_follows_it(team, alice, store, old):
    job, picture = thrown(team, alice, store), an_upload(team, alice)
    JobPicture.objects.create(job=job, upload=picture, role="start", link_hash="0" * 64)
    Upload.objects.update(trashed_at=clock.now() - timedelta(days=LONG_AGO))
    old()
    purge()
    purge()
    assert not Upload.objects.exists() and there(store) == set()


# --- two at once, and crashes ------------------------------------------------------


def test_taken_back_at_that_very_moment(team, alice, store, old, monkeypatch):
    job = thrown(team, alice, store)
    old()
    member = team.memberships.select_related("team", "user").get(user=alice)
    found = list(purging.purgeable_jobs(clock.now()))
    verbs.restore(member, Job.objects.get(pk=job.pk))
    monkeypatch.setattr(purging, "purgeable_jobs", lambda since: found)
    assert purge().jobs == 0
    back = Job.objects.get(pk=job.pk)
    assert back.trashed_at is None and store.path(back.outputs.get().file).exists()


def test_not_back_after_that_very_moment(team, alice, store):
    job = thrown(team, alice, store)
    held = Job.objects.get(pk=job.pk)
    purge()
    member = team.memberships.select_related("team", "user").get(user=alice)
    for late in (held, Job.objects.get(pk=job.pk)):
        with pytest.raises(verbs.CannotBe):
            verbs.restore(member, late)


@pytest.mark.django_db(transaction=True)
def test_two_purges_at_once(team, alice, store, old):
    jobs = [thrown(team, alice, store) for _n in range(6)]
    old()
    start, done = threading.Barrier(2), []

    def one():
        start.wait()
        done.append(purge())
        connection.close()

    both = [threading.Thread(target=one) for _n in range(2)]
    [thread.start() for thread in both]
    [thread.join() for thread in both]
    assert sum(purged.jobs for purged in done) == len(jobs)
    assert Event.objects.filter(verb="job.purged").count() == len(jobs)
    purging.sweep("later")  # where one held the files, the other left its share to the sweep
    assert there(store) == set()


def test_killed_after_the_rows_and_before_the_files(team, alice, store, old, monkeypatch):
    thrown(team, alice, store)
    old()
    with monkeypatch.context() as dies:
        dies.setattr(unused, "remove_unused", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            purge()
    assert Job.objects.get().purged_at and len(there(store)) == 2
    assert purge().bytes > 0  # the daily look at every file
    assert there(store) == set()


def test_killed_with_a_file_aside_that_is_needed_again(team, alice, store, old):
    """Somebody stored the same bytes between the two looks, and the purge died there."""
    film = a_film(store, a_job(team, alice))
    aside = store.root / unused.ASIDE / store.path(film.file).name
    aside.parent.mkdir()
    store.path(film.file).rename(aside)
    unused.remove_unused([], "next")
    assert store.path(film.file).exists() and not aside.exists()


def test_a_file_whose_row_is_not_written_yet_stays(store):
    store.put(b"just arrived", ".mp4")
    assert purging.sweep("sweep") == 0
    assert len(there(store)) == 1


def test_stored_again_between_the_two_looks(store, old, monkeypatch):
    """No row names it; it is replaced by the same bytes, whose row comes in a moment."""
    name = store.put(b"again", ".mp4")
    old()
    looks = []

    def named(asked):
        looks.append(asked)
        if len(looks) == 1:
            store.put(b"again", ".mp4")
        return False

    monkeypatch.setattr(unused, "named", named)
    unused.remove_unused([name], "purge")
    assert store.path(name).read_bytes() == b"again"


def test_while_a_backup_copies_no_file_goes(team, alice, store, old):
    thrown(team, alice, store)
    old()
    assert leases.take(unused.LEASE, "backup", 60)
    done = purge()
    assert (done.jobs, done.bytes) == (1, 0) and len(there(store)) == 2
    leases.give_back(unused.LEASE, "backup")
    purging.sweep("tomorrow")
    assert there(store) == set()


def test_what_is_not_ours_is_never_touched(store, settings):
    store.put(b"x", ".mp4")
    stray = settings.MEDIA / "ab" / "holiday.jpg"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"mine")
    os.utime(stray, (0, 0))
    purging.sweep("sweep")
    unused.remove_unused(["../data/novel.txt", "ab/holiday.jpg"], "purge")
    assert stray.exists()


# --- where it is called ------------------------------------------------------------


def test_every_hour_by_itself_keys_too(team, alice, store, old):
    thrown(team, alice, store)
    old()
    key = VendorKey.objects.get()
    VendorKey.objects.update(trashed_at=clock.now())
    tidy.tidy()
    assert there(store) == set() and not bytes(VendorKey.objects.get(pk=key.pk).sealed)


def test_by_hand_sooner(team, alice, store, old, capsys):
    thrown(team, alice, store, days=2)
    old()
    call_command("purge")
    assert "0 generations" in capsys.readouterr().out
    call_command("purge", "--days", "1")
    assert "1 generations" in capsys.readouterr().out and there(store) == set()


def test_what_was_lost_and_purged_is_not_asked_about_again(team, alice, store):
    job = thrown(team, alice, store, state=State.LOST)
    Job.objects.filter(pk=job.pk).update(next_at=clock.later(-5), vendor_task_id="t")
    purge()
    assert Job.objects.get(pk=job.pk).next_at is None
    assert ticker.nudge_sweep() == 0
    assert not Output.objects.exclude(file="").exists()
