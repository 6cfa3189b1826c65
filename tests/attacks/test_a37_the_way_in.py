"""A37: what a stolen session may not do with the way in, and what its owner reads of it."""

import re
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.attacks.test_a36_signing_in import NEW, ask_reset, new_password_by_letter, sign_in
from tests.people import PASSWORD, person, signed_in
from videos.models import Event, User

pytestmark = pytest.mark.django_db
EMAIL, ELSEWHERE = "/accounts/email/", "/accounts/sessions/"
MINE = "owner@new.example"


@pytest.fixture(autouse=True)
def letters_leave(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def owner():
    return person("Owner")


def letters_to(address: str) -> list:
    return [letter for letter in mail.outbox if letter.to == [address]]


def wish(client: Client, email: str = MINE, password: str = PASSWORD):
    return client.post(EMAIL, {"email": email, "password": password})


def link_in(letter) -> str:
    return re.search(r"http://127.0.0.1:8000(/accounts/confirm-email/\S+)", letter.body)[1]


@pytest.mark.parametrize("password", ["", "a guess"])
def test_a37_without_the_password_no_address_is_asked_for(owner, password):
    answer = wish(signed_in(owner), "mine@evil.example", password)
    assert answer.status_code == 422 and mail.outbox == []
    assert 'value="mine@evil.example"' in answer.content.decode()  # nothing that was typed is lost
    assert EmailAddress.objects.get().email == owner.email


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove", "action_send"])
def test_a37_what_django_allauth_did_there_is_gone(owner, action):
    client = signed_in(owner)
    assert client.post(EMAIL, {"email": "mine@evil.example", action: ""}).status_code == 422
    assert EmailAddress.objects.count() == 1 and mail.outbox == []


def test_a37_another_address_counts_once_it_is_proved_and_the_old_one_is_told_both_times(owner):
    client = signed_in(owner)
    assert wish(client).status_code == 302
    (told,), (asked,) = letters_to("owner@example.com"), letters_to(MINE)
    assert "Another address" in told.subject and "new.example" not in told.body
    assert MINE in client.get(EMAIL).content.decode()
    assert User.objects.get().email == "owner@example.com"
    assert sign_in("owner@example.com").status_code == 302

    assert client.get(link_in(asked)).status_code == 200  # opening it changes nothing
    assert User.objects.get().email == "owner@example.com"
    assert client.post(link_in(asked)).status_code == 302
    assert User.objects.get().email == MINE
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(MINE, True, True)]
    assert "has another address" in letters_to("owner@example.com")[-1].subject
    assert sign_in("owner@example.com").status_code == 200 and sign_in(MINE).status_code == 302
    assert Event.objects.filter(verb="signin.address", actor=owner).count() == 1


def test_a37_one_that_waits_gets_no_reset_and_the_old_one_does(owner):
    wish(signed_in(owner), "mine@evil.example")
    mail.outbox.clear()
    ask_reset("mine@evil.example")
    ask_reset("owner@example.com")
    first, second = mail.outbox
    assert first.to == ["mine@evil.example"] and "reset/key" not in first.body
    assert second.to == ["owner@example.com"] and "reset/key" in second.body


def test_a37_an_address_that_was_never_proved_gets_no_reset(owner):
    EmailAddress.objects.update(verified=False)
    ask_reset("owner@example.com")
    assert "reset/key" not in mail.outbox[0].body


@pytest.mark.parametrize("how", ["new password", "letter", "forgotten", "another wish"])
def test_a37_the_link_opens_nothing_any_more(owner, how):
    client = signed_in(owner)
    wish(client)
    link = link_in(letters_to(MINE)[0])
    if how == "new password":
        client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        )
    if how == "letter":
        ask_reset("owner@example.com")
        new_password_by_letter(Client())
    if how == "forgotten":
        assert client.post(reverse("account_email_forget")).status_code == 302
        assert MINE not in client.get(EMAIL).content.decode()
    if how == "another wish":
        wish(client, "owner@third.example")
    assert signed_in(User.objects.get()).post(link).status_code == 404
    assert User.objects.get().email == "owner@example.com"


def test_a37_nobody_learns_by_it_who_has_an_account(owner):
    other = person("Other")
    client = signed_in(owner)
    pages = []
    for email in (other.email, "nobody@example.com"):
        answer = client.post(EMAIL, {"email": email, "password": PASSWORD}, follow=True)
        page = re.sub(r'value="[^"]+"', "", answer.content.decode()).replace(email, "")
        pages.append((answer.redirect_chain, page))
    assert pages[0] == pages[1]
    assert "already" in letters_to(other.email)[0].subject


def test_a37_two_people_who_want_one_address_do_not_both_get_it(owner):
    other = person("Other")
    wish(signed_in(owner))
    wish(signed_in(other))
    for person_, letter in zip((owner, other), letters_to(MINE), strict=True):
        signed_in(person_).post(link_in(letter))
    assert sorted(User.objects.values_list("email", flat=True)) == ["other@example.com", MINE]


