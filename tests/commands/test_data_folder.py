"""Which commands may begin a studio, and what all of them say where there is none to work on."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands
from django.db import connection

from studio import data_folder, database_state
from tests.builders import a_key

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(name for name, app in get_commands().items() if app == "videos")
# What each needs to be run at all.
WORDS = {
    "addkey": ["acedata", "--team", "x"],
    "backup": ["/nowhere/copy"],
    "bringin": ["task", "--team", "x", "--model", "x/y"],
    "createteam": ["Name", "--owner", "a@example.com"],
    "generate": ["--team", "x", "--model", "x/y", "--prompt", "x"],
    "restore": ["/nowhere/copy"],
}


def begins(monkeypatch, command):
    monkeypatch.setattr(data_folder, "command", command)


# --- the data folder -----------------------------------------------------------------


@pytest.mark.parametrize("command", ["audit", "shell", "studio_worker", "createteam", "qcluster", ""])
def test_nothing_is_made_in_a_folder_without_a_studio(tmp_path, monkeypatch, command):
    """Nor by the web server, which has no command."""
    begins(monkeypatch, command)
    with pytest.raises(ImproperlyConfigured, match="There is no studio in"):
        data_folder.prepare(tmp_path / "typo")
    data_folder.prepare(tmp_path)
    with pytest.raises(ImproperlyConfigured, match="There is no studio in"):
        data_folder.kept_secret(tmp_path, "field_keys", str)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", sorted(data_folder.NEEDS_NO_STUDIO))
def test_what_needs_no_studio_runs_without_one_and_leaves_no_trace(tmp_path, monkeypatch, command):
    begins(monkeypatch, command)
    assert not data_folder.prepare(tmp_path / "typo")
    assert (
        data_folder.kept_secret(tmp_path / "typo", "field_keys", lambda: "of the moment") == "of the moment"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_studio_is_begun_in_a_new_folder_for_its_owner_alone(tmp_path, monkeypatch, command):
    begins(monkeypatch, command)
    data = tmp_path / "data"
    assert data_folder.prepare(data) and data.stat().st_mode & 0o777 == 0o700
    made = [
        data_folder.kept_secret(data, name, lambda: os.urandom(8).hex())
        for name in ("field_keys", "account_pepper")
    ]
    begins(monkeypatch, "audit")
    assert [data_folder.kept_secret(data, name, str) for name in ("field_keys", "account_pepper")] == made
    assert {path.stat().st_mode & 0o777 for path in data.iterdir()} == {0o600}
    assert sorted(path.name for path in data.iterdir()) == ["account_pepper", "field_keys"]


def test_not_beside_other_peoples_things_and_not_beside_a_database_whose_secrets_are_lost(
    tmp_path, monkeypatch
):
    begins(monkeypatch, "run")
    (tmp_path / "novel.txt").write_text("chapter one")
    with pytest.raises(ImproperlyConfigured, match=r"holds other things \(novel.txt\)"):
        data_folder.kept_secret(tmp_path, "field_keys", str)
    (tmp_path / "novel.txt").rename(tmp_path / "studio.sqlite3")
    with pytest.raises(ImproperlyConfigured, match="lacks its field_keys"):
        data_folder.kept_secret(tmp_path, "field_keys", str)
    assert data_folder.kept_secret(tmp_path, "secret_key", lambda: "new") == "new", "only sign-ins are lost"


def test_a_restore_makes_no_secrets(tmp_path, monkeypatch):
    begins(monkeypatch, "restore")
    with pytest.raises(ImproperlyConfigured, match="A restore needs the secrets"):
        data_folder.kept_secret(tmp_path, "field_keys", str)


def test_a_folder_that_is_none_and_a_secret_that_cannot_be_read_are_said(tmp_path, monkeypatch):
    begins(monkeypatch, "run")
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="which is no folder"):
        data_folder.prepare(tmp_path / "file")
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        data_folder.prepare(Path("/proc/no/such"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ImproperlyConfigured, match="may not read and write"):
        data_folder.prepare(tmp_path)
    (tmp_path / "field_keys").mkdir()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        data_folder.kept_secret(tmp_path, "field_keys", str)
    (tmp_path / "account_pepper").write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        data_folder.kept_secret(tmp_path, "account_pepper", str)


# --- the database ----------------------------------------------------------------------


@pytest.fixture
def on(monkeypatch, tmp_path):
    """``on(*statements)``: the commands find a database in which these were run."""

    def use(*statements):
        path = tmp_path / "studio.sqlite3"
        if statements:
            with closing(sqlite3.connect(path)) as database:
                for statement in statements:
                    database.execute(statement)
                database.commit()
        other = connection.copy()
        other.settings_dict = connection.settings_dict | {"NAME": str(path)}
        monkeypatch.setattr(database_state, "connection", other)
        return path

    if connection.vendor != "sqlite":
        pytest.fail("these databases are files")
    return use


MIGRATIONS = "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)"


def applied(*pairs):
    rows = ", ".join(f"('{app}', '{name}', '2026-01-01')" for app, name in pairs)
    return MIGRATIONS, f"INSERT INTO django_migrations (app, name, applied) VALUES {rows}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ((), "There is no database at"),
        (("PRAGMA user_version = 1",), "is empty: manage.py migrate"),
        (("CREATE TABLE novel (chapter)",), "another program's"),
        (applied(("blog", "0001_initial")), "another program's"),
        (
            applied(*database_state._known(), ("videos", "0999_tomorrow")),
            "newer version of the studio, which has 0999_tomorrow",
        ),
        (applied(("videos", "0001_initial")), "older version"),
    ],
    ids=["none", "empty", "a table", "another project", "newer", "older"],
)
def test_a_database_that_a_command_cannot_work_with(on, statements, said):
    path = on(*statements)
    with pytest.raises(ImproperlyConfigured, match=said):
        database_state.check("audit")
    assert path.exists() == bool(statements), "not even an empty one is made"


@pytest.mark.django_db
@pytest.mark.parametrize("command", sorted(data_folder.MAY_BEGIN))
def test_who_begins_fills_an_empty_or_an_older_one_and_touches_no_other(on, command):
    on()
    database_state.check(command)
    on("PRAGMA user_version = 1")
    database_state.check(command)
    path = on(*applied(("videos", "0001_initial")))
    database_state.check(command)
    path.unlink()
    on("CREATE TABLE novel (chapter)")
    with pytest.raises(ImproperlyConfigured, match="another program's"):
        database_state.check(command)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_this_one_will_do(team):
    for command in (*OURS, "shell", "qcluster"):
        database_state.check(command)


@pytest.mark.django_db
@pytest.mark.parametrize("setting", ["FIELD_ENCRYPTION_KEYS", "ACCOUNT_PEPPER"])
def test_wrong_secrets_are_said_by_those_that_seal_with_them(team, settings, setting):
    a_key(team)
    database_state.check("addkey")
    wrong = Fernet.generate_key().decode()
    setattr(settings, setting, [wrong] if setting == "FIELD_ENCRYPTION_KEYS" else wrong)
    for command in sorted(database_state.NEEDS_SECRETS):
        with pytest.raises(ImproperlyConfigured, match=setting):
            database_state.check(command)
    database_state.check("audit")  # which opens nothing


# --- the real thing --------------------------------------------------------------------


def manage(data, *words, **env):
    names = ("STUDIO_", "FIELD_", "DATABASE_", "DJANGO_", "REDIS_", "EMAIL_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words], env=clean | {"STUDIO_DATA": str(data)} | env,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def a_sentence(done, code=78) -> str:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
    return done.stderr


def test_one_sentence_one_exit_code_and_nothing_made(tmp_path):
    assert "There is no studio" in a_sentence(manage(tmp_path / "typo", "audit"))
    assert list(tmp_path.iterdir()) == []
    assert "STUDIO_PORT is 'high'" in a_sentence(manage(tmp_path / "new", "migrate", STUDIO_PORT="high"))
    assert list((tmp_path / "new").iterdir()) == []


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Name -> (data folder, environment): places where no command finds a studio it can work with."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "empty").mkdir()
    (folder / "foreign").mkdir()
    (folder / "foreign/novel.txt").write_text("chapter one")
    (folder / "file").write_text("")
    assert manage(folder / "whole", "migrate").returncode == 0
    garbage, foreign = folder / "garbage.sqlite3", folder / "foreign.sqlite3"
    garbage.write_bytes(os.urandom(4000))
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE novel (chapter)")
    return {
        "no folder": (folder / "typo", {}),
        "an empty folder": (folder / "empty", {}),
        "another's folder": (folder / "foreign", {}),
        "a file": (folder / "file", {}),
        "no database": (folder / "whole", {"DATABASE_URL": f"sqlite:///{folder}/none.sqlite3"}),
        "garbage": (folder / "whole", {"DATABASE_URL": f"sqlite:///{garbage}"}),
        "another's database": (folder / "whole", {"DATABASE_URL": f"sqlite:///{foreign}"}),
        "a server that is away": (folder / "whole", {"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}),
    }


WORKS_WITHOUT = data_folder.NEEDS_NO_STUDIO | data_folder.MAY_BEGIN


@pytest.mark.long
@pytest.mark.parametrize("command", [name for name in OURS if name not in WORKS_WITHOUT])
def test_every_command_says_one_sentence_wherever_it_cannot_work(places, command):
    for place, (data, env) in places.items():
        before = sorted(path.name for path in data.iterdir()) if data.is_dir() else data.exists()
        done = manage(data, command, *WORDS.get(command, ()), **env)
        a_sentence(done, 75 if place in ("garbage", "a server that is away") else 78)
        after = sorted(path.name for path in data.iterdir()) if data.is_dir() else data.exists()
        assert before == after, place
