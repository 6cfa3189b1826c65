"""Dangerous settings do not start: each system check refuses the combination it is for."""

import copy

import pytest

from videos import checks


def ids(found):
    return {problem.id for problem in found}


ALL = (
    checks.the_queue_does_not_repeat,
    checks.sqlite_keeps_its_word,
    checks.keys_can_be_read,
    checks.deadlines_end_before_leases,
)


def test_the_settings_of_this_studio_pass():
    assert [found for check in ALL for found in check(None)] == []


@pytest.mark.parametrize(
    ("workers", "queue_limit", "bulk", "need"), [(4, 1, 1, 180), (1, 4, 1, 540), (1, 1, 1, 270)]
)
def test_q9_q10_q11_the_formula_behind_retry(workers, queue_limit, bulk, need):
    """Measured: with one worker and four prefetched, 4 of 6 tasks ran twice under ``retry > timeout``."""
    assert checks.retry_needed(90, workers, queue_limit, bulk) == need


@pytest.mark.parametrize("cluster", ["studio", "media"])
@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"retry": 91}, "studio.E001"),
        ({"queue_limit": 40}, "studio.E001"),
        ({"cache": "default"}, "studio.E002"),
    ],
)
def test_q9_a_queue_that_would_repeat_or_write_too_much_is_refused(settings, cluster, change, id):
    conf = copy.deepcopy(settings.Q_CLUSTER)
    (conf if cluster == "studio" else conf["ALT_CLUSTERS"]["media"]).update(change)
    settings.Q_CLUSTER = conf
    assert ids(checks.the_queue_does_not_repeat(None)) == {id}


@pytest.fixture
def database(settings, monkeypatch):
    """Says what the settings say of the database, without opening another."""
    here = settings.DATABASES["default"]

    def says(engine, **options):
        monkeypatch.setitem(here, "ENGINE", f"django.db.backends.{engine}")
        monkeypatch.setitem(here, "OPTIONS", options)

    return says


def test_q17_redis_beside_sqlite_is_refused(settings, database):
    """Measured: 120 duplicates of 200."""
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"redis": "redis://localhost"}
    database("sqlite3")
    assert ids(checks.the_queue_does_not_repeat(None)) == {"studio.E003"}
    database("postgresql")
    assert ids(checks.the_queue_does_not_repeat(None)) == set()


GOOD = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}


@pytest.mark.parametrize(
    "change",
    [{"transaction_mode": "DEFERRED"}, {"init_command": "PRAGMA journal_mode=WAL;"}, {"init_command": "PRAGMA synchronous=FULL;"},
     {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}, {"init_command": ""}],
)  # fmt: skip
def test_an_sqlite_that_forgets_or_locks_is_refused(database, change):
    database("sqlite3", **(GOOD | change))
    assert ids(checks.sqlite_keeps_its_word(None)) == {"studio.E004"}
    database("sqlite3", **GOOD)
    assert checks.sqlite_keeps_its_word(None) == []
    database("postgresql", **change)
    assert checks.sqlite_keeps_its_word(None) == []


@pytest.mark.parametrize("keys", [[], ["too-short"], ["not base64 at all!"]])
def test_a44_encryption_keys_that_are_none_are_refused(settings, keys):
    settings.FIELD_ENCRYPTION_KEYS = keys
    assert ids(checks.keys_can_be_read(None)) == {"studio.E005"}


@pytest.mark.parametrize(
    "change",
    [{"submit_deadline": 90.0, "submit_lease": 90.0}, {"download_renew": 60.0, "download_lease": 60.0},
     {"sweep_turn": 20.0, "sweep_lease": 15.0}, {"sweep_run": 90.0}, {"download_deadline": 900.0},
     {"download_idle": 50.0, "download_renew": 15.0, "download_lease": 60.0}],
)  # fmt: skip
def test_work_that_outlives_its_lease_is_refused(settings, change):
    settings.DURATIONS = settings.DURATIONS | change
    assert ids(checks.deadlines_end_before_leases(None)) == {"studio.E006"}


def test_trusted_hosts_are_named_one_by_one(settings):
    settings.TRUSTED_HOSTS = frozenset({("10.0.0.9", 80), ("gateway", 443)})
    said = checks.trusted_hosts_are_named(None)
    assert ids(said) == {"studio.W001"}
    assert ["10.0.0.9:80" in said[0].msg, "gateway:443" in said[1].msg] == [True, True]
