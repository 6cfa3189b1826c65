"""Behaviour 35: the page's totals are the sum of the rows, vendors' credits are never added,
and the file is the table."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.builders import a_project
from tests.people import join, person
from tests.usage.reading import ACE, ORG, ask, column, file_of, head_of, rows_of
from tests.usage.spent import A, M, S, every_way, spent
from videos.models import Job, SpendAttempt, Team
from videos.models.clock import now

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
@pytest.mark.parametrize("by", ["person", "project", "model", "vendor", "key"])
def test_b35_totals_are_the_sum_of_the_rows_and_the_file_is_the_table(as_bob, busy, by):
    answer, filed = ask(as_bob, by=by), file_of(ask(as_bob, by=by, format="csv"))
    assert filed == [head_of(answer), *rows_of(answer)]

    jobs = Job.objects.filter(rehearsal=False)
    assert sum(map(int, column(answer, "Generations"))) == jobs.count() == answer.context["counts"].jobs
    assert sum(map(int, column(answer, "Made"))) == jobs.filter(state=S.SUCCEEDED).count()

    requests = SpendAttempt.objects.filter(job__in=jobs).select_related("job")
    for vendor in ("acedata", "seedanceapi-org"):
        own = [one for one in requests if one.job.vendor == vendor]
        charged = [
            (one.job.charge if one.job.charge is not None else one.job.estimate) - (one.job.refunded or 0)
            for one in own
            if one.state == A.CHARGED and one.job.money == M.CHARGED
        ]
        written_off = [one.job.estimate for one in own if one.state == A.WRITTEN_OFF]
        lines = [line for line in answer.context["table"].rows if vendor_of(line) == named(vendor)]
        for name, expected in (("charged", charged), ("written_off", written_off)):
            assert sum(Decimal(cells(line)[name]) for line in lines) == sum(expected) > 0


def cells(line) -> dict[str, str]:
    return {one.name: cell.value for one, cell in line}


def vendor_of(line) -> str:
    return cells(line).get("vendor", cells(line)["group"])


def named(slug: str) -> str:
    return {"acedata": "acedata.cloud", "seedanceapi-org": "seedanceapi.org"}[slug]


@pytest.mark.both_databases
def test_credits_of_two_vendors_are_never_added(as_bob, team, bob, keys):
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="10", key=keys[ORG, False], model=ORG)
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="5", key=keys[ACE, False], model=ACE)
    answer = ask(as_bob)
    assert sorted(purse.charged for purse in answer.context["purses"]) == ["10 credits", "5 credits"]
    assert sorted(column(answer, "Charged")) == ["10", "5"]
    assert column(answer, "Person") == ["Bob", "Bob"]
    assert ">15<" not in answer.content.decode() and "15 credits" not in answer.content.decode()


def test_a_price_that_the_vendor_did_not_confirm_is_called_so(as_bob, team, bob, keys):
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="10", estimate="9", key=keys[ORG, False])
    spent(team, bob, A.CHARGED, money=M.CHARGED, estimate="28", key=keys[ORG, False])
    answer = ask(as_bob)
    assert (column(answer, "Charged"), column(answer, "Estimated part")) == (["38"], ["28"])
    assert "28 credits of it by the price list" in answer.content.decode()


def test_a_second_try_keeps_the_first_in_sight(as_bob, team, bob, keys):
    spent(team, bob, A.WRITTEN_OFF, A.CHARGED, money=M.CHARGED, charge="25", key=keys[ORG, False])
    answer = ask(as_bob)
    assert (column(answer, "Charged"), column(answer, "Written off")) == (["25"], ["28"])


def test_what_went_to_the_trash_was_paid_all_the_same(as_bob, team, bob, keys):
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="7", key=keys[ORG, False], trashed_at=now())
    assert column(ask(as_bob), "Charged") == ["7"]


def test_rehearsals_stand_apart(as_bob, team, bob, keys):
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="10", key=keys[ORG, False])
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="3", key=keys[ORG, True])
    assert column(ask(as_bob), "Charged") == ["10"]
    rehearsed = ask(as_bob, rehearsal="1")
    assert column(rehearsed, "Charged") == ["3"] and "none of this cost money" in rehearsed.content.decode()
    assert "rehearsal-usage-person" in ask(as_bob, rehearsal="1", format="csv")["Content-Disposition"]


def test_a_team_that_only_rehearses_sees_its_rehearsals(as_bob, team, bob, keys):
    Team.objects.update(rehearsal_only=True)
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="3", key=keys[ORG, True])
    assert column(ask(as_bob), "Charged") == ["3"]
    assert "Nothing was asked for" in ask(as_bob, rehearsal="0").content.decode()


@pytest.mark.both_databases
def test_medians_and_success(as_bob, team, bob, keys):
    start = now() - timedelta(hours=2)
    for wait, storing in ((60, 2), (100, 4), (400, 9), (70, 3)):
        ended = start + timedelta(seconds=wait)
        spent(
            team, bob, A.CHARGED, money=M.CHARGED, key=keys[ORG, False],
            created_at=start, made_at=ended - timedelta(seconds=storing), ended_at=ended,
        )  # fmt: skip
    spent(team, bob, A.NOT_CHARGED, money=M.NOT_CHARGED, state=S.FAILED, key=keys[ORG, False], ended_at=now())
    spent(team, bob, money=M.NONE, state=S.CANCELED, key=keys[ORG, False], ended_at=now())
    spent(team, bob, A.OPEN, money=M.HELD, state=S.SUBMITTING, key=keys[ORG, False])
    answer = ask(as_bob)
    (row,) = (dict(zip(head_of(answer), row, strict=True)) for row in rows_of(answer))
    assert (row["Generations"], row["Finished"], row["Made"]) == ("7", "5", "4")
    assert (row["Success"], row["Median wait"], row["Made to stored"]) == ("0.800", "85.0", "3.5")
    page = answer.content.decode()
    assert "4 made of 5 finished" in page and ">80 %<" in page and ">1:25<" in page and ">3.5 s<" in page


@pytest.mark.both_databases
def test_the_number_of_questions_does_not_grow(as_bob, busy, team, bob, django_assert_max_num_queries):
    with django_assert_max_num_queries(16) as few:
        ask(as_bob)
    for number in range(6):
        dave = person(f"Dave{number}")
        join(team, dave)
        every_way(team, dave, project=a_project(team, f"P{number}"))
    with django_assert_max_num_queries(len(few)):
        ask(as_bob, by="person")
    with django_assert_max_num_queries(len(few)):
        ask(as_bob, by="project")
