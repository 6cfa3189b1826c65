"""A sandbox fifty times as fast as a vendor, and the studio's side of the street."""

import pytest

from tests.sandbox.studio import Studio
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox

SPEED = 50


@pytest.fixture(scope="session")
def studio():
    """Serves pictures and takes callbacks, as a studio does."""
    with Studio() as serving:
        yield serving


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session")
def sandbox(data, studio):
    config = SandboxConfig(data=data, port=0, speed=SPEED, studio=studio.url)
    with running_sandbox(config) as running:
        yield running


@pytest.fixture
def turned(sandbox):
    """Gives control(), and sets everything back afterwards."""
    yield sandbox.control
    sandbox.control(speed=SPEED, outage={}, rate={}, flat=False, revoked=[])
