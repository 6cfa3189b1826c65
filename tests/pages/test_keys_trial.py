"""The test button, against a vendor's edge over real HTTP."""

import json

import pytest
from django.urls import reverse

from tests.builders import SECRET, VENDOR, a_key
from tests.network.faults import answers, resets, server
from tests.ports import free_port
from videos.models import Event, VendorKey
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox
from videos.vendors import registry

pytestmark = pytest.mark.django_db
NOT_FOUND = answers(
    404, json.dumps({"error": {"code": "TASK_NOT_FOUND", "message": "Task not found"}}).encode()
)
REFUSED = answers(
    401, json.dumps({"error": {"code": "INVALID_API_KEY", "message": f"Bad key {SECRET}"}}).encode()
)


@pytest.fixture
def press(as_alice, settings):
    """Presses the button of a key whose calls go to ``edge`` and returns the page."""

    def press(key, edge):
        with server(edge) as vendor:
            settings.SANDBOX_URL = vendor.url
            page = as_alice.post(reverse("key_test", args=["northlight", key.pk]), follow=True)
        return page.content.decode(), vendor

    return press


def test_no_such_task_means_that_the_key_is_taken(press, team):
    key = a_key(team)
    page, vendor = press(key, NOT_FOUND)
    (asked,) = vendor.heard
    assert asked.method == "GET" and asked.target.startswith(f"/{VENDOR}/v1/status?task_id=")
    assert asked.headers["authorization"] == f"Bearer {SECRET}" and not asked.body
    assert "takes this key" in page and VendorKey.objects.get().tested_at


def test_a_refused_key_stops_and_its_words_never_repeat_it(press, team, caplog):
    key = a_key(team)
    page, _ = press(key, REFUSED)
    key.refresh_from_db()
    assert key.state == "broken" and key.said == "Bad key ***"
    assert "refuses this key" in page and "Bad key ***" in page
    assert SECRET not in page + caplog.text + str(list(Event.objects.values()))
    assert Event.objects.get().data == {"vendor": VENDOR, "rehearsal": True, "answer": "refused"}


def test_one_that_works_again_goes_on(press, team):
    key = a_key(team, state="broken", said="once bad")
    press(key, NOT_FOUND)
    key.refresh_from_db()
    assert (key.state, key.said) == ("active", "")


def test_a_resting_one_goes_on_resting(press, team):
    key = a_key(team, state="paused")
    press(key, NOT_FOUND)
    assert VendorKey.objects.get().state == "paused"
    VendorKey.objects.update(tested_at=None)
    press(key, REFUSED)
    assert VendorKey.objects.get().state == "paused"


@pytest.mark.parametrize("edge", [answers(503, b"busy"), answers(200, b"<html>hello</html>"), resets()])
def test_trouble_says_nothing_about_the_key(press, team, edge):
    key = a_key(team)
    page, _ = press(key, edge)
    assert VendorKey.objects.get().state == "active"
    assert "neither yes nor no" in page or "did not answer" in page


def test_nobody_at_home(as_alice, team, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{free_port()}"
    key = a_key(team)
    page = as_alice.post(reverse("key_test", args=["northlight", key.pk]), follow=True).content.decode()
    assert "did not answer" in page and VendorKey.objects.get().state == "active"


def test_a_button_is_not_a_hammer(press, team):
    key = a_key(team)
    press(key, NOT_FOUND)
    page, vendor = press(key, NOT_FOUND)
    assert not vendor.heard and "a moment ago" in page


def test_a_key_that_no_longer_opens_is_sent_nowhere(press, team):
    key = a_key(team)
    VendorKey.objects.update(sealed=b"not what was sealed")
    page, vendor = press(key, NOT_FOUND)
    assert not vendor.heard and "cannot open this key" in page


def test_a_real_key_goes_to_its_vendor_and_never_to_the_stand_ins(press, team, settings):
    key = a_key(team, rehearsal=False)
    with server(NOT_FOUND) as gateway:
        settings.VENDOR_URLS = {VENDOR: gateway.url}
        settings.TRUSTED_HOSTS = gateway.trusted
        page, sandbox = press(key, REFUSED)
    assert len(gateway.heard) == 1 and not sandbox.heard and "takes this key" in page
    assert gateway.heard[0].target.startswith("/v1/status?")


def test_a_real_key_does_not_follow_a_setting_into_the_sandbox(as_alice, team, settings):
    key = a_key(team, rehearsal=False)
    with server(NOT_FOUND) as one:
        settings.SANDBOX_URL = one.url
        settings.VENDOR_URLS, settings.TRUSTED_HOSTS = {VENDOR: one.url}, one.trusted
        page = as_alice.post(reverse("key_test", args=["northlight", key.pk]), follow=True).content.decode()
    assert not one.heard and "did not answer" in page


def test_the_stand_ins_of_every_vendor_tell_good_from_bad(as_alice, team, settings, tmp_path):
    with running_sandbox(SandboxConfig(port=0, data=tmp_path)) as sandbox:
        settings.SANDBOX_URL = sandbox.url
        for slug in registry.VENDORS:
            good, bad = (
                a_key(team, vendor=slug, secret=secret) for secret in ("rehearsal-good", "not-one-of-ours")
            )
            for key in (good, bad):
                as_alice.post(reverse("key_test", args=["northlight", key.pk]))
                key.refresh_from_db()
            assert (slug, good.state, bad.state) == (slug, "active", "broken")
    answers = Event.objects.order_by("id").values_list("data__answer", flat=True)
    assert list(answers) == ["works", "refused"] * len(registry.VENDORS)
