"""``manage.py audit``: the sum of the places is the sum of the requests, or it ends with 1."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.builders import a_key
from tests.usage.spent import A, M, S, every_way, spent
from videos.models import Job, Team
from videos.usage.proof import SpendingGroup, prove

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def audit(**options) -> str:
    out = StringIO()
    call_command("audit", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def books(team, bob):
    """Everything that may happen, on two vendors, rehearsed and real."""
    for vendor, model in (
        ("seedanceapi-org", "seedanceapi-org/seedance-2.0"),
        ("acedata", "acedata/doubao-seedance-1-0-pro-250528"),
    ):
        for rehearsal in (True, False):
            key = a_key(team, vendor=vendor, rehearsal=rehearsal, secret=f"sk-{vendor}-{rehearsal}")
            every_way(team, bob, key=key, model=model)


def test_every_credit_is_in_exactly_one_place(books):
    proof = prove()
    assert proof.troubles == [] and proof.unequal() == [] and proof.holds
    assert len(proof.balances) == 4
    for purse, balance in proof.balances.items():
        assert balance.total == proof.worth[purse] > 0
        assert balance.charged and balance.refunded and balance.held and balance.possibly
        assert balance.written_off and balance.unpriced == 1
    assert "Every credit is in exactly one place." in audit()


def test_the_lines_name_the_places(team, bob):
    spent(team, bob, A.CHARGED, money=M.CHARGED, charge="12.5")
    spent(team, bob, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    first = audit().splitlines()[0]
    assert first == "seedanceapi-org credits (rehearsal): 40.5 asked = 12.5 charged + 28 possibly"


def test_nothing_asked_nothing_to_prove(team):
    assert audit() == "Every credit is in exactly one place.\n"


def test_one_team_alone(team, bob):
    other = Team.objects.create(name="Elsewhere", slug="elsewhere")
    spent(other, bob, A.NOT_CHARGED, money=M.CHARGED)
    assert "exactly one place" in audit(team="northlight")
    with pytest.raises(CommandError):
        audit(team="elsewhere")
    with pytest.raises(CommandError, match="There is no team"):
        audit(team="nowhere")


def test_a_job_in_two_places_ends_with_an_error(team, bob):
    good = spent(team, bob, A.CHARGED, money=M.CHARGED)
    bad = spent(team, bob, A.UNKNOWN, money=M.NOT_CHARGED, state=S.FAILED)
    out = StringIO()
    with pytest.raises(CommandError, match="1 jobs are not in exactly one place"):
        call_command("audit", stdout=out)
    assert f"job {bad.public_id}: what it says of its money" in out.getvalue()
    assert str(good.public_id) not in out.getvalue()


def test_a_job_that_says_it_paid_without_a_request_is_found(team, bob):
    bad = spent(team, bob, money=M.CHARGED, charge="3")
    assert {job for job, _trouble in prove().troubles} == {str(bad.public_id)}


def test_a_sum_that_is_not_the_same_three_ways_is_found(books):
    proof = prove()
    purse = next(iter(proof.worth))
    proof.worth[purse] += 1
    assert proof.unequal() == [purse] and not proof.holds


def test_millionths_are_added_exactly(team, bob):
    for _ in range(30):
        spent(team, bob, A.CHARGED, money=M.CHARGED, charge="0.100001")
    (balance,) = prove().balances.values()
    assert str(balance.charged) == "3.000030"
    assert prove().holds


def test_a_studio_with_many_jobs_costs_no_more_questions(team, bob, django_assert_num_queries):
    every_way(team, bob)
    with django_assert_num_queries(4):
        prove()
    Job.objects.update(unit="units")
    assert set(prove().balances) == {SpendingGroup("seedanceapi-org", "units", True)}
