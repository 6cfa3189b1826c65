"""F24, and what a budget counts: the press that would exceed it is refused."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from tests.budgets.at_once import at_once
from tests.budgets.given import a_budget, a_rate, a_wish, an_estimate, standing, used
from tests.builders import MODEL, VENDOR, a_key, a_project
from tests.usage.spent import A, M, S, every_way, spent
from videos import words
from videos.jobs import verbs
from videos.jobs.verbs import CannotBe, GenerationRequest, Refusal
from videos.models import Event, Job
from videos.models.clock import now
from videos.spending import month
from videos.usage import proof
from videos.vendors import registry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
UNPRICED = "acedata/doubao-seedance-1-5-pro-251215"
PRICE = 28  # credits of MODEL with nothing chosen (docs/vendors of seedanceapi.org)


def press(member, model=MODEL, **order) -> Job:
    return verbs.start(member, GenerationRequest(model=model, prompt="A lighthouse at dusk", **order))


def refused(member, **order) -> list[str]:
    """The codes of the budget's problems; the form says the same before the press."""
    before = Job.objects.count()
    with pytest.raises(Refusal) as refusal:
        press(member, **order)
    assert Job.objects.count() == before
    codes = [problem.code for problem in refusal.value.problems]
    order = GenerationRequest(prompt="A lighthouse at dusk", **({"model": MODEL} | order))
    assert [problem.code for problem in verbs.review(member, order).problems] == codes
    return codes


@pytest.mark.django_db(transaction=True)
def test_f24_fifty_presses_at_once_for_a_budget_of_ten(member, colleague, team, key):
    """Each with a key of its own, whose row is locked too: nothing but the budget makes them
    take turns."""
    keys = [a_key(team, rehearsal=False, secret=f"sk-number-{n}") for n in range(49)]
    a_budget(team, "10")
    people = [member, colleague] * 25
    results = at_once(
        [partial(press, one, key=own) for one, own in zip(people, [key, *keys], strict=True)], Refusal
    )
    refusals = [one for one in results if isinstance(one, Refusal)]
    assert [type(one) for one in results if not isinstance(one, Refusal)] == [Job] * 10
    assert {problem.code for one in refusals for problem in one.problems} == {"budget_full"}
    assert (len(refusals), Job.objects.count()) == (40, 10)
    assert Event.objects.filter(verb="press.refused").count() == 40


@pytest.mark.django_db(transaction=True)
def test_f24_in_credits_as_many_as_are_paid_for(member, team, key):
    a_budget(team, str(PRICE * 3 + PRICE - 1), "credits", VENDOR)
    results = at_once([partial(press, member)] * 12, Refusal)
    assert sum(isinstance(one, Job) for one in results) == Job.objects.count() == 3


def test_a_budget_that_is_spent_to_the_last_credit_is_kept(member, team, key):
    budget = a_budget(team, str(2 * PRICE), "credits", VENDOR)
    assert press(member).estimate == PRICE
    press(member)
    assert (used(budget), standing(budget).full) == (2 * PRICE, True)
    assert refused(member) == ["budget_full"]


@pytest.mark.parametrize(
    ("attempts", "fields", "counts"),
    [
        ((), {"money": M.NONE, "state": S.QUEUED}, 28),
        ((A.NOT_CHARGED,), {"money": M.NONE, "state": S.QUEUED}, 28),
        ((A.OPEN,), {"money": M.HELD, "state": S.SUBMITTING}, 28),
        ((A.UNKNOWN,), {"money": M.POSSIBLY, "state": S.UNKNOWN}, 28),
        ((A.CHARGED,), {"money": M.POSSIBLY, "state": S.LOST}, 28),
        ((A.WRITTEN_OFF,), {"money": M.WRITTEN_OFF, "state": S.FAILED}, 28),
        ((A.WRITTEN_OFF,), {"money": M.POSSIBLY, "state": S.QUEUED}, 56),
        ((A.CHARGED,), {"money": M.CHARGED, "charge": "31"}, 31),
        ((A.CHARGED,), {"money": M.CHARGED, "charge": "30", "refunded": "10"}, 20),
        ((A.CHARGED,), {"money": M.REFUNDED, "state": S.FAILED, "charge": "28", "refunded": "28"}, 0),
        ((A.CHARGED,), {"money": M.NOT_CHARGED, "state": S.FAILED, "charge": "0"}, 0),
        ((A.NOT_CHARGED,), {"money": M.NOT_CHARGED, "state": S.FAILED}, 0),
        ((), {"money": M.NONE, "state": S.CANCELED}, 0),
    ],
)
def test_what_may_be_gone_counts_and_what_is_surely_not_does_not(team, alice, key, attempts, fields, counts):
    """The vendor's word replaces the estimate; UNKNOWN keeps its hold."""
    credits, presses = a_budget(team, "100", "credits", VENDOR), a_budget(team, "100")
    spent(team, alice, *attempts, **fields)
    assert used(credits) == counts
    assert used(presses) == {0: 0, 56: 2}.get(counts, 1)


