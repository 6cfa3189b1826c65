"""A40: from a sum on that the team set, one press is not enough."""

from decimal import Decimal

import pytest

from tests.budgets.given import a_rate, a_threshold, an_estimate
from tests.builders import MODEL, VENDOR, a_key
from tests.usage.spent import A, M, S, spent
from videos import words
from videos.jobs import verbs
from videos.jobs.verbs import GenerationRequest, Unconfirmed
from videos.models import Event, Job, SpendAttempt, Threshold
from videos.spending import asking
from videos.vendors import registry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
UNPRICED = "acedata/doubao-seedance-1-5-pro-251215"
IN_DOLLARS = next(
    model for model in registry.MODELS.values()
    if model.prices and all(price.usd is not None for price in model.prices.rows.values())
)  # fmt: skip
PRICE = 28  # credits of MODEL with nothing chosen
TOKEN = "one form"


def order(model=MODEL, **more) -> GenerationRequest:
    return GenerationRequest(model=model, prompt="A lighthouse at dusk", **({"client_token": TOKEN} | more))


def asked(member, given: GenerationRequest) -> Unconfirmed:
    """What a press is asked; nothing was made."""
    before = Job.objects.count()
    with pytest.raises(Unconfirmed) as raised:
        verbs.start(member, given)
    assert (Job.objects.count(), SpendAttempt.objects.count()) == (before, 0)
    return raised.value


def said(question: Unconfirmed) -> str:
    return " ".join(words.describe_problem(one) for one in question.problems)


def yes(member, question: Unconfirmed, token: str = TOKEN) -> str:
    return verbs.confirmation(member, question.sums, token)


@pytest.mark.parametrize(("amount", "asks"), [("27.99", True), ("28", True), ("28.01", False)])
def test_a40_it_asks_from_the_sum_on(member, team, key, amount, asks):
    a_threshold(team, amount)
    if not asks:
        assert verbs.start(member, order()).state == "queued"
        return
    question = asked(member, order())
    assert "This costs 28 credits." in said(question)
    assert question.button == "Generate for 28 credits"
    job = verbs.start(member, order(confirmed=yes(member, question)))
    assert (job.state, job.estimate) == ("queued", PRICE)
    assert Event.objects.get(verb="press.asked").data["sum"] == "28 credits"
    assert Event.objects.get(verb="job.created").data["confirmed"] == "28 credits"
    assert not Event.objects.filter(verb="press.refused").exists()


def test_a40_a_yes_is_for_one_sum_one_form_and_one_person(member, colleague, team, key):
    a_threshold(team, "10")
    question = asked(member, order())
    given = yes(member, question)
    asked(member, order(confirmed=given, client_token="another form"))
    asked(colleague, order(confirmed=given))
    dearer = order(confirmed=given, options={"seconds": 12})
    assert asked(member, dearer).sums[0].amount > PRICE
    asked(member, order(confirmed="made up"))
    assert verbs.start(member, order(confirmed=given)).state == "queued"


def test_a40_the_same_press_twice_is_still_one_job(member, team, key):
    a_threshold(team, "10")
    given = order(confirmed=yes(member, asked(member, order())))
    assert verbs.start(member, given).pk == verbs.start(member, given).pk == verbs.start(member, order()).pk


def test_a40_what_is_wrong_with_an_order_comes_before_its_sum(member, team, key):
    a_threshold(team, "1")
    with pytest.raises(verbs.Refusal) as refused:
        verbs.start(member, order(options={"seconds": 7}))
    assert not isinstance(refused.value, Unconfirmed)


def test_a40_rehearsals_and_other_units_do_not_ask(member, team):
    a_threshold(team, "1", of="acedata")
    a_key(team, rehearsal=False)
    assert verbs.start(member, order()).state == "queued"
    Threshold.objects.all().delete()
    a_threshold(team, "0")
    rehearsed = a_key(team, secret="rehearsal-of-a-press")
    assert verbs.start(member, order(key=rehearsed, client_token="another")).rehearsal


def test_a40_another_teams_sum_is_none_of_ours(member, team, key, charlie):
    a_threshold(charlie.memberships.get().team, "0")
    assert verbs.start(member, order()).state == "queued"


