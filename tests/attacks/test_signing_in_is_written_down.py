"""A36, A37 in the book: who came in, who tried to, who left, whose password changed (ASVS 16.3.1)."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.attacks.test_a36_signing_in import NEW, sign_in
from tests.people import PASSWORD, person, signed_in
from videos.accounts import signin_events
from videos.jobs.running import tidy
from videos.models import Event
from videos.models.clock import now

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


@pytest.fixture
def owner():
    return person("Owner")


def lines() -> list[tuple]:
    return [(one.verb, one.actor, one.object, one.team) for one in Event.objects.order_by("pk")]


def enter(client: Client) -> None:
    client.post(
        reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD},
        REMOTE_ADDR="203.0.113.77", headers={"User-Agent": FIREFOX},
    )  # fmt: skip


def test_in_and_out(owner):
    client, whose = Client(), f"user:{owner.pk}"
    enter(client)
    client.post(reverse("account_logout"))
    assert lines() == [("signin.ok", owner, whose, None), ("signin.out", owner, whose, None)]
    line = Event.objects.first()
    assert line.data == {"browser": "Firefox", "net": "203.0.113.0/24"} and line.request_id


def test_a36_who_tried_a_wrong_password_at_whose_door(owner):
    sign_in(password="a guess")
    assert lines() == [("signin.failed", None, f"user:{owner.pk}", None)]


def test_a36_an_address_that_is_nobodys_is_counted_and_not_kept(owner):
    sign_in("nobody.here@example.com", "my-secret-typed-as-a-password")
    assert lines() == [("signin.failed", None, "", None)]
    assert "nobody" not in json.dumps(Event.objects.get().data)


def test_a36_what_is_stopped_by_its_rate_writes_no_more(owner):
    for n in range(12):
        sign_in(password=f"guess {n}", ip=f"10.0.1.{n}")
    assert Event.objects.filter(verb="signin.failed").count() < 8


def test_a37_a_new_password_is_written_down_and_so_is_the_end_of_the_session(owner):
    client, whose = signed_in(owner), f"user:{owner.pk}"
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    assert sorted(lines(), key=lambda line: line[0]) == [
        ("signin.out", owner, whose, None),
        ("signin.password", owner, whose, None),
    ]


def test_everybody_sees_their_own_last_times_and_nobody_elses(owner):
    client = Client()
    enter(client)
    page = client.get(reverse("profile")).content.decode()
    assert page.count("203.0.113.0/24") == 1 and "Firefox" in page and "203.0.113.77" not in page
    assert "203.0.113" not in signed_in(person("Other")).get(reverse("profile")).content.decode()


def test_after_a_season_they_are_forgotten_and_what_teams_did_is_not(owner, settings, tmp_path):
    settings.MEDIA = tmp_path
    sign_in()
    old = now() - timedelta(days=91)
    Event.objects.update(at=old)
    kept = Event.objects.create(verb="team.made", at=old)
    sign_in()
    tidy.tidy()
    assert sorted(Event.objects.values_list("verb", "at"))[0][0] == "signin.ok"
    assert Event.objects.count() == 2 and Event.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (FIREFOX, "Firefox"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Version/26.0 Mobile/15E148 Safari/604.1", "Safari"),
        ("<script>curl", ""),
        ("", ""),
    ],
)
def test_a_browser_goes_by_its_family(said, family):
    assert signin_events.browser(said) == family


@pytest.mark.parametrize(
    ("address", "net"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("", ""), ("unix:", "")],
)
def test_a_machine_goes_by_its_network(address, net):
    assert signin_events.network(address) == net
