"""Two people who may spend, a key of real money, and nothing that is ever sent."""

import pytest

from tests.builders import a_key
from videos.models import Membership


@pytest.fixture
def member(alice, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=alice, team=team)


@pytest.fixture
def colleague(bob, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=bob, team=team)


@pytest.fixture
def key(team):
    """Nobody sends in these tests, so a key of real money is safe."""
    return a_key(team, rehearsal=False)
