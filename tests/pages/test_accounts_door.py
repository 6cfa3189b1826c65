"""Sign up, in, out and a lost password, through the front door."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from tests.people import PASSWORD, person
from videos.accounts import invites
from videos.models import Membership, Role, User

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP = "/accounts/login/", "/accounts/signup/"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def sign_up(client, email="Dora@Example.com", password="a quiet harbour", **more):
    return client.post(SIGNUP, {"name": "Dora", "email": email, "password1": password, **more})


def test_signing_up_signs_in_and_leads_home(client):
    answer = sign_up(client)
    assert answer.status_code == 302 and answer.url == reverse("home")
    dora = User.objects.get()
    assert (dora.email, dora.name) == ("dora@example.com", "Dora")
    assert client.session["_auth_user_id"] == str(dora.pk)


def test_a_short_password_is_refused_and_nothing_typed_is_lost(client):
    answer = sign_up(client, password="short")
    assert answer.status_code == 200 and not User.objects.exists()
    page = answer.content.decode()
    assert 'value="Dora@Example.com"' in page and "at least 10 characters" in page
    assert "short" not in re.findall(r'value="([^"]*)"', page)


def test_an_address_that_is_taken_in_any_case_makes_no_second_person(client):
    alice = person("Alice")
    sign_up(client, email="ALICE@example.com")
    assert list(User.objects.all()) == [alice]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["alice@example.com", "Alice@Example.COM", " ALICE@EXAMPLE.COM "])
def test_signing_in_with_any_case_of_the_address(client, email):
    alice = person("Alice")
    answer = client.post(LOGIN, {"login": email, "password": PASSWORD})
    assert answer.status_code == 302 and client.session["_auth_user_id"] == str(alice.pk)


def test_the_wrong_password_and_an_unknown_address_sound_the_same(client):
    person("Alice")
    wrong = client.post(LOGIN, {"login": "alice@example.com", "password": "not this one"})
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "not this one"})
    errors = [answer.context["form"].non_field_errors() for answer in (wrong, unknown)]
    assert errors[0] == errors[1] and errors[0]


def test_guessing_passwords_is_slowed_down(client):
    person("Alice")
    for _ in range(5):
        client.post(LOGIN, {"login": "alice@example.com", "password": "not this one"})
    answer = client.post(LOGIN, {"login": "alice@example.com", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert "Too many" in str(answer.context["form"].non_field_errors())


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_out_of_the_studio(client, there):
    person("Alice")
    answer = client.post(LOGIN, {"login": "alice@example.com", "password": PASSWORD, "next": there})
    assert answer.status_code == 302 and answer.url == reverse("home")


def test_next_leads_back_to_where_one_was(client, as_alice):
    client.post(reverse("account_logout"))
    answer = client.post(
        LOGIN, {"login": "alice@example.com", "password": PASSWORD, "next": "/t/northlight/keys/"}
    )
    assert answer.url == "/t/northlight/keys/"


def test_signing_out_asks_first(as_alice):
    assert as_alice.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in as_alice.session
    as_alice.post(reverse("account_logout"))
    assert "_auth_user_id" not in as_alice.session


def test_a_lost_password_is_replaced_by_a_link_that_works_once(client):
    alice = person("Alice")
    assert client.post(reverse("account_reset_password"), {"email": "ALICE@example.com"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["alice@example.com"] or message.to == ["ALICE@example.com".lower()]
    path = re.search(r"http://127.0.0.1:8000(/\S+)", message.body)[1]
    form = client.get(path, follow=True)
    new = {"password1": "a louder harbour", "password2": "a louder harbour"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("a louder harbour")
    client.session.flush()
    again = client.get(path, follow=True)
    assert "does not work any more" in again.content.decode()


def test_asking_for_an_unknown_address_looks_the_same(client):
    person("Alice")
    known = client.post(reverse("account_reset_password"), {"email": "alice@example.com"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_where_no_letters_leave_nobody_is_told_to_look_at_their_mail(client, settings):
    pages = [reverse("account_reset_password"), reverse("account_reset_password_done")]
    for path in pages:
        assert "sends no letters" in client.get(path).content.decode()
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    for path in pages:
        assert "sends no letters" not in client.get(path).content.decode()


def test_an_owner_made_by_a_command_chooses_a_password(client):
    call_command("createteam", "Northlight", owner="owner@example.com")
    client.post(reverse("account_reset_password"), {"email": "owner@example.com"})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_an_address_is_confirmed_by_a_button_and_not_by_opening_a_link(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # as with EMAIL_URL set
    assert sign_up(client).url == reverse("account_email_verification_sent")
    assert mail.outbox[0].subject == "Is this your address?"
    path = re.search(r"http://127.0.0.1:8000(/\S+)", mail.outbox[0].body)[1]
    assert "dora@example.com yours, and" in client.get(path).content.decode()
    address = EmailAddress.objects.get()
    assert not address.verified
    client.post(path)
    address.refresh_from_db()
    assert address.verified


class TestByInvitation:
    @pytest.fixture(autouse=True)
    def closed(self, settings):
        settings.SIGNUP = "invite"

    def invite(self, team, alice, email=""):
        return invites.offer(Membership.objects.get(user=alice), Role.MAKER, email)

    def test_nobody_signs_up_by_themselves(self, client):
        assert "by invitation" in client.get(SIGNUP).content.decode()
        sign_up(client)
        assert not User.objects.exists()

    def test_whoever_holds_an_invitation_does(self, client, team, alice):
        client.get(reverse("invite", args=[self.invite(team, alice)]))
        sign_up(client)
        assert User.objects.filter(email="dora@example.com").exists()

    def test_a_bound_invitation_opens_for_its_address_only(self, client, team, alice, settings):
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        client.get(reverse("invite", args=[self.invite(team, alice, "dora@example.com")]))
        assert "for another address" in sign_up(client, email="eve@example.com").content.decode()
        sign_up(client)
        assert sorted(User.objects.values_list("email", flat=True)) == [
            "alice@example.com",
            "dora@example.com",
        ]

    def test_an_invitation_taken_back_meanwhile_opens_nothing(self, client, team, alice):
        client.get(reverse("invite", args=[self.invite(team, alice)]))
        member = Membership.objects.get(user=alice)
        invites.revoke(member, team.invites.get())
        sign_up(client)
        assert User.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["login", "signup", "reset_password", "reset_password_done", "reset_password_from_key_done", "inactive"],
)
def test_every_page_at_the_door_stands_in_the_shell(client, name):
    well_made(client.get(reverse(f"account_{name}")))


@pytest.mark.parametrize("name", ["logout", "change_password", "email", "sessions_end", "reauthenticate"])
def test_and_those_behind_it(as_alice, name):
    well_made(as_alice.get(reverse(f"account_{name}")))


def well_made(answer):
    page = answer.content.decode()
    assert answer.status_code == 200 and "css/app.css" in page and page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
