"""A full house to break into: two teams, everybody who may knock, and one row of everything."""

import copy
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.attacks.house import House, built
from tests.jobs.conftest import member, vendor
from videos.logs import OneLine

__all__ = ["member", "vendor"]
pytest.register_assert_rewrite("tests.attacks.replies")  # or a failure there would say nothing


@pytest.fixture(autouse=True)
def nothing_counted_yet(settings, tmp_path):
    settings.MEDIA = tmp_path / "media"
    settings.DISK_RESERVE = 0
    cache.clear()


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Path, House]]:
    """One for all tests of a file: each goes on from it and leaves its rows as they were. (No test
    of such a file may need a real commit.)"""
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA=folder):
            house = built()
        yield folder, house
        transaction.set_rollback(True)


@pytest.fixture
def house(built_once, db, settings) -> House:
    settings.MEDIA, house = built_once
    return copy.deepcopy(house)


@pytest.fixture
def book():
    """Every record at STUDIO_LOG_LEVEL=DEBUG, as the studio's own handler prints it (settings keep
    the libraries that log headers at WARNING whatever the level is)."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("{levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