def test_a37_nobody_proves_their_mailbox_for_the_account_of_somebody_else(owner):
    """A thief asks for the victim's address, and the victim presses the link that comes."""
    wish(signed_in(person("Thief")), "victim@example.com")
    link = link_in(letters_to("victim@example.com")[0])
    assert unquote(Client().post(link).url) == f"/accounts/login/?next={link}"
    answer = signed_in(owner).post(link)
    assert answer.status_code == 403 and "another account" in answer.content.decode()
    assert not EmailAddress.objects.filter(email="victim@example.com", verified=True).exists()


def sign_up(client: Client) -> str:
    """As somebody does who is new, or who is after an account in a victim's name; the link in the letter."""
    form = {"name": "New", "email": "new@example.com", "password1": "a quiet harbour"}
    assert client.post(reverse("account_signup"), form).status_code == 302
    return link_in(letters_to("new@example.com")[-1])


def test_a37_nobody_proves_their_mailbox_for_an_account_that_somebody_else_made(owner):
    link = sign_up(Client())
    victim = Client()
    assert unquote(victim.get(link).url) == unquote(victim.post(link).url) == f"/accounts/login/?next={link}"
    assert signed_in(owner).post(link).status_code == 403
    assert not EmailAddress.objects.filter(email="new@example.com", verified=True).exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a37_who_made_the_account_proves_it_here_or_with_the_password_elsewhere(elsewhere):
    here = Client()
    link = sign_up(here)
    if elsewhere:
        here = Client()
        away = here.get(link).url
        form = {
            "login": "new@example.com",
            "password": "a quiet harbour",
            "next": unquote(away.partition("next=")[2]),
        }
        assert unquote(here.post(away, form).url) == link
    assert "new@example.com yours" in here.get(link).content.decode()
    assert here.post(link).url == "/"  # and not to the link, which works once
    assert EmailAddress.objects.get(email="new@example.com").verified
    assert here.get("/me/").status_code == 200  # and they are in


def test_a37_letters_to_addresses_of_strangers_end_after_five_in_an_hour(owner):
    client = signed_in(owner)
    answers = [wish(client, f"nobody{n}@elsewhere.example").status_code for n in range(6)]
    assert answers == [302] * 5 + [422]
    assert len([letter for letter in mail.outbox if "elsewhere.example" in letter.to[0]]) == 5


def test_a37_where_no_letters_leave_an_address_cannot_be_changed(owner, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    client = signed_in(owner)
    assert "cannot be changed here" in client.get(EMAIL).content.decode()
    assert wish(client).status_code == 422
    assert EmailAddress.objects.count() == 1 and mail.outbox == []


def test_a37_signing_out_elsewhere_ends_every_other_session_and_tells(owner):
    thief, mine = Client(), Client()
    for client in (thief, mine):
        sign_in(client=client)
    assert mine.post(ELSEWHERE, {"password": "a guess"}).status_code == 422
    assert thief.get("/me/").status_code == 200
    assert mine.post(ELSEWHERE, {"password": PASSWORD}).url == "/me/"
    assert mine.get("/me/").status_code == 200 and thief.get("/me/").status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["You were signed out of the studio elsewhere"]
    sign_in(client=thief)
    assert thief.get("/me/").status_code == 200  # with the password; and once more out
    mine.post(ELSEWHERE, {"password": PASSWORD})
    assert thief.get("/me/").status_code == 302


def test_a37_a_new_password_is_told_by_letter_in_the_language_of_its_owner(owner):
    User.objects.update(language="de")
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    signed_in(owner).post(reverse("account_change_password"), form)
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.com"] and "Passwort" in letter.subject
    assert "http://127.0.0.1:8000/accounts/password/reset/" in letter.body


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/set/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/3rdparty/",
        "/accounts/2fa/",
        "/accounts/sessions/x/",
        "/accounts/phone/change/",
        "/accounts/social/login/cancelled/",
    ],
)
def test_a37_what_is_not_wanted_does_not_exist(owner, path):
    for client in (Client(), signed_in(owner)):
        assert client.get(path).status_code == 404 and client.post(path).status_code == 404


def test_a37_no_program_is_answered_where_people_sign_in(owner):
    """django-allauth has a second way in, for programs: a reset link that needs no session, and lists of addresses."""
    ask_reset("owner@example.com")
    path = re.search(r"http://127.0.0.1:8000(/\S+reset/key/\S+)", mail.outbox[0].body)[1]
    for headers in ({"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}):
        for client, address in ((Client(), path), (signed_in(owner), EMAIL), (Client(), "/accounts/login/")):
            assert "json" not in client.get(address, headers=headers, follow=True).headers["Content-Type"]
    with pytest.raises(NoReverseMatch):
        reverse("account_set_password")
