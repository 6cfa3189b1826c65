"""A backup is taken while the studio runs, is whole or is none, and holds no secret."""

import errno
import json
import os
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from tests.builders import SECRET, a_job
from tests.keeping.conftest import a_film
from videos import leases
from videos.jobs.retention import unused
from videos.keeping import backup as backups
from videos.keeping import manifest
from videos.keeping.backup import backup
from videos.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_long]


def everything_in(folder) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_it_says_what_it_holds(tmp_path, lived_in, store):
    paper = backup(tmp_path / "copy")
    assert paper.rows["videos_job"] == len(lived_in) and paper.rows["videos_output"] == 1
    assert paper.files == 4 == len(list(manifest.manifest(tmp_path / "copy")))
    assert paper.lost == [] and paper == manifest.read(tmp_path / "copy")
    for file in manifest.manifest(tmp_path / "copy"):
        copy = tmp_path / "copy" / "media" / file.name
        assert (
            copy.read_bytes() == store.path(file.name).read_bytes() and len(copy.read_bytes()) == file.bytes
        )


def test_it_holds_no_secret_and_says_what_to_keep_beside_it(tmp_path, lived_in, settings, capsys):
    call_command("backup", str(tmp_path / "copy"))
    said = capsys.readouterr().out
    assert "FIELD_ENCRYPTION_KEYS" in said and "STUDIO_ACCOUNT_PEPPER" in said
    copied = everything_in(tmp_path / "copy")
    for secret in (*settings.FIELD_ENCRYPTION_KEYS, settings.ACCOUNT_PEPPER, settings.SECRET_KEY, SECRET):
        assert secret.encode() not in copied


@pytest.mark.both_databases
def test_while_people_work(tmp_path, lived_in, team, bob, store, monkeypatch):
    """What is written during the copy is in it whole or not at all, and no file is missing
    that its rows name."""
    stop, made = threading.Event(), []

    def work():
        while not stop.is_set():
            job = a_job(team, bob, "Busy")
            made.append(a_film(store, job))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(made) < 3:
            assert worker.is_alive()
        paper = backup(tmp_path / "copy")
    finally:
        stop.set()
        worker.join()
    assert paper.lost == []
    assert len(lived_in) + 3 <= paper.rows["videos_job"] <= Job.objects.count()


@pytest.mark.parametrize("step", ["copy_out", "manifest", "complete"])
def test_a_half_backup_is_none(step, tmp_path, lived_in, monkeypatch):
    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    where = {
        "copy_out": (backups.rows, "copy_out"),
        "manifest": (manifest, "write_manifest"),
        "complete": (manifest, "write"),
    }
    monkeypatch.setattr(*where[step], dies)
    with pytest.raises(KeyboardInterrupt):
        backup(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert not leases.held(unused.LEASE)


def test_what_a_power_cut_left_is_refused(tmp_path, lived_in):
    backup(tmp_path / "copy")
    (tmp_path / "copy" / manifest.COMPLETE).unlink()
    with pytest.raises(manifest.Refused, match="no whole backup"):
        manifest.read(tmp_path / "copy")


def test_it_never_writes_over_anything(tmp_path, lived_in):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "novel.txt").write_text("chapter one")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(tmp_path / "mine"))
    assert (tmp_path / "mine" / "novel.txt").read_text() == "chapter one"


def test_it_does_not_copy_itself(settings, lived_in):
    with pytest.raises(manifest.Refused, match="inside the media folder"):
        backup(settings.MEDIA / "copy")


def test_what_the_studio_lost_is_said_and_the_rest_is_kept(tmp_path, lived_in, store, capsys):
    film = lived_in["succeeded"].outputs.get()
    store.path(film.poster).unlink()
    store.path(film.file).write_bytes(b"rotten")
    with pytest.raises(CommandError, match="2 files"):
        call_command("backup", str(tmp_path / "copy"))
    paper = manifest.read(tmp_path / "copy")
    assert paper.lost == sorted([film.file, film.poster]) and paper.files == 2


@pytest.mark.both_databases
def test_nothing_is_deleted_meanwhile(tmp_path, lived_in, monkeypatch):
    monkeypatch.setattr(backups, "PATIENCE", 0)
    assert leases.take(unused.LEASE, "purge", 60)
    with pytest.raises(manifest.Refused, match="trash is being emptied"):
        backup(tmp_path / "copy")


def test_it_copies_so_that_a_film_damaged_later_is_whole_in_the_backup(tmp_path, lived_in, store, capsys):
    call_command("backup", str(tmp_path / "copy"))
    film = lived_in["succeeded"].outputs.get()
    before = store.path(film.file).read_bytes()
    with open(store.path(film.file), "r+b") as file:
        file.write(b"damaged")  # where it lies, as a failing disk does
    assert (tmp_path / "copy/media" / film.file).read_bytes() == before != store.path(film.file).read_bytes()
    assert "does not survive that disk" in capsys.readouterr().out


def test_links_are_made_when_asked_for_and_it_is_said_what_they_are(tmp_path, lived_in, store, capsys):
    call_command("backup", str(tmp_path / "linked"), "--link")
    name = lived_in["succeeded"].outputs.get().file
    linked = tmp_path / "linked/media" / name
    assert os.path.samefile(linked, store.path(name))
    assert "second name" in capsys.readouterr().out
    before = linked.read_bytes()
    store.put(before, ".mp4")
    store.path(name).unlink()
    assert linked.read_bytes() == before


def test_a_link_to_another_disk_is_refused(tmp_path, lived_in):
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        other = Path("/proc")  # the check comes before anything is written
    with pytest.raises(manifest.Refused, match="another disk"):
        backup(other / "studio-backup-of-a-test", link=True)


def test_a_backup_that_would_fill_the_studios_disk_is_refused_before_it_begins(tmp_path, lived_in, settings):
    settings.DISK_RESERVE = 10**18
    with pytest.raises(CommandError, match="has room for 0 bytes besides what the studio keeps free"):
        call_command("backup", str(tmp_path / "copy"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_disk_that_fills_up_on_the_way_leaves_nothing_and_one_sentence(tmp_path, lived_in, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backups.shutil, "copyfile", full)
    with pytest.raises(CommandError, match="There is no backup.*No space left"):
        call_command("backup", str(tmp_path / "copy"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_with_the_wrong_encryption_keys_it_is_taken_and_the_command_says_so(tmp_path, lived_in, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="FIELD_ENCRYPTION_KEYS are not those"):
        call_command("backup", str(tmp_path / "copy"))
    assert manifest.read(tmp_path / "copy").files == 4


def test_a_file_that_cannot_be_read_is_one_that_is_lost(tmp_path, lived_in, store):
    film = lived_in["succeeded"].outputs.get()
    store.path(film.file).unlink()
    store.path(film.file).mkdir()
    assert backup(tmp_path / "copy").lost == [film.file]


def test_the_paper_of_another_format_is_not_read(tmp_path, lived_in):
    backup(tmp_path / "copy")
    path = tmp_path / "copy" / manifest.COMPLETE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(manifest.Refused, match="format 99"):
        manifest.read(tmp_path / "copy")
