"""Several generations of one press: all of them or none, their sum against every budget, the
same again for the same press, and no one's failure is another's."""

import uuid
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budgets.at_once import at_once
from tests.budgets.given import a_budget
from tests.builders import MODEL, VENDOR, a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import SAFE_MODEL, drive, fresh
from tests.proofs.crashing import deaths
from videos import access
from videos.jobs import verbs
from videos.jobs.ordering import press
from videos.jobs.verbs import GenerationRequest, Refusal
from videos.models import Event, Job, KeyState, Prompt
from videos.models.people import Role

pytestmark = pytest.mark.django_db
PRICE = 28  # credits of MODEL with nothing chosen


def takes(n: int, prompt: str = "A lighthouse at dusk", **order) -> list[GenerationRequest]:
    return [GenerationRequest(**({"model": MODEL, "prompt": prompt} | order)) for _n in range(n)]


def refused(member, orders, **more) -> list[tuple[int | None, str, str]]:
    """(row, field, code) of every reason; nothing was made."""
    before = Job.objects.count()
    with pytest.raises(Refusal) as refusal:
        verbs.start_all(member, orders, **more)
    assert Job.objects.count() == before
    return [(row, problem.field, problem.code) for row, problem in refusal.value.reasons]


def test_three_takes_are_three_jobs_of_one_group(member, key):
    jobs = verbs.start_all(member, takes(3), client_token="one-press")
    assert [job.pk for job in jobs] == sorted(job.pk for job in jobs)
    assert len({job.take_group for job in jobs}) == 1 and jobs[0].take_group
    assert len({job.client_token for job in jobs}) == len({job.idem_key for job in jobs}) == 3
    assert [job.estimate for job in jobs] == [PRICE] * 3
    assert Event.objects.filter(verb="job.created").count() == 3
    assert Prompt.objects.count() == 1


def test_one_alone_is_no_stack_and_rows_need_not_be_one(member, key):
    assert verbs.start_all(member, takes(1))[0].take_group is None
    rows = [GenerationRequest(MODEL, "A harbour"), GenerationRequest(MODEL, "A pier")]
    assert {job.take_group for job in verbs.start_all(member, rows, stack=False)} == {None}
    mine = uuid.uuid4()
    named = [*takes(2, take_group=mine), *takes(1)]
    assert [job.take_group for job in verbs.start_all(member, named, stack=False)] == [mine, mine, None]


@pytest.mark.both_databases
def test_f1_the_same_press_again_is_the_same_jobs(member, colleague, key):
    first = verbs.start_all(member, takes(3), client_token="one-press")
    assert verbs.start_all(member, takes(3), client_token="one-press") == first
    assert verbs.start_all(colleague, takes(5), client_token="one-press") == first
    assert verbs.start(member, GenerationRequest(MODEL, "Another", client_token="one-press")) == first[0]
    assert Job.objects.count() == 3
    alone = verbs.start(member, GenerationRequest(MODEL, "Alone", client_token="alone"))
    assert verbs.start_all(member, takes(4), client_token="alone") == [alone]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_f1_one_press_five_times_in_parallel_is_one_group(member, key):
    call = partial(verbs.start_all, member, takes(3), client_token="one-press")
    results = at_once([call] * 5)
    assert {tuple(job.pk for job in jobs) for jobs in results} == {
        tuple(Job.objects.order_by("pk").values_list("pk", flat=True))
    }
    assert Job.objects.count() == Event.objects.filter(verb="job.created").count() == 3


def test_every_row_is_told_all_its_reasons_and_nothing_is_made(member, key):
    rows = [
        GenerationRequest(MODEL, "A harbour"),
        GenerationRequest(MODEL, " ", {"seconds": 99}),
        GenerationRequest("nobody/nothing", "A pier"),
        GenerationRequest(SAFE_MODEL, "A lighthouse"),
    ]
    found = refused(member, rows)
    assert {row for row, _field, _code in found} == {1, 2, 3}
    assert {field for row, field, _code in found if row == 1} == {"prompt", "seconds"}
    assert (2, "model", "unknown_model") in found and (3, "key", "no_key") in found
    [said] = Event.objects.filter(verb="press.refused")
    assert said.data["orders"] == 4 and "seconds:not_legal" in said.data["problems"]
    assert "harbour" not in str(said.data)


def test_a_key_paused_after_the_check_is_named_with_its_row(member, key):
    other = a_key(member.team, secret="rehearsal-other")
    checked = press.check_all(member, [*takes(1, key=key), *takes(1, key=other)])
    type(other).objects.filter(pk=other.pk).update(state=KeyState.PAUSED)
    with pytest.raises(Refusal) as refusal:
        press._create(member, checked.orders, "token", "")
    assert [(row, problem.code) for row, problem in refusal.value.reasons] == [(1, "key_paused")]
    assert not Job.objects.exists()


def test_who_may_not_press_may_not_press_many(member, key):
    member.role = Role.REVIEWER
    with pytest.raises(access.Forbidden):
        verbs.start_all(member, takes(2))
    assert not Job.objects.exists()


def test_there_is_an_end_to_how_many(member, key, settings):
    assert refused(member, takes(verbs.AT_ONCE_MOST + 1)) == [(None, "press", "too_many_at_once")]
    with pytest.raises(ValueError, match="nothing"):
        verbs.start_all(member, [])
    settings.PRESSES_PER_MINUTE = 5
    assert refused(member, takes(6)) == [(None, "press", "too_many_at_once")]


