"""A studio's rows, a sandbox or a badly behaved vendor behind a rehearsal key."""

import pytest
from django.core.cache import caches

from tests.builders import a_key
from tests.jobs import faulty_vendor
from tests.jobs.engine import SPEED
from videos.models import Membership
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox


@pytest.fixture(autouse=True)
def quiet_place(settings, tmp_path):
    """A media folder of its own, room on every disk, nothing learned from other tests."""
    settings.MEDIA = tmp_path / "media"
    settings.DISK_RESERVE = 0
    for cache in caches.all():
        cache.clear()
    caches["local"].clear()


@pytest.fixture
def member(alice, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=alice, team=team)


@pytest.fixture
def colleague(bob, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=bob, team=team)


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory):
    """One per process: its films are cached, and each test has an account of its own."""
    config = SandboxConfig(data=tmp_path_factory.mktemp("sandbox"), port=0, speed=SPEED)
    with running_sandbox(config) as running:
        yield running


@pytest.fixture
def sandbox(one_sandbox, settings):
    settings.SANDBOX_URL = one_sandbox.url
    one_sandbox.control(outage={})
    return one_sandbox


@pytest.fixture
def vendor(settings):
    """A vendor whose every answer a test decides; see ``faulty_vendor``."""
    with faulty_vendor.open_for_business() as vendor:
        settings.SANDBOX_URL = vendor.url
        yield vendor


@pytest.fixture
def key(team):
    """The rehearsal key of a vendor that has callbacks and honours no idempotency key."""
    return a_key(team, secret="rehearsal-plain")


@pytest.fixture
def safe_key(team):
    """The rehearsal key of the vendor that honours our idempotency key."""
    return a_key(team, vendor="seedance2ai", secret="rehearsal-safe")
