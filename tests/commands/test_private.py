"""The data folder and what is in it are their user's alone, whatever umask a program was started with."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from studio import private
from videos import checks
from videos.media.store import Store

ROOT = Path(__file__).resolve().parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def a_studio(folder: Path, rights: int = 0o755) -> Path:
    """A data folder as an older version or another umask left it."""
    for name in ("media", "cache"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    for name in ("studio.sqlite3", "studio.sqlite3-wal", "field_keys"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(rights)
    return folder


@pytest.mark.parametrize("rights", [0o755, 0o777, 0o750, 0o710, 0o701])
def test_a_folder_that_others_can_read_is_closed_and_so_is_what_lies_in_it(tmp_path, rights):
    private.close(a_studio(tmp_path, rights), media_group=False)
    assert mode(tmp_path) == 0o700
    assert {path.name: mode(path) for path in tmp_path.iterdir()} == {
        "media": 0o700, "cache": 0o700, "studio.sqlite3": 0o600, "studio.sqlite3-wal": 0o600, "field_keys": 0o600,
    }  # fmt: skip


def test_what_cannot_be_closed_is_refused_with_a_sentence(tmp_path, monkeypatch):
    def not_ours(*_arguments, **_more):
        raise PermissionError

    folder = a_studio(tmp_path)
    monkeypatch.setattr(os, "chmod", not_ours)
    with pytest.raises(ImproperlyConfigured, match=f"others on this machine can read.*chmod 700 {tmp_path}"):
        private.close(folder, media_group=False)


def test_a_folder_of_other_things_is_refused_and_never_changed(tmp_path):
    """STUDIO_DATA=/etc would else be the end of a machine."""
    (tmp_path / "passwd").touch()
    (tmp_path / "passwd").chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="others on this machine can read"):
        private.close(a_studio(tmp_path), media_group=False)
    assert (mode(tmp_path), mode(tmp_path / "passwd"), mode(tmp_path / "media")) == (0o755, 0o644, 0o755)


def test_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "media").symlink_to(elsewhere)
    private.close(data, media_group=False)
    assert mode(elsewhere) == 0o644


def test_a_group_may_pass_through_to_the_films_and_to_nothing_else(tmp_path):
    a_studio(tmp_path, 0o710)
    (tmp_path / "media").chmod(0o2750)
    private.close(tmp_path, media_group=True)
    assert (mode(tmp_path), mode(tmp_path / "media"), mode(tmp_path / "studio.sqlite3")) == (
        0o710,
        0o2750,
        0o600,
    )
    name = Store(tmp_path / "media").put(b"a film", ".mp4")
    file = tmp_path / "media" / name
    assert (mode(file), mode(file.parent)) == (0o640, 0o2750)


def test_without_such_a_group_a_film_is_its_owners(tmp_path):
    store = Store(tmp_path / "media")
    file = store.path(store.put(b"a film", ".mp4"))
    assert (mode(file), mode(file.parent), mode(store.root)) == (0o600, 0o700, 0o700)


def test_it_is_said_when_nginx_cannot_read_the_films_it_is_told_to_send(tmp_path, settings):
    settings.MEDIA, settings.MEDIA_ACCEL = tmp_path, "nginx"
    tmp_path.chmod(0o700)
    assert [found.id for found in checks.nginx_may_read_the_films(None)] == ["studio.W003"]
    tmp_path.chmod(0o2750)
    assert checks.nginx_may_read_the_films(None) == []


@pytest.mark.long
def test_under_any_umask_a_new_studio_is_closed_to_its_last_file(tmp_path):
    data = tmp_path / "data"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "studio.settings", "STUDIO_DATA": str(data), "STUDIO_ENV": "development",
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    writes = "from django.core.cache import cache; cache.set('a', 1); from videos.media.store import Store; " \
        "from django.conf import settings; Store(settings.MEDIA).put(b'x', '.mp4')"  # fmt: skip
    for command in (
        ["migrate"],
        ["collectstatic", "--no-input"],
        ["demo"],
        ["shell", "--no-imports", "-c", writes],
    ):
        run = [sys.executable, str(ROOT / "manage.py"), *command]
        done = subprocess.run(run, env=env, umask=0, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    reached = [data, *(path for path in data.rglob("*") if data / "static" not in path.parents)]
    assert len(reached) > 8
    assert [path for path in reached if mode(path) & 0o077] == []
    assert mode(settings.DATA) == 0o700
