"""One mailbox has one spelling, and no spelling is somebody else's mailbox."""

import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.people import PASSWORD, person, signed_in
from videos.accounts import invites
from videos.models import Invite, Membership, User
from videos.models.email_addresses import clean_email, fold, readable

KELVIN, LONG_S, DOTTED_I, DOTLESS_I = "\u212a", "\u017f", "\u0130", "\u0131"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        (" Dora@Example.COM ", "dora@example.com"),
        ("dora@straße.example", "dora@xn--strae-oqa.example"),
        ("dora@STRASSE.example", "dora@strasse.example"),
        ("dora@bücher.example", "dora@xn--bcher-kva.example"),
        ("dora@BU\u0308CHER.example", "dora@xn--bcher-kva.example"),  # NFD
        ("dora@xn--bcher-kva.example", "dora@xn--bcher-kva.example"),
        ("dora@影片.example", "dora@xn--p3t423b.example"),
        ("dora@example.com.", "dora@example.com"),
        ("dora@example．com", "dora@example.com"),
        ("dora@ｅxample。com", "dora@example.com"),
        ("Dora+Films@example.com", "dora+films@example.com"),
        ("d.ora@example.com", "d.ora@example.com"),
        ('"Do ra@x"@example.com', '"do ra@x"@example.com'),
        ("dora＠example.com", "dora＠example.com"),  # no @: no address, and refused as one
        ("stra\u00dfe@example.com", "stra\u00dfe@example.com"),
        (f"{LONG_S}am@example.com", f"{LONG_S}am@example.com"),
        (f"{DOTTED_I}da@example.com", f"{DOTTED_I}da@example.com"),
        (f"{DOTLESS_I}da@example.com", f"{DOTLESS_I}da@example.com"),
        ("dora@[127.0.0.1]", "dora@[127.0.0.1]"),
        ("dora@" + "ä" * 300, "dora@" + "ä" * 300),
        ("", ""),
        ("@", "@"),
    ],
)
def test_the_one_spelling(typed, folded):
    assert fold(typed) == folded
    assert fold(folded) == folded


@given(st.text(max_size=80))
def test_folding_again_changes_nothing_and_nothing_breaks_it(typed):
    once = fold(typed)
    assert fold(once) == once
    readable(once)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "dora",
        "dora＠example.com",
        f"{LONG_S}am@example.com",
        f"{DOTTED_I}da@example.com",
        f"{DOTLESS_I}da@example.com",
        "dörte@example.com",
        "dora@" + "ä" * 300 + ".example",
        "dora@exa mple.com",
    ],
)
def test_what_no_letter_reaches_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_email(typed)


def test_a_kelvin_sign_is_a_k_by_unicode_itself():
    assert clean_email(f"{KELVIN}im@example.com") == "kim@example.com"


def test_people_read_their_domain_in_its_own_letters():
    assert readable(fold("dora@Straße.example")) == "dora@straße.example"
    assert readable("dora@example.com") == "dora@example.com" and readable("no address") == "no address"


STRANGERS = "alice@straße.example"


@pytest.fixture
def strasse(db) -> User:
    user = User.objects.create_user("alice@strasse.example", PASSWORD, name="Alice")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_a_reset_for_another_domain_opens_nobodys_account(strasse, client):
    """The old folding made strasse.example of it, and sent the link of that account to the domain that was typed."""
    client.post(reverse("account_reset_password"), {"email": STRANGERS})
    assert "reset/key" not in mail.outbox[0].body
    client.post(reverse("account_reset_password"), {"email": "Alice@STRASSE.example"})
    assert mail.outbox[1].to == ["alice@strasse.example"] and "reset/key" in mail.outbox[1].body


def test_signing_in_and_up_tell_the_domains_apart(strasse, client):
    assert (
        client.post(reverse("account_login"), {"login": STRANGERS, "password": PASSWORD}).status_code == 200
    )
    form = {"name": "Other", "email": STRANGERS, "password1": "a quiet harbour"}
    assert client.post(reverse("account_signup"), form).status_code == 302
    assert User.objects.filter(email="alice@xn--strae-oqa.example", name="Other").exists()
    assert "alice@straße.example" in client.get("/me/").content.decode()
    client.post(reverse("account_logout"))
    for typed in ("alice@straße.example", "alice@STRAẞE.example", "alice@xn--strae-oqa.example"):
        signed = client.post(reverse("account_login"), {"login": typed, "password": "a quiet harbour"})
        assert signed.status_code == 302, typed
        client.post(reverse("account_logout"))


