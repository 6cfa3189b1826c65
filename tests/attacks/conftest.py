"""A full house to break into: two teams, everybody who may knock, and one row of everything."""

import pytest
from django.core.cache import cache

from tests.attacks.house import House, built
from tests.jobs.conftest import member, vendor

__all__ = ["member", "vendor"]


@pytest.fixture(autouse=True)
def nothing_counted_yet(settings, tmp_path):
    settings.MEDIA = tmp_path / "media"
    settings.DISK_RESERVE = 0
    cache.clear()


@pytest.fixture
def house(db) -> House:
    return built()
