"""A15: a right is asked inside the transaction that uses it. Every address that changes something is
walked by somebody who is demoted or removed between its first line and its write."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from tests.attacks.doors import DOORS
from tests.attacks.house import undone
from tests.attacks.meanwhile import acting, demoted, everything_else, meanwhile, removed
from tests.attacks.posted import POSTED
from tests.attacks.sendings import CHANGING, how_many, sent
from videos.accounts import teams
from videos.models import Membership, Team

pytestmark = pytest.mark.django_db

# What a viewer may do, too: to be demoted to one takes it from nobody.
A_VIEWERS = [name for name in CHANGING if (POSTED.get(name) or DOORS[name].expects)["viewer"] < 400]
HTMX = {"HX-Request": "true"}


def write_while(house, name: str, n: int, strike, monkeypatch, headers) -> list[str]:
    """What is wrong where the owner is struck while form ``n`` of ``name`` is on its way."""
    client, wrong = house.client("owner"), []
    me = Membership.objects.get(user=house.people["owner"], team=house.ours.team)
    url, form = DOORS[name].url(name, house.ours), sent(house, name, client)[n]
    before = everything_else(me)
    with meanwhile(monkeypatch, strike):
        answer = client.post(url, form, headers=headers)
    left = Membership.objects.filter(pk=me.pk).first()
    if answer.status_code not in (403, 404):
        wrong.append(f"form {n}: {answer.status_code}")
    if everything_else(me) != before:
        wrong.append(f"form {n}: something was written")
    if (left.role if left else None) != ("viewer" if strike is demoted else None):
        wrong.append(f"form {n}: they gave themselves their right again")
    return wrong


@pytest.mark.parametrize(
    ("strike", "headers"),
    [
        pytest.param(demoted, {}, id="demoted"),
        pytest.param(removed, HTMX, id="removed-htmx", marks=pytest.mark.long),
        pytest.param(demoted, HTMX, id="demoted-htmx", marks=pytest.mark.long),
        pytest.param(removed, {}, id="removed", marks=pytest.mark.long),
    ],
)
def test_a15_who_loses_the_right_meanwhile_changes_nothing(house, monkeypatch, strike, headers):
    def is_refused(name):
        wrong = []
        for n in how_many(house, name):
            with undone():
                wrong += write_while(house, name, n, strike, monkeypatch, headers)
        assert wrong == []

    house.each([name for name in CHANGING if not (strike is demoted and name in A_VIEWERS)], is_refused)


def test_a15_who_ran_a_team_a_moment_ago_founds_none_in_a_closed_studio(house, settings, monkeypatch):
    settings.SIGNUP = "invite"
    may, me = teams.may_found, Membership.objects.get(user=house.people["admin"])

    def asked_first(user):
        allowed = may(user)
        demoted(me)
        return allowed

    monkeypatch.setattr(teams, "may_found", asked_first)
    before = Team.objects.count()
    assert house.client("admin").post(reverse("team_new"), {"name": "Another"}).status_code == 403
    assert Team.objects.count() == before


WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM) "(videos_\w+)"')
# How fast a vendor account is asked, and who is alive: counted for everybody, and nobody's right.
NOBODYS = {"videos_accountpace", "videos_lease", "videos_heartbeat"}


def test_every_write_of_a_page_of_a_team_stands_in_a_transaction_that_asked_for_the_right(house, monkeypatch):
    """And every form that is walked here does write: else to be refused would say nothing."""

    def writes_inside(name):
        wrong = []
        for n in how_many(house, name):
            found = []

            def watch(execute, sql, params, many, context, found=found):
                if match := WRITES.match(sql):
                    found.append((match[1], match[2], bool(open_ones)))
                return execute(sql, params, many, context)

            with undone(), acting(monkeypatch) as open_ones:
                client = house.client("owner")
                form = sent(house, name, client)[n]
                with connection.execute_wrapper(watch):
                    client.post(DOORS[name].url(name, house.ours), form)
            wrong += [] if found else [f"form {n} writes nothing"]
            outside = [(verb, table) for verb, table, inside in found if not inside and table not in NOBODYS]
            wrong += [f"form {n}: {verb} {table}" for verb, table in outside]
        assert wrong == []

    house.each(CHANGING, writes_inside)


def test_no_page_of_a_team_writes_anything_when_it_is_opened(house):
    """What changes something takes POST, and so stands in the walks above."""

    def only_reads(name):
        found = []

        def watch(execute, sql, params, many, context):
            if match := WRITES.match(sql):
                found.append(f"{match[1]} {match[2]}")
            return execute(sql, params, many, context)

        with undone(), connection.execute_wrapper(watch):
            house.client("owner").get(DOORS[name].url(name, house.ours), **DOORS[name].more)
        assert found == []

    house.each([name for name, door in DOORS.items() if door.of_a_team and door.method == "GET"], only_reads)