def test_a40_several_orders_are_one_sum(member, team, key):
    """Takes and races: each may go alone, together they ask."""
    a_threshold(team, "80")
    checked = verbs.review(member, order())
    assert verbs.to_confirm(member, [checked] * 2) == ()
    (found,) = verbs.to_confirm(member, [checked] * 3)
    assert (found.amount, asking.button([found])) == (84, "Generate for 84 credits")
    with pytest.raises(Unconfirmed) as raised:
        verbs.start_all(member, [order(client_token="")] * 3, client_token=TOKEN)
    assert not Job.objects.exists()
    given = yes(member, raised.value)
    with pytest.raises(Unconfirmed):
        verbs.start_all(member, [order(client_token="")] * 4, client_token=TOKEN, confirmed=given)
    jobs = verbs.start_all(member, [order(client_token="")] * 3, client_token=TOKEN, confirmed=given)
    assert len(jobs) == 3 == Job.objects.count()


def test_a40_what_nobody_can_reckon_asks_and_says_so(member, team):
    a_key(team, vendor="acedata", rehearsal=False)
    a_threshold(team, "1000", of="acedata")
    question = asked(member, order(UNPRICED))
    assert question.button == "Generate, cost unknown until done"
    assert "Nobody can say what this costs: no price is published" in said(question)
    an_estimate(team, UNPRICED, "10")
    assert verbs.start(member, order(UNPRICED, confirmed="")).state == "queued"
    a_threshold(team, "10", of="acedata")
    question = asked(member, order(UNPRICED, client_token="again"))
    assert question.button == "Generate for 10 credits (your estimate)"


def test_a40_in_money_by_the_rate_that_was_entered(member, team, key):
    a_threshold(team, "0.28", "money", "EUR")
    question = asked(member, order())
    assert "no rate was entered for the credits" in said(question)
    assert question.button == "Generate, cost in EUR unknown"
    credits = a_threshold(team, "28")
    assert asked(member, order()).button == "Generate for 28 credits"
    credits.delete()
    a_rate(team, VENDOR, "0.01")
    assert asked(member, order()).button == "Generate for 0.28 EUR"
    Threshold.objects.update(amount=Decimal("0.29"))
    assert verbs.start(member, order()).state == "queued"


def test_a40_in_dollars_as_the_vendor_publishes_them_unless_a_rate_says_otherwise(member, team):
    key = a_key(team, vendor=IN_DOLLARS.vendor, rehearsal=False)
    a_threshold(team, "0", "money", "USD")
    wish = order(IN_DOLLARS.key, key=key)
    published = verbs.review(member, wish).price.usd
    assert asked(member, wish).sums[0].amount == published
    a_rate(team, IN_DOLLARS.vendor, "7", "USD")
    assert asked(member, wish).sums[0].amount == verbs.review(member, wish).price.amount * 7


def test_a40_units_of_two_vendors_are_named_apart(member, team, key):
    a_key(team, vendor="seedanceapi-dev", rehearsal=False)
    other = next(model.key for model in registry.vendor("seedanceapi-dev").models if model.prices)
    a_threshold(team, "1")
    a_threshold(team, "1", of="seedanceapi-dev")
    both = [verbs.review(member, order()), verbs.review(member, order(other))]
    found = verbs.to_confirm(member, both)
    assert sorted(one.threshold.of for one in found) == ["seedanceapi-dev", VENDOR]
    assert asking.button(found).count("credits of") == 2


def test_a40_a_second_request_of_a_lost_one_asks_like_a_press(member, team, key):
    a_threshold(team, "28")
    job = spent(team, member.user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    with pytest.raises(Unconfirmed) as raised:
        verbs.decide(member, job, "try_again")
    job.refresh_from_db()
    assert (job.state, job.attempts.get().state) == ("unknown", "unknown")
    verbs.decide(member, job, "try_again", yes(member, raised.value, verbs.second_token(job)))
    assert (job.state, job.attempts.get().state) == ("queued", "written_off")


def test_a40_giving_up_asks_nothing(member, team, key):
    a_threshold(team, "0")
    job = spent(team, member.user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    assert verbs.decide(member, job, "give_up").state == "failed"


def test_a_sum_that_is_set_after_the_form_was_drawn_counts(member, team, key):
    """Read inside the transaction that makes the job, not when the form was checked."""
    verbs.review(member, order())
    a_threshold(team, "1")
    asked(member, order())