def test_a_budget_and_the_usage_page_read_the_same_books(team, alice, key):
    """In every way in which the money of a job may lawfully stand."""
    budget, jobs = a_budget(team, "1000", "credits", VENDOR), every_way(team, alice)
    [shown] = proof.prove(team).shown.values()
    waiting = sum(job.estimate for job in jobs if job.state == S.QUEUED)
    assert waiting > 0
    assert used(budget) == shown.charged + shown.held + shown.possibly + shown.written_off + waiting


def test_a_press_taken_back_gives_its_place_back(member, team, key):
    a_budget(team, "1")
    job = press(member)
    assert refused(member) == ["budget_full"]
    verbs.stop(member, job)
    assert press(member).pk != job.pk


def test_whom_a_budget_is_not_about_it_does_not_stop(member, colleague, team, key):
    project = a_project(team)
    a_budget(team, "1", person=colleague.user)
    a_budget(team, "1", project=project)
    press(colleague)
    assert refused(colleague) == ["budget_full"]
    press(member, project=project)
    assert refused(member, project=project) == ["budget_full"]
    assert press(member) and press(member)


def test_a_key_of_its_own(member, team, key):
    other = a_key(team, rehearsal=False, secret="sk-another")
    a_budget(team, "1", key=key)
    press(member, key=key)
    assert refused(member, key=key) == ["budget_full"]
    assert press(member, key=other)


def test_the_budget_of_a_colleagues_own_key_is_told_to_nobody_else(member, colleague, team):
    """Neither that there is one nor how it stands, also where most of it is used."""
    hers = a_key(team, rehearsal=False, person=member.user, label="Alice's own")
    a_budget(team, "1", key=hers)
    job = press(member, key=hers)
    with pytest.raises(Refusal) as refusal:
        verbs.retry(colleague, job)
    assert [problem.code for problem in refusal.value.problems] == ["no_key"]
    found = verbs.review(colleague, GenerationRequest(MODEL, "A lighthouse", key=hers))
    assert ([problem.code for problem in found.problems], found.warnings) == (["no_key"], ())
    offered = [(registry.model(MODEL), hers, found.price)]
    assert verbs.payment_problems(colleague, offered, None) == [[]]
    assert [one.code for one in verbs.payment_problems(member, offered, None)[0]] == ["budget_full"]


def test_rehearsals_cost_no_money(member, team):
    a_key(team, rehearsal=True)
    credits, money = a_budget(team, "1", "credits", VENDOR), a_budget(team, "1", "money", "EUR")
    presses = a_budget(team, "1")
    press(member)
    assert [used(one) for one in (credits, money, presses)] == [0, 0, 1]
    assert refused(member) == ["budget_full"]


def test_credits_of_two_vendors_are_never_added(team, alice, key):
    ours, theirs = a_budget(team, "100", "credits", VENDOR), a_budget(team, "100", "credits", "acedata")
    spent(team, alice, A.CHARGED, money=M.CHARGED, estimate="20")
    spent(team, alice, A.CHARGED, money=M.CHARGED, estimate="7", model=UNPRICED)
    assert (used(ours), used(theirs)) == (20, 7)


# --- money ----------------------------------------------------------------------


def test_money_needs_a_rate_of_the_vendor_and_then_counts(member, team, key):
    budget = a_budget(team, "0.5", "money", "EUR")
    assert refused(member) == ["budget_needs_rate"]
    a_rate(team, VENDOR, "0.01")
    press(member)
    assert used(budget) == Decimal("0.28")
    assert refused(member) == ["budget_full"]


