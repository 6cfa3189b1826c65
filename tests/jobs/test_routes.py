"""A rehearsal key and a real key never cross: not when sending, looking or fetching."""

import asyncio

import pytest

from tests.builders import a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import MODEL, age, attempts, drive, fresh, looked, press, sent
from tests.network import faults
from videos.jobs.account import routes
from videos.jobs.fetching import collect
from videos.jobs.transitions import By
from videos.jobs.watching import sweep
from videos.models import Job
from videos.network.addresses import BlockedAddress
from videos.vendors import registry

SLUGS = list(registry.VENDORS)
VENDOR = "seedanceapi-org"


def pair(server):
    return "127.0.0.1", server.port


@pytest.fixture
def gateway(settings):
    """A company gateway of the vendor: somewhere trusted that is not the sandbox."""
    vendor = says.Vendor()
    with faults.server(vendor) as server:
        settings.VENDOR_URLS = settings.VENDOR_URLS | {VENDOR: server.url}
        settings.TRUSTED_HOSTS = frozenset({pair(server)})
        vendor.url = server.url
        yield vendor


@pytest.fixture
def real_key(team):
    return a_key(team, secret="sk-really-real-key", rehearsal=False)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_rehearsal_goes_to_the_sandbox_and_reaches_nothing_else(settings, slug):
    settings.VENDOR_URLS = {slug: "https://gateway.example.com"}
    settings.TRUSTED_HOSTS = frozenset({("gateway.example.com", 443), ("10.0.0.9", 80)})
    way = routes.route(slug, rehearsal=True)
    assert way.base_url == f"{settings.SANDBOX_URL}/{slug}"
    assert way.trusted == {routes.host_and_port(settings.SANDBOX_URL)}
    for url in (
        "https://cdn.example.com/a.mp4",
        "http://10.0.0.9/a.mp4",
        "https://gateway.example.com/a.mp4",
    ):
        with pytest.raises((routes.Crossed, BlockedAddress)):
            way.allow(url)
    assert way.allow(f"{settings.SANDBOX_URL}/media/a.mp4")


@pytest.mark.parametrize("slug", SLUGS)
def test_real_work_goes_to_the_vendor_and_never_fetches_from_the_sandbox(settings, slug):
    settings.TRUSTED_HOSTS = frozenset({routes.host_and_port(settings.SANDBOX_URL), ("10.0.0.9", 80)})
    way = routes.route(slug, rehearsal=False)
    assert way.base_url == registry.vendor(slug).base_url
    assert way.trusted == {("10.0.0.9", 80)}
    assert way.allow("https://cdn.example.com/a.mp4")
    assert way.allow("http://10.0.0.9/a.mp4")
    for url in (
        f"{settings.SANDBOX_URL}/media/a.mp4",
        settings.SANDBOX_URL.replace("127.0.0.1", "localhost"),
    ):
        with pytest.raises((routes.Crossed, BlockedAddress)):
            way.allow(url)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_a_gateway_that_is_the_sandbox_is_refused_under_any_name(settings, name):
    port = routes.host_and_port(settings.SANDBOX_URL)[1]
    settings.VENDOR_URLS = {VENDOR: f"http://{name}:{port}/{VENDOR}"}
    with pytest.raises(routes.Crossed):
        routes.route(VENDOR, rehearsal=False)


@pytest.mark.django_db
def test_a_real_key_whose_gateway_is_the_sandbox_sends_nothing(member, real_key, vendor, settings):
    settings.VENDOR_URLS = {VENDOR: vendor.url}
    settings.TRUSTED_HOSTS = frozenset({routes.host_and_port(vendor.url)})
    settings.PUBLIC_URL = "https://studio.example.com"
    job = drive(press(member, key=real_key))
    assert (job.state, job.kind, attempts(job)) == ("failed", "gone_wrong", [])
    assert vendor.sent == []


@pytest.mark.django_db
def test_both_keys_send_and_look_side_by_side_each_to_its_own(member, key, real_key, vendor, gateway):
    rehearsal, real = sent(member, vendor, key=key), sent(member, gateway, key=real_key)
    assert (rehearsal.rehearsal, real.rehearsal) == (True, False)
    looked(rehearsal)
    looked(real)
    for place, secret in ((vendor, "rehearsal-plain"), (gateway, "sk-really-real-key")):
        assert {heard.headers["authorization"] for heard in place.sent + place.looked} == {f"Bearer {secret}"}
        assert (len(place.sent), len(place.looked)) == (1, 1)


@pytest.mark.django_db
def test_a_link_across_is_not_fetched_in_either_direction(member, key, real_key, vendor, gateway):
    """The sandbox answers with the gateway's address, and the gateway with the sandbox's."""
    gateway.files["/film.mp4"] = vendor.files["/film.mp4"] = faults.answers(body=b"film")
    vendor.looks, gateway.looks = (
        [says.made(f"{gateway.url}/film.mp4")],
        [says.made(f"{vendor.url}/film.mp4")],
    )
    for one in (sent(member, vendor, key=key), sent(member, gateway, key=real_key)):
        job = drive(looked(one))
        assert (job.state, job.kind) == ("download_failed", "download_blocked")
    assert vendor.fetched == gateway.fetched == []


@pytest.mark.django_db
def test_a_job_whose_route_closed_is_neither_looked_at_nor_fetched(member, real_key, gateway, settings):
    """The operator pointed the gateway at the sandbox while a real job was running."""
    job = sent(member, gateway, key=real_key)
    settings.SANDBOX_URL = gateway.url
    age(job, 60)
    with asyncio.Runner() as runner:
        asking = sweep.Sweep("me", runner)
        for one in Job.objects.filter(pk=job.pk):
            asking.ask(one)
        assert asking.open_looks == {}
        runner.run(asking.stop())
    with pytest.raises(routes.Crossed):
        collect._fetch(a_waiting_output(fresh(job)), None, By(worker="me"))
    assert gateway.looked == []


def a_waiting_output(job):
    from tests.builders import an_output

    return an_output(job, state="waiting", file="")


@pytest.mark.parametrize(
    ("public", "reachable"),
    [
        ("https://studio.example.com", True), ("https://93.184.216.34", True), ("http://studio.example.com", False),
        ("https://studio.example.com:8443", False), ("https://localhost", False), ("https://10.0.0.4", False),
        ("https://studio", False), ("https://studio.local", False), ("https://studio.internal", False),
        ("http://127.0.0.1:8000", False), ("https://169.254.169.254", False),
    ],
)  # fmt: skip
def test_who_can_reach_us(settings, public, reachable):
    """Without a public https address only the sandbox and trusted gateways can."""
    settings.PUBLIC_URL = public
    assert routes.reachable_by(VENDOR, rehearsal=False) == reachable
    assert routes.reachable_by(VENDOR, rehearsal=True)
    settings.VENDOR_URLS = {VENDOR: "http://10.0.0.9:8080"}
    settings.TRUSTED_HOSTS = frozenset({("10.0.0.9", 8080)})
    assert routes.reachable_by(VENDOR, rehearsal=False)


@pytest.mark.django_db
def test_no_callback_is_asked_for_where_none_could_arrive(member, real_key, key, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert press(member, key=real_key).callback_hash is None
    assert press(member, key=key).callback_hash
    settings.PUBLIC_URL = "https://studio.example.com"
    assert press(member, key=real_key).callback_hash
    assert MODEL.startswith(VENDOR)
