"""A small cast: alice owns a team, bob makes things in it, charlie is a stranger with a
team of his own. As fixtures, and signed in."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from videos.models import Membership, Role, Team, User
from videos.signin import TYPED_AT

PASSWORD = "correct horse battery"


def person(name: str, **fields) -> User:
    """Somebody whose address is proved."""
    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def join(team: Team, user: User, role: str = Role.MAKER) -> Membership:
    return Membership.objects.create(team=team, user=user, role=role)


def signed_in(user: User) -> Client:
    """As after the sign-in page: the password was typed just now."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[TYPED_AT] = time.time()
    session.save()
    return client


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Northlight", slug="northlight")


@pytest.fixture
def alice(team) -> User:
    user = person("Alice")
    join(team, user, Role.OWNER)
    return user


@pytest.fixture
def bob(team) -> User:
    user = person("Bob")
    join(team, user, Role.MAKER)
    return user


@pytest.fixture
def charlie(db) -> User:
    user = person("Charlie")
    join(Team.objects.create(name="Elsewhere", slug="elsewhere"), user, Role.OWNER)
    return user


@pytest.fixture
def as_alice(alice) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_charlie(charlie) -> Client:
    return signed_in(charlie)
