"""What surrounds every page: the menu, the warning when nobody works, the error pages."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.people import signed_in
from videos.accounts import context
from videos.models import Heartbeat, Job, Team, heartbeats
from videos.models.clock import now
from videos.signin import login_required

pytestmark = pytest.mark.django_db
PAGE = "/t/northlight/members/"


def beat(name, seconds_ago):
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now() - timedelta(seconds=seconds_ago)})


class TestWorkerQuietSince:
    """Durations run at a twentieth in tests: the ticker is missed after 6 s, the canary after 18."""

    @pytest.fixture(autouse=True)
    def listening_for_long(self, monkeypatch):
        monkeypatch.setattr(heartbeats, "STARTED", now() - timedelta(hours=1))

    def test_all_is_well(self, db):
        beat("ticker", 1), beat(heartbeats.CANARY, 10)
        assert heartbeats.quiet_since() is None

    @pytest.mark.parametrize("quiet", ["ticker", heartbeats.CANARY])
    def test_either_one_silent(self, db, quiet):
        beat("ticker", 1), beat(heartbeats.CANARY, 1)
        beat(quiet, 100)
        assert heartbeats.quiet_since() == Heartbeat.objects.get(name=quiet).at

    def test_nobody_ever_came(self, monkeypatch):
        started = now() - timedelta(minutes=2)
        monkeypatch.setattr(heartbeats, "STARTED", started)
        assert heartbeats.quiet_since() == started

    def test_a_studio_that_has_just_started_is_given_a_moment(self, monkeypatch):
        monkeypatch.setattr(heartbeats, "STARTED", now())
        assert heartbeats.quiet_since() is None
        beat("ticker", 100), beat(heartbeats.CANARY, 100)  # the last studio's, before a restart
        assert heartbeats.quiet_since() is None

    def test_the_page_says_so(self, as_alice):
        beat("ticker", 100), beat(heartbeats.CANARY, 1)
        assert "Nothing is being sent or fetched since" in as_alice.get(PAGE).content.decode()
        beat("ticker", 1)
        assert "Nothing is being sent" not in as_alice.get(PAGE).content.decode()


def test_a_full_disk_is_said_on_every_page_for_as_long_as_the_worker_says_so(as_alice):
    """F22: nothing is bought that could not be stored, and nobody is left to wonder."""
    full = "The disk is full. Nothing is bought that could not be stored"
    Heartbeat.objects.create(name="ticker", at=now(), data={"disk_full": True})
    assert full in as_alice.get(PAGE).content.decode()
    Heartbeat.objects.update(data={"disk_full": False})
    assert full not in as_alice.get(PAGE).content.decode()


class TestMenu:
    def test_leads_through_the_team_of_the_address(self, as_alice, alice):
        other = Team.objects.create(name="Second", slug="second")
        other.memberships.create(user=alice, role="owner")
        entries = as_alice.get(PAGE).context["nav"]()
        assert [entry.name for entry in entries] == [
            "gallery",
            "prompts",
            "recipes",
            "pictures",
            "usage",
            "members",
            "keys",
        ]
        assert all(entry.url.startswith("/t/northlight/") for entry in entries)
        assert [entry.name for entry in entries if entry.current] == ["members"]
        assert all(entry.url.startswith("/t/second/") for entry in as_alice.get("/me/").context["nav"]())

    def test_tells_a_stranger_nothing(self, as_charlie, team):
        missing = as_charlie.get(PAGE)
        assert missing.status_code == 404 and missing.context["current_team"]() is None
        assert "Northlight" not in missing.content.decode()


class TestSignIn:
    def view(self):
        return login_required(lambda request: HttpResponse("in"))

    def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(self, client, team):
        answer = client.post(
            reverse("invites", args=["northlight"]), headers={"Referer": "http://testserver" + PAGE}
        )
        assert answer.url == f"/accounts/login/?next={PAGE}"

    @pytest.mark.parametrize("referer", ["https://evil.example/t/x/", "", "javascript:1"])
    def test_and_never_to_another_house(self, client, team, referer):
        answer = client.post(reverse("invites", args=["northlight"]), headers={"Referer": referer})
        assert answer.url == "/accounts/login/?next=/"

    def test_a_fragment_and_a_page_are_told_apart_by_caches(self, as_alice):
        assert "HX-Request" in as_alice.get(PAGE).headers["Vary"]


def test_a_stale_form_is_told_kindly(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/me/", {"name": "x"})
    assert answer.status_code == 403 and "Nothing you typed is lost" in answer.content.decode()


def test_a_stale_form_of_htmx_is_refused_and_gets_the_secret_of_the_newer_sign_in(alice, team):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    generate = reverse("generate", args=["northlight"])
    answer = client.post(generate, {"prompt": "Not made"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 422 and answer.headers["HX-Reswap"] == "none"
    assert "You signed in as Alice after this page was opened" in html and not Job.objects.exists()
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"\s+hx-swap-oob', html)[1]
    again = client.post(generate, {"csrfmiddlewaretoken": secret}, headers={"HX-Request": "true"})
    assert again.status_code == 422 and "HX-Reswap" not in again.headers  # the form, with its reasons
    anonymous = Client(enforce_csrf_checks=True).post(generate, headers={"HX-Request": "true"})
    assert anonymous.status_code == 403 and "HX-Reswap" not in anonymous.headers


def test_the_broken_page_needs_nothing_but_itself():
    page = render_to_string("500.html")
    assert "Something broke" in page and "<script" not in page and "style=" not in page


def test_every_page_has_its_strict_policy(as_alice):
    policy = as_alice.get(PAGE).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_a_page_asks_the_shell_at_most_two_things(alice, django_assert_num_queries):
    request = RequestFactory().get(PAGE)
    request.user, request.resolver_match = alice, None
    shell = context.studio(request)
    with django_assert_num_queries(2):
        for _ in range(2):
            shell["teams"](), shell["nav"](), shell["current_team"](), shell["rehearsal"]()
            shell["signs"](), shell["languages"]()


def test_signed_in_people_have_a_face_on_every_page(bob, team):
    assert 'data-hue="' in signed_in(bob).get(PAGE).content.decode()
