"""What a restored studio does about money: it asks, it waits for a person, it never sends."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, attempts, drive, looked, press, story
from videos import words
from videos.hooks.views import keep
from videos.jobs import money, verbs
from videos.jobs.running import drive as driving
from videos.jobs.running import ticker
from videos.keeping import park_unsent, rows
from videos.keeping.backup import backup
from videos.keeping.restore import restore
from videos.models import Heartbeat, Job, Lease, clock
from videos.states import State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_long]


@pytest.mark.both_databases
def test_what_waited_to_be_sent_may_have_been_sent_since(tmp_path, member, vendor, key, elsewhere):
    """The vendor made it an hour after the backup. The restored studio says that it does not
    know, and sends nothing, however often it is nudged."""
    job = press(member)
    backup(tmp_path / "copy")
    assert drive(job).state == "running" and len(vendor.sent) == 1
    elsewhere()
    assert restore(tmp_path / "copy").parked == 1
    parked = Job.objects.select_related("key", "team").get(pk=job.pk)
    assert (parked.state, parked.kind, parked.money) == ("unknown", "parked", "possibly")
    assert attempts(parked) == [("unknown", "restored")] and story(parked) == ["created", "parked"]
    ticker.tick()
    for _nudge in range(3):
        parked = drive(parked)
    assert parked.state == "unknown" and len(vendor.sent) == 1
    said = words.card_text(parked, clock.now())
    assert said.action == "decide" and "may have been sent since" in said.title and "charged" in said.money


def test_what_was_being_sent_is_not_sent_again_even_under_the_same_key(
    tmp_path, member, vendor, safe_key, elsewhere
):
    """Otherwise this vendor's requests are repeated after a crash; for how long that is safe
    after a restore, nobody can say."""
    job = press(member, model=SAFE_MODEL)
    vendor.submits = [says.says(b"")]
    assert drive(job).state == "submitting"
    backup(tmp_path / "copy")
    sent = len(vendor.sent)
    elsewhere()
    restore(tmp_path / "copy")
    parked = drive(job)
    assert parked.state == "unknown" and len(vendor.sent) == sent
    assert attempts(parked) == [("unknown", "restored")]


def test_a_person_decides(tmp_path, member, vendor, key, elsewhere):
    first, second = press(member, "One"), press(member, "Two")
    backup(tmp_path / "copy")
    elsewhere()
    restore(tmp_path / "copy")
    first, second = (Job.objects.select_related("key", "team").get(pk=job.pk) for job in (first, second))
    again = drive(verbs.decide(member, first, "try_again"))
    assert again.state == "running" and len(vendor.sent) == 1
    assert attempts(again) == [("written_off", "try_again"), ("charged", "accepted")]
    given_up = verbs.decide(member, second, "give_up")
    assert (given_up.state, given_up.money) == ("failed", "written_off")


def test_a_late_callback_finds_its_job(tmp_path, member, vendor, key, elsewhere):
    """The address it calls was in the backup: what was sent afterwards comes home by itself."""
    job = press(member)
    backup(tmp_path / "copy")
    task = drive(job).vendor_task_id
    elsewhere()
    restore(tmp_path / "copy")
    keep(Job.objects.get(pk=job.pk), json.dumps({"task_id": task, "data": {"task_id": task}}).encode())
    found = looked(Job.objects.get(pk=job.pk))
    assert found.vendor_task_id == task and found.state in ("running", "downloading")
    assert len(vendor.sent) == 1


def test_a_worker_that_starts_before_all_is_done_finds_nothing_to_send(
    tmp_path, member, vendor, key, elsewhere, monkeypatch
):
    """The restore is killed between the rows and the parking; a worker runs; the same
    command finishes it."""
    job = press(member)
    backup(tmp_path / "copy")
    elsewhere()
    with monkeypatch.context() as dies:
        dies.setattr(park_unsent, "park", lambda taken_at: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restore(tmp_path / "copy")
    held = Job.objects.get(pk=job.pk)
    assert (held.state, held.next_at) == ("queued", None)
    ticker.tick()
    driving.drive(held.pk)
    assert vendor.sent == []
    Heartbeat.objects.all().delete()
    assert restore(tmp_path / "copy").parked == 1
    assert Job.objects.get(pk=job.pk).state == "unknown"
    assert not Lease.objects.filter(name=rows.RESTORING).exists()


def test_what_was_accepted_is_only_asked_about(tmp_path, lived_in, elsewhere):
    watched = {State.RUNNING, State.EXPIRED, State.LOST, State.DOWNLOADING, State.UNKNOWN}
    before = {
        state: (lived_in[state].state, money.standing_attempt(lived_in[state]).state) for state in watched
    }
    backup(tmp_path / "copy")
    elsewhere()
    assert restore(tmp_path / "copy").parked == 2
    for state in watched:
        job = Job.objects.get(pk=lived_in[state].pk)
        assert (job.state, money.standing_attempt(job).state) == before[state]


def test_sign_ins_and_rights_of_the_past_are_over(tmp_path, lived_in, elsewhere):
    Session.objects.create(
        session_key="stolen", session_data="x", expire_date=timezone.now() + timezone.timedelta(days=9)
    )
    Job.objects.filter(state=State.RUNNING).update(lease_owner="a dead worker", lease_until=clock.later(900))
    Lease.objects.create(name="sweep", owner="a dead worker", until=clock.later(900))
    backup(tmp_path / "copy")
    elsewhere()
    restore(tmp_path / "copy")
    assert not Session.objects.exists() and not Lease.objects.exists()
    assert not Job.objects.exclude(lease_owner="").exists()
