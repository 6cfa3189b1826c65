"""Before a key is added, replaced or deleted: a password that was typed long ago is typed once more."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.attacks.secrets_kept import found_in, whole_database
from tests.builders import VENDOR, a_key
from tests.people import PASSWORD
from videos.models import Event, VendorKey
from videos.signin import TYPED_AT

pytestmark = pytest.mark.django_db
URL = "/t/northlight/keys/"
SECRET = "an-unknown-key-zq9f2c51e2d84b60"
NEW = {"vendor": VENDOR, "kind": "real", "key": SECRET, "label": "Marketing", "owner": "team"}
AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def left_open(as_alice, settings):
    """A session whose password was typed too long ago."""
    session = as_alice.session
    session[TYPED_AT] = time.time() - settings.PASSWORD_HOLDS - 1
    session.save()
    return as_alice


def asked_for(answer) -> str:
    """Where it goes on after the password."""
    assert answer.status_code == 302 and answer.url.startswith(f"{AGAIN}?")
    return parse_qs(urlsplit(answer.url).query)["next"][0]


def type_it(client, back: str, password: str = PASSWORD):
    return client.post(AGAIN, {"password": password, "next": back})


def test_a37_an_old_session_adds_no_key(left_open, team):
    back = asked_for(left_open.post(URL, NEW))
    assert not VendorKey.objects.exists() and "Paste it again" in left_open.get(AGAIN).content.decode()
    assert type_it(left_open, back).url == back
    page = left_open.get(back).content.decode()
    assert f'value="{VENDOR}" selected' in page, "chosen, and still so"
    assert left_open.post(URL, NEW).url == URL and VendorKey.objects.get().label == "Marketing"


def test_it_is_said_before_a_key_is_pasted_in_vain(left_open, team):
    replace = reverse("key_replace", args=["northlight", a_key(team).pk])
    for address, back in ((URL, f"{URL}#add"), (replace, replace)):
        page = left_open.get(address)
        link = f"{AGAIN}?{urlencode({'next': back})}"
        assert f'<a href="{link}">' in page.content.decode()
        assert type_it(left_open, back).url == back
        assert AGAIN not in left_open.get(address).content.decode()
        session = left_open.session
        session[TYPED_AT] = 0
        session.save()


def test_a37_a_clock_that_ran_ahead_does_not_make_it_hold_longer(as_alice):
    session = as_alice.session
    session[TYPED_AT] = time.time() + 86400
    session.save()
    asked_for(as_alice.post(URL, NEW))


@pytest.mark.parametrize("field", ["key", "label"])
def test_a37_the_key_that_was_typed_is_kept_nowhere(left_open, field):
    answer = left_open.post(URL, NEW | {field: SECRET})
    page = left_open.get(answer.url).content
    assert found_in(answer.url.encode() + page + whole_database(), {"it": SECRET}) == set()
    assert SECRET not in str(dict(left_open.session))


def test_a37_nor_does_it_replace_or_delete_one(left_open, team):
    key = a_key(team, secret="sk-the-first-one-0000", rehearsal=False)
    sealed = key.sealed
    replace = reverse("key_replace", args=["northlight", key.pk])
    assert asked_for(left_open.post(replace, {"key": SECRET})) == replace
    assert asked_for(left_open.post(reverse("key_delete", args=["northlight", key.pk]))) == URL
    key.refresh_from_db()
    assert (bytes(key.sealed), key.trashed_at) == (bytes(sealed), None)
    type_it(left_open, replace)
    assert left_open.post(replace, {"key": SECRET}).url == URL
    assert left_open.post(reverse("key_delete", args=["northlight", key.pk])).url == URL
    key.refresh_from_db()
    assert key.trashed_at is not None


def test_a37_what_takes_nothing_away_is_not_asked_about(left_open, team):
    key = a_key(team)
    assert left_open.get(URL).status_code == 200
    assert left_open.post(reverse("key_rename", args=["northlight", key.pk]), {"label": "Sea"}).url == URL
    assert left_open.post(reverse("key_state", args=["northlight", key.pk]), {"state": "paused"}).url == URL


def test_a37_another_password_opens_nothing(left_open):
    answer = type_it(left_open, URL, "a guess")
    assert answer.status_code == 200 and answer.context["form"].errors
    asked_for(left_open.post(URL, NEW))
    assert Event.objects.get(verb="signin.failed").object == f"user:{answer.wsgi_request.user.pk}"


def test_a33_nor_does_it_lead_out(left_open):
    assert type_it(left_open, "https://evil.example/").url == reverse("home")


def test_who_just_came_through_the_sign_in_page_is_not_asked(alice, team):
    client = Client()
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert client.post(URL, NEW).url == URL


def test_asked_by_a_script_the_whole_page_goes_there(left_open):
    answer = left_open.post(URL, NEW, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(AGAIN)
