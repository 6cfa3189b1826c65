"""Language and theme of somebody who is not signed in: a small footer, kept in the browser."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, LOOK = "/accounts/login/", "/look/"
DOORS = ("account_login", "account_signup", "account_reset_password")


@pytest.mark.parametrize("name", DOORS)
def test_every_door_has_it_and_comes_back_to_itself(client, name):
    page = client.get(reverse(name), {"next": "/t/northlight/"}).content.decode()
    assert f'action="{LOOK}"' in page and "Deutsch" in page and "简体中文" in page
    assert f'name="next" value="{reverse(name)}?next=%2Ft%2Fnorthlight%2F"' in page


def test_a_language_is_kept_and_said_at_once(client):
    answer = client.post(LOOK, {"language": "de", "next": f"{LOGIN}?next=/me/"})
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/me/")
    page = client.get(LOGIN).content.decode()
    assert '<html lang="de"' in page and "Anmelden" in page
    assert client.get(LOGIN, headers={"Accept-Language": "zh-hans"}).headers["Content-Language"] == "de"


def test_so_is_a_theme_beside_it(client):
    client.post(LOOK, {"language": "zh-hans"})
    client.post(LOOK, {"theme": "dark"})
    page = client.get(LOGIN).content.decode()
    assert '<html lang="zh-hans" data-theme="dark">' in page
    assert page.count('aria-current="true"') == 2


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"theme": "pink"}, {"language": "de\r\nSet-Cookie: a=b"}, {}]
)
def test_what_is_none_is_not_kept(client, wrong):
    answer = client.post(LOOK, wrong)
    assert (answer.status_code, answer.url, dict(answer.cookies)) == (302, LOGIN, {})


@pytest.mark.parametrize(
    "away", ["//evil.example", "https://evil.example/", "\\\\evil.example", "javascript:alert(1)"]
)
def test_a33_it_leads_nowhere_else(client, away):
    assert client.post(LOOK, {"theme": "dark", "next": away}).url == LOGIN


@pytest.mark.parametrize(
    "word", ["0", "me/", "gallery", "account_login", "?next=/me/", "[", ".", "/\\\\evil.example"]
)
def test_a_word_that_is_no_path_leads_to_the_door(client, word):
    answer = client.post(LOOK, {"theme": "dark", "next": word})
    assert (answer.status_code, answer.url) == (302, LOGIN)


@pytest.mark.parametrize("door", ["account_login", "account_logout"])
@pytest.mark.parametrize("word", ["0", "gallery", "me/", "[", "//evil.example", "javascript:alert(1)"])
def test_nor_does_one_break_the_doors_that_come_from_elsewhere(client, alice, door, word):
    if door == "account_logout":
        client.force_login(alice)
    answer = client.post(reverse(door), {"login": alice.email, "password": PASSWORD, "next": word})
    assert answer.status_code == 302 and answer.url.startswith("/") and not answer.url.startswith("//")


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_nor_does_a_place_somebody_came_from_that_is_none(client, header):
    headers = {header: "http://[", **({"HX-Request": "true"} if header.startswith("HX") else {})}
    answer = client.post(reverse("profile"), headers=headers)
    assert answer.status_code == (200 if header.startswith("HX") else 302)
    assert reverse("account_login") in answer.get("HX-Redirect", answer.get("Location", ""))


def test_it_is_a_form_with_a_secret_and_changes_nothing_by_being_opened():
    assert Client(enforce_csrf_checks=True).post(LOOK, {"theme": "dark"}).status_code == 403
    assert Client().get(LOOK).status_code == 405


def test_who_is_signed_in_has_it_in_their_profile(as_bob, bob):
    as_bob.post(LOOK, {"theme": "dark", "language": "de"})
    page = as_bob.get("/me/").content.decode()
    assert 'data-theme="system"' in page and LOOK not in page
