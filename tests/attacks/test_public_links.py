"""What is read outside of the studio leads to STUDIO_PUBLIC_URL, whatever host or port a request names."""

import re

import pytest
from django.core import checks, mail
from django.test import Client
from django.urls import reverse

from tests.house.sources import files, shown
from tests.people import PASSWORD, join, person, signed_in
from videos.models import Team

PUBLIC = "https://studio.example"
LIE = {"Host": "testserver:6666"}


@pytest.fixture
def public(db, settings):
    settings.PUBLIC_URL, settings.ACCOUNT_EMAIL_VERIFICATION = PUBLIC, "mandatory"
    owner = person("Owner")
    join(Team.objects.create(name="Northlight", slug="northlight"), owner, "owner")
    return owner


def test_every_letter(public):
    stranger, owner = Client(headers=LIE), signed_in(public)
    known, unknown = "owner@example.com", "nobody@example.com"
    for email in (known, unknown):
        stranger.post(reverse("account_reset_password"), {"email": email})
        stranger.post(
            reverse("account_signup"), {"name": "D", "email": email, "password1": "a quiet harbour"}
        )
    owner.post(reverse("account_email"), {"email": "new@example.com", "password": PASSWORD}, headers=LIE)
    owner.post(reverse("account_sessions_end"), {"password": PASSWORD}, headers=LIE)
    change = {"oldpassword": PASSWORD, "password1": "a louder harbour", "password2": "a louder harbour"}
    owner.post(reverse("account_change_password"), change, headers=LIE)
    assert len(mail.outbox) == 8
    for letter in mail.outbox:
        links = re.findall(r"\w+://\S+", letter.body)
        assert links and all(link.startswith(f"{PUBLIC}/") for link in links), letter.body
        assert "6666" not in letter.body and "testserver" not in letter.body + letter.subject


def test_every_invitation(public):
    answer = signed_in(public).post("/t/northlight/invites/", {"role": "maker", "email": ""}, headers=LIE)
    assert answer.context["link"].startswith(f"{PUBLIC}/invites/") and "6666" not in answer.content.decode()


def test_an_invitation_that_opens_here_only_says_so(public, settings):
    client = signed_in(public)
    form = {"role": "maker", "email": ""}
    assert "on this machine only" not in client.post("/t/northlight/invites/", form).content.decode()
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert "on this machine only" in client.post("/t/northlight/invites/", form).content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/me/", "/me", "/accounts/email/", "/t/northlight/keys/", "/accounts/logout/"]
)
def test_no_way_on_names_a_host(public, path):
    for client in (Client(headers=LIE), signed_in(public)):
        answer = client.get(path, headers=LIE)
        assert answer.headers.get("Location", "/").startswith("/") and "6666" not in str(answer.headers)


@pytest.mark.parametrize(
    ("production", "leave", "url", "found"),
    [
        (True, True, "http://127.0.0.1:8000", ["studio.E007"]),
        (True, True, PUBLIC, []),
        (True, False, "http://127.0.0.1:8000", []),
        (False, True, "http://[::1]:8000", []),
    ],
)
def test_production_sends_no_letters_that_lead_nowhere(settings, production, leave, url, found):
    settings.PRODUCTION, settings.LETTERS_LEAVE, settings.PUBLIC_URL = production, leave, url
    assert [one.id for one in checks.run_checks() if one.id == "studio.E007"] == found


def test_no_code_of_ours_builds_an_address_from_a_request():
    """signin.py only compares: whether a page of ours asked. The sandbox is no page of ours."""
    spelled = re.compile(r"build_absolute_uri|get_host|request\.scheme|get_current_site|HTTP_HOST")
    found = [
        shown(path)
        for folder, suffix in (("videos", ".py"), ("templates", ".html"), ("templates", ".txt"))
        for path in files(folder, suffix=suffix)
        if "sandbox" not in path.parts and spelled.search(path.read_text("utf-8"))
    ]
    assert found == ["videos/signin.py"]
