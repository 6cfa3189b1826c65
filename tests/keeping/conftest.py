"""A folder of its own for every test, and a studio that somebody has worked in."""

import pytest
from django.core.management import call_command

from tests.builders import a_job, a_key, an_output
from tests.jobs import faulty_vendor
from tests.pages.pictures import an_upload, png
from videos.jobs import money
from videos.jobs.transitions import By, record
from videos.media.store import Store, digest
from videos.models import JobPicture, Membership
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox
from videos.states import Attempt, State


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.MEDIA = settings.DATA / "media"


@pytest.fixture
def store(settings) -> Store:
    return Store(settings.MEDIA)


def a_film(store: Store, job, n: int = 0, film: bytes = b"", poster: bytes = b"") -> object:
    """A stored output whose files are there. Without bytes given, no other job has the same."""
    film = film or f"film {job.pk} {n}".encode() * 50
    name, picture = store.put(film, ".mp4"), store.put(poster or b"poster of " + film, ".jpg")
    sha256 = digest(store.path(name))
    return an_output(job, n, file=name, poster=picture, sha256=sha256, bytes=len(film))


@pytest.fixture
def lived_in(team, alice, bob, store):
    """One job in every state, by its state; films, pictures, attempts and history beside."""
    key = a_key(team)
    jobs = {state: a_job(team, bob, f"A harbour, {state}", state=state, key=key) for state in State}
    for state, job in jobs.items():
        record(job, "job.created", By(actor=bob))
        if state not in (State.QUEUED, State.CANCELED):
            money.open_attempt(job)
        if state == State.UNKNOWN:
            money.settle(job, Attempt.UNKNOWN, "no_answer")
    a_film(store, jobs[State.SUCCEEDED])
    JobPicture.objects.create(
        job=jobs[State.SUCCEEDED], upload=an_upload(team, alice), role="start", link_hash="0" * 64
    )
    store.put(png(2), ".png")  # a file whose row is about to be written
    return jobs


@pytest.fixture
def vendor(settings):
    """A vendor that counts what it is sent."""
    with faulty_vendor.open_for_business() as vendor:
        settings.SANDBOX_URL = vendor.url
        settings.DISK_RESERVE = 0
        yield vendor


@pytest.fixture
def key(team):
    return a_key(team, secret="rehearsal-plain")


@pytest.fixture
def safe_key(team):
    """The rehearsal key of the vendor that honours our idempotency key."""
    return a_key(team, vendor="seedance2ai", secret="rehearsal-safe")


@pytest.fixture
def elsewhere(settings, tmp_path):
    """Call it, and this is an empty studio on another machine with the same secrets."""

    def move():
        call_command("flush", interactive=False, verbosity=0)
        settings.DATA = tmp_path / "elsewhere"
        settings.DATA.mkdir()
        settings.MEDIA = settings.DATA / "media"
        return Store(settings.MEDIA)

    return move


@pytest.fixture
def member(alice, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=alice, team=team)


@pytest.fixture
def sandbox(settings, tmp_path_factory):
    config = SandboxConfig(data=tmp_path_factory.mktemp("sandbox"), port=0, speed=200)
    with running_sandbox(config) as running:
        settings.SANDBOX_URL = running.url
        yield running
