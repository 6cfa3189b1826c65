"""The one writer of Job.state: the fence, and one line in the book per move."""

import pytest

from tests.builders import a_job
from tests.jobs.engine import fresh, story
from videos.jobs.transitions import By, Overtaken, move, touch
from videos.models import Event as EventRow
from videos.models.clock import later, now
from videos.states import Event, IllegalMove, State

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ME = By(worker="me")


def test_a_move_writes_state_version_columns_and_one_event(team, alice):
    job = a_job(team, alice, state=State.QUEUED, next_at=now())
    move(job, Event.CLAIM, ME, data={"why": "because"}, sent_at=now(), lease_owner="me", lease_until=later(9))
    row = fresh(job)
    assert (row.state, row.version, row.lease_owner) == ("submitting", 1, "me")
    assert (job.state, job.version) == ("submitting", 1)
    event = EventRow.objects.get(job=job)
    assert (event.verb, event.worker, event.team_id) == ("job.claim", "me", team.pk)
    assert event.data == {"from": "queued", "to": "submitting", "why": "because"}


def test_a_move_gives_the_lease_back_and_ends_the_waiting(team, alice):
    job = a_job(
        team, alice, state=State.SUBMITTING, lease_owner="me", lease_until=later(9), waiting_for="rate"
    )
    move(job, Event.NO_ANSWER, ME)
    assert (fresh(job).lease_owner, fresh(job).lease_until, fresh(job).waiting_for) == ("", None, "")


@pytest.mark.parametrize(
    ("state", "event"), [(State.RUNNING, Event.VERDICT), (State.QUEUED, Event.CANCEL), (State.RUNNING, Event.FORGOTTEN)]
)  # fmt: skip
def test_an_end_is_dated_and_nothing_is_due_any_more(team, alice, state, event):
    job = a_job(team, alice, state=state, next_at=now())
    move(job, event, ME)
    assert fresh(job).ended_at is not None
    assert fresh(job).next_at is None


def test_whoever_saw_an_older_version_writes_nothing(team, alice):
    job = a_job(team, alice, state=State.RUNNING)
    stale = fresh(job)
    touch(job, percent=10)
    with pytest.raises(Overtaken):
        move(stale, Event.MADE, ME, percent=99)
    assert (fresh(job).state, fresh(job).percent, story(job)) == ("running", 10, [])


def test_whoever_saw_another_state_writes_nothing(team, alice):
    job = a_job(team, alice, state=State.UNKNOWN)
    stale = fresh(job)
    move(job, Event.GIVE_UP, ME)
    with pytest.raises(Overtaken):
        move(stale, Event.TRY_AGAIN, ME)
    assert (fresh(job).state, story(job)) == ("failed", ["give_up"])


def test_an_illegal_move_changes_nothing(team, alice):
    job = a_job(team, alice, state=State.SUCCEEDED)
    with pytest.raises(IllegalMove):
        move(job, Event.MADE, ME)
    assert (fresh(job).state, fresh(job).version, job.version, story(job)) == ("succeeded", 0, 0, [])


def test_the_lease_is_the_fence_of_whoever_holds_it(team, alice):
    """A person's mark moves the version; the holder's answer still has a home. Another
    holder's does not."""
    job = a_job(team, alice, state=State.SUBMITTING, lease_owner="me", lease_until=later(9))
    mine, other = fresh(job), fresh(job)
    touch(fresh(job), stopped_at=now())
    move(mine, Event.ACCEPTED, ME, vendor_task_id="task-1")
    assert (fresh(job).state, fresh(job).version, mine.version) == ("running", 2, 2)
    with pytest.raises(Overtaken):
        move(other, Event.NO_ANSWER, ME)


def test_f18_a_holder_whose_lease_went_to_somebody_else_writes_nothing(team, alice):
    job = a_job(team, alice, state=State.DOWNLOADING, lease_owner="asleep", lease_until=later(-600))
    asleep = fresh(job)
    touch(job, lease_owner="awake", lease_until=later(9))
    for write in (lambda: touch(asleep, claims=0), lambda: move(asleep, Event.STORED, By(worker="asleep"))):
        with pytest.raises(Overtaken):
            write()
    assert (fresh(job).state, fresh(job).lease_owner, story(job)) == ("downloading", "awake", [])
