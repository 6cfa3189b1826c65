"""A database that can be read and not written, such as a replica that was promoted to nothing, a disk
that the kernel remounted, or a server in the middle of a move: every address is asked."""

import pytest
from django.db import connection

from tests.attacks.doors import DOORS
from tests.attacks.house import undone
from videos.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Where a person, or a vendor, is told in words. What answers machines in their own way is below.
WORDS = ("can be read and not written",)
READABLE = {
    "gallery", "clip", "prompts", "pictures", "picture_page", "usage", "budgets", "keys", "members", "trash", "models",
    "recipes", "batch", "race", "profile", "stack", "live", "shortcuts",
}  # fmt: skip


def read_only():
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA query_only = ON" if connection.vendor == "sqlite" else "SET TRANSACTION READ ONLY"
        )


def writable():
    if connection.vendor == "sqlite":  # PostgreSQL's ends with what is undone
        connection.connection.execute("PRAGMA query_only = OFF")


def test_every_address_answers_or_says_that_nothing_can_be_written(house):
    found = {}

    def asked(name):
        door = DOORS[name]
        client, url = house.client("owner", raise_request_exception=False), door.url(name, house.ours)
        form = door.form(house) if door.method == "POST" else {}
        jobs = Job.objects.count()
        with undone():
            read_only()
            try:
                more = {"data": form} | door.more if door.method == "POST" else door.more
                answer = client.post(url, **more) if door.method == "POST" else client.get(url, **more)
                found[name] = answer.status_code
                assert answer.status_code != 500, url
                if answer.status_code == 503 and name != "ready":
                    assert any(words in answer.text for words in WORDS), answer.text[:300]
            finally:
                writable()
        assert Job.objects.count() == jobs

    house.each(list(DOORS), asked)
    pages = {name for name in READABLE & DOORS.keys() if DOORS[name].method == "GET"}
    assert {name: found[name] for name in pages if found[name] != 200} == {}
