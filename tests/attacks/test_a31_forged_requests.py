"""A31, A33 and A34: requests that somebody else's page, link or proxy makes."""

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse

from tests.attacks.doors import DOORS, QUESTIONS
from tests.attacks.house import everything
from tests.attacks.posted import ALSO_POST
from tests.people import PASSWORD
from videos.accounts.proxies import ProxiesMiddleware

pytestmark = pytest.mark.django_db
CHANGING = [
    name for name, door in DOORS.items() if (door.method == "POST" and door.csrf) or name in ALSO_POST
]
POST_ONLY = [name for name, door in DOORS.items() if door.method == "POST"]
EVIL = "https://evil.example"


def send(house, client, name: str, **more):
    door = DOORS[name]
    return client.post(door.url(name, house.ours), ALSO_POST.get(name) or door.form(house), **more)


def test_a31_no_form_is_taken_without_its_token(house):
    def refused(name):
        before = everything()
        for who in ("owner", "anonymous"):
            assert send(house, house.client(who, enforce_csrf_checks=True), name).status_code == 403
        assert everything() == before

    house.each(CHANGING, refused)


@pytest.mark.long
def test_a31_nor_with_another_persons_token(house):
    someone_else = house.client("stranger")
    someone_else.get(reverse("profile"))
    (token,) = (found.value for key, found in someone_else.cookies.items() if "csrf" in key)

    def refused(name):
        victim = house.client("owner", enforce_csrf_checks=True)
        victim.get(reverse("profile"))  # has a token of their own by now
        before = everything()
        assert send(house, victim, name, headers={"X-CSRFToken": token}).status_code == 403
        assert everything() == before

    house.each(CHANGING, refused)


def test_a31_what_is_asked_by_post_without_a_token_changes_nothing(house):
    def changes_nothing(name):
        before = everything()
        answer = send(house, house.client("owner", enforce_csrf_checks=True), name)
        assert answer.status_code in (200, 204) and everything() == before

    house.each(QUESTIONS, changes_nothing)


@pytest.mark.parametrize(
    "headers", [{"Origin": EVIL}, {"Origin": "null"}, {"Origin": "http://testserver.evil.example"}]
)
@pytest.mark.parametrize("name", ["generate", "clip_retry", "key_delete", "account_logout"])
def test_a31_nor_with_the_right_token_from_another_origin(house, name, headers):
    victim = house.client("owner", enforce_csrf_checks=True)
    victim.get(reverse("profile"))
    (token,) = (found.value for key, found in victim.cookies.items() if "csrf" in key)
    before = everything()
    assert send(house, victim, name, headers=headers | {"X-CSRFToken": token}).status_code == 403
    assert everything() == before
    assert send(house, victim, name, headers={"X-CSRFToken": token}).status_code < 400  # the token was right


def test_a31_what_changes_something_does_not_answer_to_get(house):
    def refuses(name):
        url, before = DOORS[name].url(name, house.ours), everything()
        for method in ("get", "head", "put", "delete", "patch"):
            assert getattr(house.client("owner"), method)(url).status_code == 405, method
        assert everything() == before

    house.each(POST_ONLY, refuses)


def test_a31_opening_any_address_changes_nothing(house):
    """A picture's address notes that it was fetched, and a look keeps no drafts: links in
    mails, previews and crawlers may open whatever answers GET."""
    owner, before = house.client("owner"), everything()
    for name, door in DOORS.items():
        if door.method == "GET" and name != "picture":
            owner.get(door.url(name, house.ours), **door.more)
    assert everything() == before


NEXT = (
    "//evil.example/", "///evil.example/", "\\\\evil.example", "/\\evil.example", "https:evil.example", "https:///evil.example",
    f"{EVIL}/", "http://testserver@evil.example/", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example",
    "\x08//evil.example", " //evil.example", "http://testserver.evil.example/", "ftp://testserver/", "%2F%2Fevil.example",
)  # fmt: skip


