"""F28: this version's workers and pages meet a row that a newer version has moved on: they
leave it alone, and nothing breaks."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from tests.builders import a_job
from tests.jobs.engine import drive, fresh, look, press
from videos.jobs.retention.erasing import erase_settled
from videos.jobs.running import ticker
from videos.models import Job, VendorKey
from videos.models.clock import now
from videos.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def newer(member, key):
    """A job in a state of tomorrow, due now."""
    job = a_job(member.team, member.user, "From tomorrow", key=key, state=State.RUNNING, next_at=now())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks are due
            cursor.execute("ALTER TABLE videos_job DROP CONSTRAINT job_state_known")
    Job.objects.filter(pk=job.pk).update(state="dreaming")
    yield fresh(job)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_f28_workers_leave_it_alone_and_go_on_with_the_rest(newer, member, key, vendor):
    assert drive(newer).state == "dreaming"
    assert look(newer) == 0
    assert ticker.tick() >= 0
    assert drive(press(member)).state == "running"
    assert (fresh(newer).state, fresh(newer).version) == ("dreaming", newer.version)
    assert vendor.looked == []


@pytest.mark.parametrize("page", ["gallery", "usage", "prompts", "trash"])
def test_f28_pages_are_drawn_around_it(newer, member, client, page):
    client.force_login(member.user)
    assert client.get(reverse(page, args=[member.team.slug])).status_code == 200


def test_f28_its_own_page_says_who_has_it(newer, member, client):
    client.force_login(member.user)
    answer = client.get(reverse("clip", args=[member.team.slug, newer.public_id]))
    assert answer.status_code == 200
    assert "A newer version of the studio has this in hand" in answer.text


def test_f28_what_it_needs_is_kept_and_its_money_still_adds_up(newer, member, key):
    VendorKey.objects.filter(pk=key.pk).update(trashed_at=now())
    assert erase_settled() == 0
    call_command("audit", verbosity=0)
