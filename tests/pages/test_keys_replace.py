"""A vendor gave the same account another key: what runs goes on with it, and is charged once."""

# ruff: noqa: F811 (fixtures of another folder)

import uuid

import pytest
from django.urls import reverse

from tests.builders import SECRET, VENDOR, a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.conftest import member, vendor  # noqa: F401 (pytest finds them here)
from tests.jobs.engine import attempts, drive, fresh, look, looked, press
from tests.pages import door
from videos import vault
from videos.jobs.account import key_failures
from videos.jobs.transitions import By
from videos.jobs.watching import observe
from videos.keys import changes
from videos.models import Event, Job, VendorKey
from videos.models.clock import later, now
from videos.states import State
from videos.vendors import registry
from videos.vendors.contract import Kind, Unreadable

pytestmark = pytest.mark.django_db
NEW = "another-key-of-the-account-77aa"
BY = By(worker="me")


def at(key):
    return reverse("key_replace", args=["northlight", key.pk])


def test_the_door(team, alice, charlie):
    door.check("key_replace", ["northlight", 1], stranger=charlie, post=False)


def test_another_key_in_the_same_row(as_alice, team, caplog):
    key = a_key(
        team, secret="sk-the-first-one-0000", rehearsal=False, label="Marketing", state="broken", said="no"
    )
    assert as_alice.get(at(key)).status_code == 200
    answer = as_alice.post(at(key), {"key": f"  Authorization: Bearer {NEW}\n"}, follow=True)
    assert answer.redirect_chain == [(reverse("keys", args=["northlight"]), 302)]
    row = VendorKey.objects.get()
    assert vault.open_key(row) == NEW and (row.tail, row.state, row.said) == ("77aa", "active", "")
    same = ("pk", "account", "label", "rehearsal", "team_id", "person_id", "vendor")
    assert [getattr(row, name) for name in same] == [getattr(key, name) for name in same]
    event = Event.objects.get()
    assert (event.verb, event.object, event.actor.name) == ("key.replaced", f"vendorkey:{key.pk}", "Alice")
    everywhere = answer.content.decode() + str(event.data) + caplog.text + str(row.__dict__)
    assert NEW not in everywhere and "•••• 77aa" in everywhere


@pytest.mark.parametrize(
    "wrong", ["", "zq9-77", "zq9 two words", "schlüssel-zq9-ü", "x" * 501, "rehearsal-0123456789"]
)
def test_what_is_no_key_is_refused_and_not_repeated(as_alice, team, wrong):
    key = a_key(team, secret="sk-the-first-one-0000", rehearsal=False)
    answer = as_alice.post(at(key), {"key": wrong})
    assert answer.status_code == 422 and "<title>Error:" in answer.content.decode()
    assert not wrong or wrong not in answer.content.decode()
    assert vault.open_key(VendorKey.objects.get()) == "sk-the-first-one-0000" and not Event.objects.exists()


def test_another_vendors_key_is_doubted_and_no_verdict(as_alice, team):
    hinted = next(one for one in registry.VENDORS.values() if one.key_hint)
    key = a_key(team, vendor=hinted.slug, secret=f"{hinted.key_hint}0123456789", rehearsal=False)
    answer = as_alice.post(at(key), {"key": NEW})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'name="sure"' in page and NEW not in page
    as_alice.post(at(key), {"key": NEW, "sure": "on"})
    assert vault.open_key(VendorKey.objects.get()) == NEW


def test_a_rehearsal_stays_one(as_alice, team):
    key = a_key(team)
    for typed in ("sk-a-real-looking-one", ""):
        as_alice.post(at(key), {"key": typed})
        key.refresh_from_db()
        assert (
            key.rehearsal and vault.open_key(key).startswith("rehearsal-") and vault.open_key(key) != SECRET
        )


def test_one_that_stands_on_the_shelf_already_is_not_put_there_twice(as_alice, team):
    key, other = a_key(team), a_key(team, secret="rehearsal-other", label="Other")
    answer = as_alice.post(at(key), {"key": "rehearsal-other"})
    assert answer.status_code == 422 and "already: Other" in answer.content.decode()
    assert vault.open_key(VendorKey.objects.get(pk=key.pk)) == SECRET
    assert as_alice.post(at(key), {"key": SECRET}).status_code == 302  # the same once more: nothing is lost
    assert other.account != key.account


def test_the_new_key_brought_again_is_the_same_account(member, team, bob):
    """Else what was made with it could be brought in, and counted, a second time."""
    key = a_key(team, secret="sk-the-first-one-0000", rehearsal=False)
    changes.replace(member, key, NEW)
    with pytest.raises(changes.AlreadyKnown):
        changes.create_key(team, vendor=VENDOR, key=NEW, by=member.user)
    assert (
        changes.create_key(team, vendor=VENDOR, key="sk-the-first-one-0000", by=bob, person=bob).account
        == key.account
    )
    changes.delete(member, key)
    assert changes.create_key(team, vendor=VENDOR, key=NEW, by=member.user).account == key.account