def test_a_rate_in_another_currency_is_no_rate(member, team, key):
    a_budget(team, "100", "money", "EUR")
    a_rate(team, VENDOR, "0.01", "USD")
    assert refused(member) == ["budget_needs_rate"]


def test_without_a_price_an_estimate_of_ones_own_is_held(member, team):
    a_key(team, vendor="acedata", rehearsal=False)
    budget = a_budget(team, "25", "credits", "acedata")
    assert refused(member, model=UNPRICED) == ["budget_needs_estimate"]
    an_estimate(team, UNPRICED, "10")
    job = press(member, model=UNPRICED)
    assert job.estimate is None, "the price list has none, and the job does not claim one"
    press(member, model=UNPRICED)
    assert (standing(budget).used, standing(budget).guessed) == (20, 20)
    with pytest.raises(Refusal) as refusal:
        press(member, model=UNPRICED)
    assert "your estimate" in words.describe_problem(refusal.value.problems[0])


def test_the_vendors_word_replaces_ones_own_estimate(team, alice):
    budget = a_budget(team, "25", "credits", "acedata")
    a_key(team, vendor="acedata", rehearsal=False)
    an_estimate(team, UNPRICED, "10")
    spent(team, alice, A.CHARGED, money=M.CHARGED, estimate=None, charge="3", model=UNPRICED)
    assert (standing(budget).used, standing(budget).guessed) == (3, 0)


def test_what_may_have_been_charged_is_tried_again_only_within_the_budget(member, team, key):
    """The first request keeps its place: nobody knows whether it was paid."""
    budget = a_budget(team, "55", "credits", VENDOR)
    job = spent(team, member.user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    with pytest.raises(CannotBe, match="over_budget"):
        verbs.decide(member, job, "try_again")
    job.refresh_from_db()
    assert (job.state, used(budget), job.attempts.get().state) == ("unknown", 28, "unknown")
    type(budget).objects.update(amount=56)
    verbs.decide(member, job, "try_again")
    assert used(budget) == 56


def test_who_allows_a_second_request_needs_the_room_for_it_and_so_does_who_pressed(
    member, colleague, team, key
):
    """It counts for whoever pressed."""
    mine, theirs = a_budget(team, "1", person=member.user), a_budget(team, "1", person=colleague.user)
    job = spent(team, member.user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    type(mine).objects.filter(pk=theirs.pk).update(amount=0)
    type(mine).objects.filter(pk=mine.pk).update(amount=2)
    with pytest.raises(CannotBe, match="over_budget"):
        verbs.decide(colleague, job, "try_again")
    type(mine).objects.filter(pk=theirs.pk).update(amount=1)
    type(mine).objects.filter(pk=mine.pk).update(amount=1)
    with pytest.raises(CannotBe, match="over_budget"):
        verbs.decide(colleague, job, "try_again")
    type(mine).objects.filter(pk=mine.pk).update(amount=2)
    verbs.decide(colleague, job, "try_again")
    assert (used(mine), used(theirs)) == (2, 0)


# --- the warning, and more -------------------------------------------------------


def test_from_four_fifths_on_it_warns_before_the_press(member, team, key):
    a_budget(team, "5")
    order = GenerationRequest(model=MODEL, prompt="A lighthouse at dusk")
    for _n in range(3):
        press(member)
    assert verbs.review(member, order).warnings == ()
    press(member)
    assert not verbs.review(member, order).problems
    assert "4 of 5 presses used (80 %)" in words.describe_warning(verbs.review(member, order).warnings[0])


def test_the_refusal_names_whom_to_ask(member, colleague, team, key):
    a_budget(team, "0")
    with pytest.raises(Refusal) as refusal:
        press(colleague)
    assert "Alice can raise it" in words.describe_problem(refusal.value.problems[0])


def test_what_was_granted_is_for_its_month_alone(member, colleague, team, key):
    budget = a_budget(team, "0")
    last = (month.begins(month.this_month()) - timedelta(days=1)).date().replace(day=1)
    earlier = a_wish(budget, colleague.user, state="approved", granted=5)
    type(earlier).objects.update(month=last)
    assert refused(member) == ["budget_full"]
    a_wish(budget, colleague.user, state="approved", granted=1)
    assert press(member)
    assert refused(member) == ["budget_full"]


def test_an_ended_budget_stops_nothing(member, team, key):
    a_budget(team, "0", ended_at=now())
    assert press(member)