def test_a40_each_counts_as_a_press_of_its_own(member, key, settings):
    settings.PRESSES_PER_MINUTE = 5
    settings.DURATIONS = settings.DURATIONS | {"presses_window": 60.0}
    verbs.start_all(member, takes(3))
    assert refused(member, takes(3)) == [(None, "press", "too_many_presses")]
    verbs.start_all(member, takes(2))
    assert refused(member, takes(1)) == [(None, "press", "too_many_presses")]


def test_a_hundred_are_checked_with_as_many_questions_as_two(member, key):
    a_budget(member.team, "1000")

    def asked(n: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            verbs.review_all(member, takes(n))
        return len(queries)

    assert asked(2) == asked(100) <= 8


# --- money ----------------------------------------------------------------------------------


@pytest.fixture
def paid(team):
    """Nobody sends in these tests, so a key of real money is safe."""
    return a_key(team, rehearsal=False)


@pytest.mark.both_databases
def test_a_budget_holds_the_sum(member, team, paid):
    a_budget(team, str(3 * PRICE - 1), "credits", VENDOR)
    assert refused(member, takes(3)) == [(None, "budget", "budget_full")]
    assert len(verbs.start_all(member, takes(2))) == 2
    assert refused(member, takes(1)) == [(None, "budget", "budget_full")]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_f24_fifty_presses_of_three_for_a_budget_of_ten(member, colleague, team):
    """Three fit three times: the fourth would be one too many, and makes none of its three."""
    keys = [a_key(team, rehearsal=False, secret=f"sk-number-{n}") for n in range(50)]
    a_budget(team, "10")
    people = [member, colleague] * 25
    calls = [partial(verbs.start_all, who, takes(3, key=own)) for who, own in zip(people, keys, strict=True)]
    results = at_once(calls, Refusal)
    made = [jobs for jobs in results if isinstance(jobs, list)]
    assert [len(jobs) for jobs in made] == [3, 3, 3]
    assert {problem.code for one in results if isinstance(one, Refusal) for problem in one.problems} == {
        "budget_full"
    }
    assert Job.objects.count() == 9


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_presses_with_the_same_keys_in_other_orders_never_wait_in_a_ring(member, colleague, team):
    one, two = a_key(team), a_key(team, secret="rehearsal-two")
    words = ["A harbour", "A pier", "A gull"]
    there = [
        GenerationRequest(MODEL, text, key=key) for text, key in zip(words, [one, two, one], strict=True)
    ]
    for _round in range(5):
        results = at_once(
            [partial(verbs.start_all, member, there), partial(verbs.start_all, colleague, there[::-1])]
        )
        assert [len(jobs) for jobs in results] == [3, 3]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_f2_wherever_a_press_dies_all_are_there_or_none(member, key):
    seen = set()

    def pressing():
        Job.objects.all().delete()
        return partial(verbs.start_all, member, takes(3), client_token="press")

    for death in deaths("press", pressing):
        made = Job.objects.filter(team=member.team)
        assert made.count() in (0, 3), death
        assert Event.objects.filter(verb="job.created").count() == made.count()
        seen.add(made.count())
        again = verbs.start_all(member, takes(3), client_token="press")
        assert len(again) == Job.objects.count() == 3
    assert 0 in seen


def test_ones_failure_is_nobody_elses(member, key, vendor):
    first, second, third = verbs.start_all(member, takes(3))
    vendor.submits = [
        says.accepted("task-1"),
        says.says({"code": 400, "message": "bad"}, 400),
        says.accepted("task-3"),
    ]
    for job in (first, second, third):
        drive(job)
    assert [fresh(job).state for job in (first, second, third)] == ["running", "failed", "running"]
    assert len(vendor.sent) == 3


# --- the take that is kept -------------------------------------------------------------------


@pytest.fixture
def stack(member, key):
    group = uuid.uuid4()
    return [a_job(member.team, member.user, take_group=group, key=key) for _n in range(3)]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_people_pick_in_the_same_instant_and_one_take_is_kept(member, colleague, stack):
    for _round in range(3):
        picks = zip([member, colleague, member], stack, strict=True)
        results = at_once([partial(verbs.keep, who, fresh(job)) for who, job in picks], verbs.CannotBe)
        assert all(isinstance(one, Job) for one in results)
        assert Job.objects.filter(keeper=True).count() == 1
    events = Event.objects.filter(verb__startswith="take.").values_list("verb", flat=True)
    assert list(events).count("take.kept") == list(events).count("take.let_go") + 1


def test_what_is_not_ready_or_no_take_is_not_kept(member, key, stack):
    alone = a_job(member.team, member.user, key=key)
    waiting = a_job(member.team, member.user, key=key, state="running", take_group=uuid.uuid4())
    for job in (alone, waiting):
        with pytest.raises(verbs.CannotBe, match="not_a_ready_take"):
            verbs.keep(member, job)


def test_a_take_that_is_tried_again_stays_in_its_stack(member, stack):
    again = verbs.retry(member, stack[0])
    assert (again.take_group, again.keeper) == (stack[0].take_group, False)