class TestWhoMay:
    def test_who_manages_the_team_and_whose_it_is(self, as_alice, as_bob, team, bob):
        ours, theirs = a_key(team), a_key(team, secret="rehearsal-bobs", person=bob)
        assert as_bob.post(at(ours), {"key": NEW}).status_code == 403
        assert as_alice.post(at(theirs), {"key": NEW}).status_code == 404
        assert as_alice.get(at(theirs)).status_code == 404
        assert not Event.objects.exists()
        assert as_bob.post(at(theirs), {"key": NEW}).status_code == 302

    def test_one_that_was_taken_away_is_gone(self, as_alice, team):
        key = a_key(team, trashed_at=now())
        assert as_alice.post(at(key), {"key": NEW}).status_code == 404


class TestTheWayThere:
    def test_from_the_shelf(self, as_alice, as_bob, team, bob):
        key = a_key(team, state="broken")
        page = reverse("keys", args=["northlight"])
        assert as_alice.get(page).content.decode().count(at(key)) == 2
        assert at(key) not in as_bob.get(page).content.decode()

    def test_from_a_clip_that_waits_for_it(self, as_alice, as_bob, team, alice, bob):
        key = a_key(team, state="broken")
        job = a_job(team, alice, state=State.RUNNING, key=key, waiting_for="key", vendor_task_id="task-1")
        page = reverse("clip", args=["northlight", job.public_id])
        assert at(key) in as_alice.get(page).content.decode()
        assert at(key) not in as_bob.get(page).content.decode()
        Job.objects.update(waiting_for="")
        assert at(key) not in as_alice.get(page).content.decode()

    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.EXPIRED, State.UNKNOWN])
    @pytest.mark.parametrize("group", [None, uuid.UUID(int=7)], ids=["a card", "a stack"])
    def test_from_the_wall(self, as_alice, as_bob, team, alice, bob, state, group):
        """For who may do it; and whoever looks reads what it waits for, not how long others waited."""
        key = a_key(team, state="broken")
        a_job(team, bob, state=state, key=key, waiting_for="key", take_group=group)
        wall = reverse("gallery", args=["northlight"]) + "?show=making"
        shown, bobs = as_alice.get(wall).content.decode(), as_bob.get(wall).content.decode()
        assert shown.count(at(key)) == 1 and at(key) not in bobs
        if state != State.UNKNOWN:
            waits = (
                "Its key is paused or refused" if state == State.QUEUED else "The vendor refuses this key now"
            )
            assert waits in shown and waits in bobs and "no estimate yet" not in shown
            assert "We look every hour" not in shown
        VendorKey.objects.update(person=bob)
        assert (
            at(key) in as_bob.get(wall).content.decode()
            and at(key) not in as_alice.get(wall).content.decode()
        )
        VendorKey.objects.update(trashed_at=now())
        assert at(key) not in as_bob.get(wall).content.decode()

    def test_a_finished_card_is_not_shown_as_it_was_drawn_for_somebody_else(
        self, as_alice, as_bob, team, bob
    ):
        key = a_key(team, state="broken")
        a_job(team, bob, state=State.FAILED, key=key, waiting_for="key", kind="generation_failed")
        wall = reverse("gallery", args=["northlight"]) + "?show=failed"
        assert at(key) in as_alice.get(wall).content.decode()
        assert at(key) not in as_bob.get(wall).content.decode()


@pytest.mark.both_databases
def test_what_runs_under_a_refused_key_ends_under_the_new_one_and_is_charged_once(
    as_alice,
    team,
    member,
    vendor,
):
    key = a_key(team)
    job = drive(press(member))
    vendor.looks = [says.says({"code": 401, "message": "Invalid API key"}, status=401)]
    job = looked(job)
    assert (job.state, job.waiting_for, job.key.state) == ("running", "key", "broken")
    asked = len(vendor.looked)
    look(job)
    assert len(vendor.looked) == asked  # nobody asks with a refused key

    assert as_alice.post(at(key), {"key": "rehearsal-of-the-account-2"}).status_code == 302
    assert fresh(job).next_at <= now()
    vendor.looks = [says.failed()]
    look()  # by itself: nobody made it due
    job = fresh(job)
    assert vendor.looked[-1].headers["authorization"] == "Bearer rehearsal-of-the-account-2"
    assert (job.state, job.account, job.waiting_for, job.key_id) == ("failed", key.account, "", key.pk)
    assert len(attempts(job)) == len(vendor.sent) == 1


def test_a_refusal_that_comes_late_does_not_break_the_new_key(member, team):
    """The question was open when the key was replaced."""
    key = a_key(team)
    job = a_job(
        team, member.user, state=State.RUNNING, key=key, vendor_task_id="task-1", deadline_at=later(60)
    )
    old = fresh(job)
    changes.replace(member, key, "rehearsal-of-the-account-2")
    observe.record_unanswered(old, Unreadable(Kind.AUTH, said="Invalid API key"), BY)
    key_failures.mark_broken(old.key, "Invalid API key")
    assert VendorKey.objects.get().state == "active"


def test_a_refusal_that_comes_late_does_not_overrule_a_pause(member, team):
    used = a_key(team)
    changes.pause(member, used)  # while the question was open
    key_failures.mark_broken(used, "Invalid API key")
    assert VendorKey.objects.get().state == "paused"
