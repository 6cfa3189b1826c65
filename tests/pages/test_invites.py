import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import PASSWORD, person, signed_in
from videos.models import Event, Invite, Membership, Team
from videos.models.clock import now

pytestmark = pytest.mark.django_db
INVITES = "/t/northlight/invites/"


@pytest.fixture
def link(as_alice):
    """Makes an invitation as Alice would and returns its path."""

    def make(**fields):
        page = as_alice.post(INVITES, {"role": "maker", "email": ""} | fields).content.decode()
        return re.search(r"http://127.0.0.1:8000(/invites/[\w-]+/)", page)[1]

    return make


def test_the_link_is_shown_once_and_kept_nowhere(as_alice, link):
    path = link()
    token = path.split("/")[2]
    assert token not in as_alice.get("/t/northlight/members/").content.decode()
    assert token not in str(list(Invite.objects.values())) + str(list(Event.objects.values()))
    assert Event.objects.get(verb="invite.made").data == {"role": "maker", "bound": False}


def test_one_press_copies_the_link(as_alice):
    page = as_alice.post(INVITES, {"role": "maker", "email": ""}).content.decode()
    assert re.search(r'id="invite-link"[^>]* value="http://127.0.0.1:8000/invites/[\w-]+/" readonly', page)
    assert 'data-copy="invite-link"' in page and "js/copy.js" in page
    assert "data-copy" not in as_alice.get("/t/northlight/members/").content.decode()


def test_a_signed_in_person_says_yes_by_a_button(link):
    path, dora = link(role="reviewer"), person("Dora")
    client = signed_in(dora)
    page = client.get(path)
    assert "Alice invites you" in page.content.decode() and not Membership.objects.filter(user=dora).exists()
    assert client.post(path).url == "/t/northlight/"
    assert Membership.objects.get(user=dora).role == "reviewer"


def test_it_works_once(link):
    path = link()
    signed_in(person("Dora")).post(path)
    late = signed_in(person("Eve")).post(path)
    assert late.status_code == 404 and "works once" in late.content.decode()
    assert not Membership.objects.filter(user__name="Eve").exists()


def test_after_seven_days_it_is_over(link):
    path = link()
    Invite.objects.update(expires_at=now() - timedelta(seconds=1))
    client = signed_in(person("Dora"))
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_a_link_lives_seven_days(link):
    link()
    assert abs(Invite.objects.get().expires_at - now() - timedelta(days=7)) < timedelta(minutes=1)


def test_taken_back(as_alice, link):
    path = link()
    as_alice.post(reverse("invite_revoke", args=["northlight", Invite.objects.get().pk]))
    assert signed_in(person("Dora")).post(path).status_code == 404


@pytest.mark.parametrize("change", [{"remove": "1"}, {"role": "maker"}])
def test_who_may_no_longer_invite_has_no_link_left(as_alice, bob, change):
    Membership.objects.filter(user=bob).update(role="admin")
    page = signed_in(bob).post(INVITES, {"role": "admin"}).content.decode()
    path = re.search(r"http://127.0.0.1:8000(/invites/[\w-]+/)", page)[1]
    as_alice.post(reverse("member", args=["northlight", bob.pk]), change)
    assert signed_in(person("Eve")).post(path).status_code == 404


def test_bound_to_an_address(link):
    path = link(email="Dora@Example.com")
    eve = signed_in(person("Eve"))
    assert "for another address" in eve.get(path).content.decode()
    assert eve.post(path).status_code == 403 and not Membership.objects.filter(user__name="Eve").exists()
    assert signed_in(person("Dora")).post(path).status_code == 302


def test_a_member_stays_what_they_are_and_the_link_stays_good(link, bob):
    path = link(role="viewer")
    signed_in(bob).post(path)
    assert Membership.objects.get(user=bob).role == "maker"
    assert signed_in(person("Dora")).post(path).status_code == 302


def test_somebody_without_an_account_makes_one_and_comes_back(link):
    path, client = link(), Client()
    page = client.get(path).content.decode()
    assert f"{reverse('account_signup')}?next={path.replace('/', '%2F')}" in page
    form = {"name": "Dora", "email": "dora@example.com", "password1": "a quiet harbour", "next": path}
    assert client.post(reverse("account_signup"), form).url == path
    assert client.post(path).url == "/t/northlight/"


def test_somebody_signed_out_signs_in_and_comes_back(link):
    path, client = link(), Client()
    person("Dora")
    assert client.post(path).status_code == 200  # shows the two ways in, joins nobody
    form = {"login": "dora@example.com", "password": PASSWORD, "next": path}
    assert client.post(reverse("account_login"), form).url == path


def test_a_made_up_token_is_no_link(client):
    assert client.get("/invites/anything-at-all/").status_code == 404
    assert client.delete("/invites/anything-at-all/").status_code == 405


def test_only_who_manages_invites_and_only_an_owner_invites_owners(as_bob, bob, alice):
    assert as_bob.post(INVITES, {"role": "maker"}).status_code == 403
    Membership.objects.filter(user=bob).update(role="admin")
    assert as_bob.post(INVITES, {"role": "owner"}).status_code == 422
    assert not Invite.objects.exists()
    assert as_bob.post(INVITES, {"role": "maker"}).status_code == 200


def test_another_teams_invitation_cannot_be_taken_back(as_charlie, as_alice, link):
    link()
    url = reverse("invite_revoke", args=["elsewhere", Invite.objects.get().pk])
    assert as_charlie.post(url).status_code == 404 and Invite.objects.get().revoked_at is None


def test_an_address_that_is_none_is_refused(as_alice):
    answer = as_alice.post(INVITES, {"role": "maker", "email": "dora at example"})
    assert answer.status_code == 422 and 'value="dora at example"' in answer.content.decode()


def test_a_team_is_made_by_who_signed_up(client):
    dora = signed_in(person("Dora"))
    assert "Make a team" in dora.get("/").content.decode()
    assert dora.post(reverse("team_new"), {"name": "浅草 Studio"}).url == "/t/studio/"
    team = Team.objects.get()
    assert team.memberships.get().role == "owner" and Event.objects.get().verb == "team.made"
    assert dora.get("/").url == "/t/studio/"


def test_in_a_closed_studio_only_who_runs_a_team_makes_another(settings, as_alice, as_bob):
    settings.SIGNUP = "invite"
    assert as_bob.post(reverse("team_new"), {"name": "Bob's"}).status_code == 403
    assert as_alice.post(reverse("team_new"), {"name": "Second unit"}).status_code == 302
    assert "Ask somebody" in signed_in(person("Dora")).get("/").content.decode()


def test_home_asks_for_somebody_signed_in(client):
    assert client.get("/").url == "/accounts/login/?next=/"
    assert client.post("/").status_code == 405
