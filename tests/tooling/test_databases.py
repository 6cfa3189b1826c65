"""The databases the tests run on are the ones a studio runs on, with its guarantees switched on."""

import os

import pytest
from django.db import connection


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_rows_live_where_database_url_says():
    wanted = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    assert connection.vendor == wanted
    assert "videos_job" in connection.introspection.table_names()


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_power_cut_does_not_forget_a_commit():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,), (
                "2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous"
            )
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
