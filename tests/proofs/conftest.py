"""The rows of a studio, and a vendor that keeps books behind its rehearsal keys."""

import pytest

from tests.builders import a_key
from tests.jobs.conftest import member, quiet_place  # noqa: F401 (pytest finds them here)
from tests.media.films import film
from tests.network import faults
from tests.proofs.bank import open_bank


@pytest.fixture(scope="session")
def some_film(tmp_path_factory):
    """The bytes of half a second."""
    return film(tmp_path_factory.mktemp("films") / "film.mp4", frames=12).read_bytes()


@pytest.fixture
def bank(settings, some_film):
    with open_bank() as bank:
        bank.film = faults.answers(body=some_film, content_type="video/mp4")
        settings.SANDBOX_URL = bank.url
        yield bank


@pytest.fixture
def keys(team):
    """A rehearsal key of every vendor."""
    from videos.vendors import registry

    return {slug: a_key(team, vendor=slug, secret=f"rehearsal-{slug}") for slug in registry.VENDORS}