def test_a39_an_invitation_for_one_domain_is_not_for_the_other(strasse, as_alice, alice):
    page = as_alice.post("/t/northlight/invites/", {"role": "maker", "email": STRANGERS}).content.decode()
    assert "alice@straße.example" in page
    invite = Invite.objects.get()
    assert invite.email == "alice@xn--strae-oqa.example" and not invites.is_for(invite, strasse)
    wrong = as_alice.post("/t/northlight/invites/", {"role": "maker", "email": f"{LONG_S}am@example.com"})
    assert wrong.status_code == 422 and "plain letters" in wrong.content.decode()


def test_the_first_owner_too(strasse):
    call_command("createteam", "Other", owner="Alice@straße.example")
    assert Membership.objects.get(team__name="Other").user.email == "alice@xn--strae-oqa.example"
    with pytest.raises(CommandError):
        call_command("createteam", "Third", owner=f"{LONG_S}am@example.com")


def test_an_operator_vouches_for_an_address_and_gives_an_account_another(db):
    user = User.objects.create_user("dora@example.com", PASSWORD, name="Dora")
    call_command("address", "DORA@example.com")
    assert EmailAddress.objects.get(verified=True, primary=True).email == "dora@example.com"
    call_command("address", "dora@example.com", "Dora@Bücher.example")
    user.refresh_from_db()
    assert user.email == EmailAddress.objects.get(verified=True).email == "dora@xn--bcher-kva.example"
    person("Other")
    for wrong in (("nobody@example.com",), (user.email, "other@example.com"), (user.email, "dora")):
        with pytest.raises(CommandError):
            call_command("address", *wrong)


def test_a39_where_no_letters_leave_a_bound_invitation_opens_for_whom_the_operator_vouches(
    team, as_alice, client
):
    def link() -> str:
        page = as_alice.post("/t/northlight/invites/", {"role": "maker", "email": "dora@example.com"})
        return page.context["link"].removeprefix("http://127.0.0.1:8000")

    path = link()
    page = client.get(path).content.decode()
    assert "sends no letters" in page and "Make an account" not in page
    client.post(
        reverse("account_signup"), {"name": "D", "email": "dora@example.com", "password1": "a quiet harbour"}
    )
    refused = client.post(path)
    assert refused.status_code == 403 and "not confirmed" in refused.content.decode()
    call_command("address", "dora@example.com")
    assert client.post(path).status_code == 302
    assert signed_in(User.objects.get(email="dora@example.com")).get("/t/northlight/").status_code == 200


def test_the_address_one_waits_for_is_read_in_its_own_letters(as_alice, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    as_alice.post("/accounts/email/", {"email": "alice@Bücher.example", "password": PASSWORD})
    assert "A link was sent to alice@bücher.example" in as_alice.get("/accounts/email/").content.decode()
    assert mail.outbox[0].to == ["alice@xn--bcher-kva.example"]
    link = re.search(r"http://127.0.0.1:8000(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    assert "alice@bücher.example yours" in as_alice.get(link).content.decode().replace("Is ", "")


def test_no_browser_rewrites_what_is_typed(client, as_alice):
    """Chromium makes strasse.example of straße.example in a field of the kind "email"."""
    pages = [as_alice.get(path) for path in ("/t/northlight/members/", "/accounts/email/")]
    client.logout()
    pages += [client.get(reverse(f"account_{name}")) for name in ("login", "signup", "reset_password")]
    for page in pages:
        html = page.content.decode()
        assert 'type="email"' not in html, page.request["PATH_INFO"]
        assert 'inputmode="email"' in html or "sends no letters" in html


def test_addresses_of_before_are_spelled_anew(db):
    """What an earlier version kept in the letters of its language is found again."""
    migration = import_module("videos.migrations.0019_accounts")
    dora, eve = person("Dora"), person("Eve")
    for model, key in ((User, "pk"), (EmailAddress, "user")):
        model.objects.filter(**{key: dora.pk}).update(email="dora@bücher.example")
        model.objects.filter(**{key: eve.pk}).update(email="dora@bu\u0308cher.example")
    migration.spell_anew(apps, None)
    assert User.objects.get(pk=dora.pk).email == "dora@xn--bcher-kva.example"
    assert EmailAddress.objects.get(user=dora).email == "dora@xn--bcher-kva.example"
    assert User.objects.get(pk=eve.pk).email == "dora@bu\u0308cher.example"  # one account per address
