"""A15 with two connections: of a right that is used and taken away in the same instant, one comes
first, and nobody waits in a ring."""

import threading
import time
from functools import partial

import pytest
from django.http import Http404

from tests.budgets.at_once import at_once
from tests.builders import MODEL, a_key
from tests.people import join, person
from videos import access
from videos.accounts import invites, teams
from videos.jobs.ordering.checking import GenerationRequest
from videos.jobs.ordering.press import start
from videos.models import Event, Invite, Job, Membership, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
REFUSED = (access.Forbidden, Http404)


def of(user, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=user, team=team)


def owners(team) -> int:
    return Membership.objects.filter(team=team, role=Role.OWNER).count()


def while_it_is_taken(mine: Membership | None, take, use, monkeypatch):
    """What ``use`` gives or raises, begun while the transaction of ``take`` stands open and has
    written already."""
    written, note = threading.Event(), teams.audit.note

    def slow_note(*args, **more):
        noted = note(*args, **more)
        written.set()
        time.sleep(0.5)  # the other one has come to the lock by then, and waits
        return noted

    monkeypatch.setattr(teams.audit, "note", slow_note)

    def then_use():
        assert written.wait(20)
        return use(mine)

    return at_once([take, then_use], *REFUSED, invites.NoLongerUsable)[1]


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda me: teams.give_role(me, me, Role.OWNER), id="role"),
        pytest.param(lambda me: invites.offer(me, Role.OWNER), id="invitation"),
        pytest.param(lambda me: start(me, GenerationRequest(model=MODEL, prompt="A harbour")), id="press"),
    ],
)
def test_a15_a_demoted_owner_cannot_use_the_right_they_had_a_moment_ago(team, alice, use, monkeypatch):
    a_key(team)
    bob = person("Bob")
    join(team, bob, Role.OWNER)
    by, stale = of(alice, team), of(bob, team)
    got = while_it_is_taken(stale, lambda: teams.give_role(by, of(bob, team), Role.VIEWER), use, monkeypatch)
    assert isinstance(got, access.Forbidden)
    assert (of(bob, team).role, Invite.objects.count(), Job.objects.count()) == (Role.VIEWER, 0, 0)


def test_a15_what_a_removed_person_had_under_way_ends_as_not_found(team, alice, monkeypatch):
    a_key(team)
    bob = person("Bob")
    join(team, bob, Role.OWNER)
    by, stale = of(alice, team), of(bob, team)
    got = while_it_is_taken(
        stale, lambda: teams.let_go(by, stale), lambda me: start(me, GenerationRequest(model=MODEL, prompt="A harbour")), monkeypatch
    )  # fmt: skip
    assert isinstance(got, Http404) and not Job.objects.exists()


def test_a15_an_invitation_of_somebody_who_is_demoted_at_this_moment_opens_nothing(team, alice, monkeypatch):
    bob, guest = person("Bob"), person("Guest")
    join(team, bob, Role.ADMIN)
    invite = invites.find(invites.offer(of(bob, team), Role.ADMIN))
    by = of(alice, team)
    got = while_it_is_taken(
        None,
        lambda: teams.give_role(by, of(bob, team), Role.VIEWER),
        lambda _me: invites.accept(invite, guest),
        monkeypatch,
    )
    assert isinstance(got, invites.NoLongerUsable) and not Membership.objects.filter(user=guest).exists()


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda me, other: teams.let_go(me, me), id="leave"),
        pytest.param(lambda me, other: teams.give_role(me, other, Role.VIEWER), id="unmake-each-other"),
        pytest.param(lambda me, other: teams.give_role(me, me, Role.VIEWER), id="unmake-themselves"),
    ],
)
def test_two_owners_at_once_leave_a_team_with_an_owner(team, alice, do):
    bob = person("Bob")
    join(team, bob, Role.OWNER)
    for _round in range(4):
        Membership.objects.filter(team=team).update(role=Role.OWNER)
        first, second = of(alice, team), of(bob, team)
        both = [partial(do, first, second), partial(do, second, first)]
        results = at_once(both, teams.LastOwner, *REFUSED)
        assert owners(team) == 1, results
        for user in (alice, bob):
            Membership.objects.get_or_create(team=team, user=user, defaults={"role": Role.OWNER})


def test_everybody_presses_while_everybody_is_removed(team, alice):
    """Nothing is made after its maker was let go, and no two transactions wait for each other."""
    a_key(team)
    makers = [person(f"Maker {n}") for n in range(4)]
    for maker in makers:
        join(team, maker)
    owner, rows = of(alice, team), [of(maker, team) for maker in makers]

    def press(row: Membership, n: int):
        return lambda: start(
            row, GenerationRequest(model=MODEL, prompt=f"A harbour {n}", client_token=f"{row.pk} {n}")
        )

    calls = [press(row, n) for row in rows for n in range(2)]
    calls += [lambda row=row: teams.let_go(owner, row) for row in rows]
    results = at_once(calls, *REFUSED)
    assert all(isinstance(one, Job | Http404) for one in results[:8]) and results[8:] == [None] * 4
    for maker in makers:
        left = Event.objects.get(verb="member.left", object=f"user:{maker.pk}").pk
        made = Event.objects.filter(verb="job.created", actor=maker).values_list("pk", flat=True)
        assert all(pk < left for pk in made)
