"""A team with something to read on its usage page."""

import pytest

from tests.builders import a_key, a_project
from tests.usage.reading import ACE, ORG
from tests.usage.spent import every_way


@pytest.fixture
def keys(team):
    return {
        (model, rehearsal): a_key(
            team, vendor=model.partition("/")[0], rehearsal=rehearsal, secret=f"sk-{model[:3]}-{rehearsal}"
        )
        for model in (ORG, ACE)
        for rehearsal in (True, False)
    }


@pytest.fixture
def busy(team, alice, bob, keys):
    """Every way money may stand, for two people on two vendors, real and rehearsed."""
    harbour = a_project(team, "Harbour")
    for (model, _rehearsal), key in keys.items():
        for user, project in ((alice, harbour), (bob, None)):
            every_way(team, user, key=key, model=model, project=project)
