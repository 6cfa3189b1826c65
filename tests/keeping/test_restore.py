"""A backup fills an empty studio with every row and every byte, and spends nothing."""

import dataclasses
import fcntl
import json
import os
import shutil

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from tests.builders import a_job
from tests.people import signed_in
from videos.jobs.retention import unused
from videos.keeping import manifest, rows
from videos.keeping.backup import backup
from videos.keeping.restore import LOCKS, restore
from videos.letters import outbox
from videos.media.store import Store, digest
from videos.models import Heartbeat, Job, Lease, Letter, Team, clock
from videos.states import State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_long]


def contents(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return sorted(cursor.fetchall(), key=repr)


def everything() -> dict[str, list[tuple]]:
    return {table: contents(table) for table in rows.tables() if table not in rows.FORGOTTEN}


def hashes(store: Store) -> dict[str, str]:
    return {name: digest(store.path(name)) for name in unused.names(store)}


@pytest.mark.both_databases
def test_every_row_and_every_hash_is_back(tmp_path, lived_in, store, elsewhere):
    for state in (State.QUEUED, State.SUBMITTING):
        lived_in[state].delete()
    before, files = everything(), hashes(store)
    backup(tmp_path / "copy")
    there = elsewhere()
    done = restore(tmp_path / "copy")
    assert done.parked == 0 and done.paper.files == len(files)
    assert everything() == before and len(before["videos_job"]) == len(State) - 2
    assert hashes(there) == files
    assert not Lease.objects.exists()


@pytest.mark.both_databases
def test_it_is_a_studio_again(tmp_path, lived_in, store, elsewhere, alice, team):
    film = lived_in["succeeded"]
    backup(tmp_path / "copy")
    elsewhere()
    restore(tmp_path / "copy")
    client = signed_in(alice)
    reply = client.get(f"/t/northlight/clips/{film.public_id}/files/0/")
    assert b"".join(reply.streaming_content) == f"film {film.pk} 0".encode() * 50
    # New rows get new ids, and are found by their words.
    assert a_job(team, alice, "After the flood").pk > max(job.pk for job in lived_in.values())
    assert b"After the flood" in client.get("/t/northlight/prompts/?q=flood").content
    assert b"A harbour, succeeded" in client.get("/t/northlight/prompts/?q=succeeded").content


@pytest.mark.both_databases
def test_letters_of_the_past_are_not_sent_again(tmp_path, lived_in, elsewhere):
    """They may have been sent since, and their links may open what somebody has changed since."""
    outbox.keep(EmailMessage("Subject", "A link", to=["alice@example.com"]))
    backup(tmp_path / "copy")
    elsewhere()
    restore(tmp_path / "copy")
    assert not Letter.objects.exists() and Team.objects.exists()


def test_a_backup_of_before_there_were_letters_is_taken(tmp_path, lived_in):
    backup(tmp_path / "copy")
    paper = manifest.read(tmp_path / "copy")
    older = dataclasses.replace(
        paper, rows={name: n for name, n in paper.rows.items() if name != "videos_letter"}
    )
    assert "DELETE FROM videos_letter" in rows.hold(paper)
    assert "DELETE FROM videos_letter" not in rows.hold(older)
    assert "DELETE FROM django_session" in rows.hold(older)


# --- what is refused ---------------------------------------------------------------


def test_a_studio_with_people_in_it_is_not_replaced(tmp_path, lived_in, team):
    backup(tmp_path / "copy")
    Team.objects.filter(pk=team.pk).update(name="Renamed since")
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(tmp_path / "copy"))
    assert Team.objects.get(pk=team.pk).name == "Renamed since"


def test_files_of_another_studio_are_not_mixed_in(tmp_path, lived_in, elsewhere):
    backup(tmp_path / "copy")
    elsewhere().put(b"somebody else's", ".mp4")
    with pytest.raises(manifest.Refused, match="not of this backup"):
        restore(tmp_path / "copy")
    assert not Job.objects.exists()


