"""The whole studio under kills and a bad vendor, and the obvious design under the same."""

import pytest

from tests.chaos.run import Plan, run

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("chaos")]


def test_nothing_is_lost_and_nothing_is_paid_twice():
    """Bounded by outcome: however long it takes here, every job ends where it should."""
    report = run(Plan(seed=20261125))
    assert report.passed, "\n".join([report.log[-5000:], *report.lines()])
    assert report.verdict.jobs == 60
    assert len([way for way in report.hits if "nobody" not in way]) >= 10, report.hits


@pytest.mark.long
@pytest.mark.alone
def test_the_same_finds_the_double_charges_of_a_naive_task():
    report = run(Plan(seed=7, jobs=15, seconds=12, task="naive", pause=(0.5, 1.5), kills=4))
    assert report.verdict.breaches["double charges"], "\n".join(report.lines())
    assert not report.passed


@pytest.mark.long
@pytest.mark.alone
def test_the_same_on_postgresql_which_is_dropped_too():
    report = run(Plan(seed=20261125, database="postgres"))
    assert report.passed, "\n".join([report.log[-5000:], *report.lines()])
    assert report.hits["drop database"]