@pytest.mark.parametrize("there", NEXT)
def test_a33_next_never_leads_out(house, client, there):
    signing_in = {"login": "owner@example.com", "password": PASSWORD, "next": there}
    reauthenticated = house.client("owner")
    new = {"name": "Dora", "email": "dora@example.com", "password1": "a quiet harbour", "next": there}
    answers = [
        client.post(reverse("account_login"), signing_in),
        client.post(reverse("account_logout"), {"next": there}),
        client.post(reverse("account_signup"), new),
        client.get(reverse("account_login"), {"next": there}),  # who is signed in is sent on at once
        reauthenticated.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": there}),
    ]
    below_this_page = "%2F%2Fevil.example"  # a path, for a browser
    for answer in answers:
        assert answer.status_code == 302
        assert answer.url in {reverse("home"), reverse("account_login"), below_this_page}


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer"])
@pytest.mark.parametrize(
    "there", [f"{EVIL}/t/northlight/", "//evil.example/", "http://testserver//evil.example/", "http://["]
)
def test_a33_nor_does_the_page_an_anonymous_request_came_from(house, client, header, there):
    htmx = {"HX-Request": "true"} if header == "HX-Current-URL" else {}
    answer = client.post(reverse("generate", args=["northlight"]), headers=htmx | {header: there})
    away = answer.headers.get("HX-Redirect") or answer.url
    form = {"login": "owner@example.com", "password": PASSWORD}
    signed_in = client.post(away, form | {"next": client.get(away).context["redirect_field_value"] or ""})
    assert (
        signed_in.status_code == 302 and signed_in.url.startswith("/") and not signed_in.url.startswith("//")
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80:80"]
)
def test_a34_another_host_is_no_host_of_ours(house, client, host):
    for url in (reverse("account_login"), reverse("account_reset_password"), "/"):
        assert client.get(url, headers={"Host": host}).status_code == 400
    answer = client.post(
        reverse("account_reset_password"), {"email": "owner@example.com"}, headers={"Host": host}
    )
    assert answer.status_code == 400 and mail.outbox == []


def test_a34_a_forwarded_host_is_nobodys_word(house, client):
    """Else the link in the letter would lead to the attacker's page, with its secret."""
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    client.post(reverse("account_reset_password"), {"email": "owner@example.com"}, headers=lies)
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (1, "198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.3", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.9"),  # came past a proxy: the socket is what is known
        (1, "6.6.6.6, unknown", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)  # fmt: skip
def test_a34_who_asked_is_what_our_proxies_say(settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    seen = []
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.9")
    ProxiesMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))(request)
    assert seen == [address]


@pytest.mark.parametrize("proxies", [0, 1])
def test_a34_an_invented_address_does_not_escape_the_sign_in_limit(house, client, settings, proxies):
    """One address may fail ten times a minute, whatever it writes into X-Forwarded-For."""
    settings.PROXY_COUNT = proxies
    said = []
    for n in range(12):
        forged = f"6.6.6.{n}" if not proxies else f"6.6.6.{n}, 198.51.100.7"
        form = {"login": f"person{n}@example.com", "password": "not this one"}
        answer = client.post(reverse("account_login"), form, headers={"X-Forwarded-For": forged})
        said.append(
            str(answer.context["form"].non_field_errors()) if answer.context else str(answer.status_code)
        )
    assert "Too many" in said[-1] and "Too many" not in said[0]


def test_a34_behind_a_proxy_one_noisy_caller_does_not_silence_another(house, client, settings):
    settings.PROXY_COUNT = 1
    url = reverse("callback", args=["defapi", "made-up-token"])

    def call(address: str) -> int:
        return client.post(url, {}, "application/json", headers={"X-Forwarded-For": address}).status_code

    assert [call("6.6.6.6") for _ in range(125)][-1] == 429
    assert call("198.51.100.7") == 404