@pytest.mark.parametrize("lock", LOCKS)
def test_not_while_a_studio_runs_here(lock, tmp_path, lived_in, elsewhere, settings):
    backup(tmp_path / "copy")
    elsewhere()
    with open(settings.DATA / lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(manifest.Refused, match="A studio runs"):
            restore(tmp_path / "copy")


def test_not_while_a_worker_elsewhere_is_alive(tmp_path, lived_in, elsewhere):
    backup(tmp_path / "copy")
    elsewhere()
    Heartbeat.objects.create(name="ticker", at=clock.now())
    with pytest.raises(manifest.Refused, match="was alive"):
        restore(tmp_path / "copy")


def damage(path) -> None:
    """One bit, in the middle; not in the file it may be linked to."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)


@pytest.mark.parametrize("what", ["database", "manifest", "film", "film gone"])
def test_one_wrong_bit_is_noticed_before_anything_is_changed(what, tmp_path, lived_in, elsewhere, settings):
    film = lived_in["succeeded"].outputs.get().file
    copy, paper = tmp_path / "copy", backup(tmp_path / "copy")
    if what == "film gone":
        (copy / "media" / film).unlink()
    else:
        damage(
            {
                "database": copy / paper.database_file,
                "manifest": copy / manifest.MANIFEST,
                "film": copy / "media" / film,
            }[what]
        )
    elsewhere()
    with pytest.raises(manifest.Refused, match="missing or damaged"):
        restore(copy)
    assert not Job.objects.exists() and not settings.MEDIA.exists()


@pytest.mark.both_databases
def test_rows_that_do_not_add_up_leave_the_studio_empty(tmp_path, lived_in, elsewhere):
    backup(tmp_path / "copy")
    path = tmp_path / "copy" / manifest.COMPLETE
    paper = json.loads(path.read_text())
    paper["rows"]["videos_job"] += 1
    path.write_text(json.dumps(paper))
    elsewhere()
    with pytest.raises(manifest.Refused, match="videos_job"):
        restore(tmp_path / "copy")
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("FIELD_ENCRYPTION_KEYS", ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItMzItYnl0ZXM="]),
        ("ACCOUNT_PEPPER", "other"),
    ],
)
def test_without_the_right_secrets_it_says_which(
    setting, value, tmp_path, lived_in, elsewhere, settings, capsys
):
    backup(tmp_path / "copy")
    elsewhere()
    setattr(settings, setting, value)
    with pytest.raises(CommandError, match=setting.removeprefix("ACCOUNT_")):
        call_command("restore", str(tmp_path / "copy"))
    assert not Job.objects.exists()
    call_command("restore", str(tmp_path / "copy"), "--other-secrets")
    assert Job.objects.count() == len(lived_in) and "2 jobs waited" in capsys.readouterr().out


def test_a_backup_of_a_newer_version_is_refused(tmp_path, lived_in, elsewhere):
    backup(tmp_path / "copy")
    path = tmp_path / "copy" / manifest.COMPLETE
    paper = json.loads(path.read_text())
    paper["migrations"].append("videos.9999_from_the_future")
    path.write_text(json.dumps(paper))
    elsewhere()
    with pytest.raises(manifest.Refused, match="newer version"):
        restore(tmp_path / "copy")


def test_what_a_full_disk_interrupted_goes_on(tmp_path, lived_in, store, elsewhere, settings):
    """Files come first; a second try keeps those that are whole and replaces the one that is not."""
    files = hashes(store)
    backup(tmp_path / "copy")
    there = elsewhere()
    name = next(iter(files))
    there.path(name).parent.mkdir(parents=True)
    there.path(name).write_bytes(b"half")
    restore(tmp_path / "copy")
    assert hashes(there) == files


def test_a_backup_survives_its_studio(tmp_path, lived_in, store, elsewhere, settings):
    """Linked files outlive the folder they were linked from."""
    before, files = settings.DATA, hashes(store)
    backup(tmp_path / "copy", link=True)
    there = elsewhere()
    shutil.rmtree(before)
    assert not os.path.exists(before)
    restore(tmp_path / "copy")
    assert hashes(there) == files
