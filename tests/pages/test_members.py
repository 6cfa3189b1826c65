import re

import pytest
from django.urls import reverse

from tests.builders import a_key, a_project
from tests.pages import door
from tests.people import join, person, signed_in
from videos.models import Event, Membership, Project, Role, VendorKey

pytestmark = pytest.mark.django_db
URL = "/t/northlight/members/"


def role(user):
    return Membership.objects.get(user=user, team__slug="northlight").role


@pytest.mark.parametrize(
    ("name", "args", "post"),
    [
        ("members", ["northlight"], False),
        ("member", ["northlight", 1], True),
        ("invites", ["northlight"], True),
        ("invite_revoke", ["northlight", 1], True),
        ("team_rename", ["northlight"], True),
        ("project_new", ["northlight"], True),
    ],
)
def test_the_door(team, alice, charlie, name, args, post):
    door.check(name, args, stranger=charlie, post=post)


def test_shows_everybody_with_their_role(as_alice, bob):
    page = as_alice.get(URL).content.decode()
    assert "Alice" in page and "bob@example.com" in page and 'style="' not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_costs_the_same_for_two_people_as_for_thirty(as_alice, team, bob, django_assert_num_queries):
    with django_assert_num_queries(8):
        as_alice.get(URL)
    for number in range(30):
        join(team, person(f"Person{number}"))
    with django_assert_num_queries(8):
        as_alice.get(URL)


def test_an_owner_changes_a_role_and_it_is_written_down(as_alice, bob):
    answer = as_alice.post(reverse("member", args=["northlight", bob.pk]), {"role": "reviewer"})
    assert answer.url == URL and role(bob) == "reviewer"
    event = Event.objects.get(verb="member.role")
    assert event.data == {"role": "reviewer", "was": "maker"} and event.object == f"user:{bob.pk}"


def test_a_maker_changes_nobody(as_bob, alice, bob):
    answer = as_bob.post(reverse("member", args=["northlight", alice.pk]), {"role": "viewer"})
    assert answer.status_code == 403 and role(alice) == "owner"
    assert "role" in answer.content.decode()
    assert as_bob.post(reverse("member", args=["northlight", bob.pk]), {"role": "admin"}).status_code == 403
    assert role(bob) == "maker"


def test_an_admin_makes_no_owner_and_unmakes_none(team, alice, bob):
    Membership.objects.filter(user=bob).update(role=Role.ADMIN)
    admin = signed_in(bob)
    assert admin.post(reverse("member", args=["northlight", bob.pk]), {"role": "owner"}).status_code == 422
    assert admin.post(reverse("member", args=["northlight", alice.pk]), {"role": "viewer"}).status_code == 403
    assert admin.post(reverse("member", args=["northlight", alice.pk]), {"remove": "1"}).status_code == 403
    assert (role(alice), role(bob)) == ("owner", "admin")


def test_the_last_owner_stays_one(as_alice, alice, bob):
    for change in ({"role": "viewer"}, {"remove": "1"}):
        answer = as_alice.post(reverse("member", args=["northlight", alice.pk]), change)
        assert answer.status_code == 422 and "needs an owner" in answer.content.decode()
    assert role(alice) == "owner"
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    answer = as_alice.post(reverse("member", args=["northlight", alice.pk]), {"remove": "1"})
    assert answer.url == reverse("home") and not Membership.objects.filter(user=alice).exists()


def test_who_is_removed_sees_nothing_any_more_and_their_own_key_rests(as_alice, as_bob, team, bob):
    key = a_key(team, person=bob)
    as_alice.post(reverse("member", args=["northlight", bob.pk]), {"remove": "1"})
    assert as_bob.get(URL).status_code == 404
    key = VendorKey.objects.get(pk=key.pk)
    assert key.trashed_at and key.state == "paused"


def test_anybody_may_leave(as_bob, bob, alice):
    assert as_bob.post(reverse("member", args=["northlight", bob.pk]), {"remove": "1"}).url == reverse("home")
    assert not Membership.objects.filter(user=bob).exists()


def test_somebody_of_another_team_cannot_be_touched(as_alice, charlie):
    answer = as_alice.post(reverse("member", args=["northlight", charlie.pk]), {"remove": "1"})
    assert answer.status_code == 404 and Membership.objects.filter(user=charlie).exists()


def test_a_rename_keeps_the_address(as_alice, as_bob, team):
    as_alice.post(reverse("team_rename", args=["northlight"]), {"name": "Northlight Films"})
    team.refresh_from_db()
    assert (team.name, team.slug) == ("Northlight Films", "northlight")
    assert as_bob.post(reverse("team_rename", args=["northlight"]), {"name": "Bob's"}).status_code == 403
    assert as_alice.post(reverse("team_rename", args=["northlight"]), {"name": ""}).status_code == 422


def test_a_project_is_made_once(as_bob, team):
    url = reverse("project_new", args=["northlight"])
    assert as_bob.post(url, {"name": "Harbour"}).url == URL
    again = as_bob.post(url, {"name": "Harbour"})
    assert again.status_code == 422 and "of this name" in again.content.decode()
    assert Project.objects.get().created_by.name == "Bob"


def test_a_project_is_renamed(as_bob, team):
    project, other = a_project(team), a_project(team, "Coast")
    url = reverse("project_rename", args=["northlight", project.pk])
    assert as_bob.post(url, {"name": " Pier "}).url == URL
    project.refresh_from_db()
    assert project.name == "Pier" and Event.objects.filter(verb="project.renamed").count() == 1
    for wrong, words in (
        ({"name": "Coast"}, "of this name"),
        ({"name": ""}, "needs a name"),
        ({"name": "x" * 81}, "needs a name"),
    ):
        answer = as_bob.post(url, wrong)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert f'value="{wrong["name"]}"' in answer.content.decode()
    project.refresh_from_db()
    assert project.name == "Pier" and other.name == "Coast"


def test_another_teams_project_cannot_be_renamed(as_bob, charlie):
    theirs = a_project(charlie.memberships.get().team)
    assert (
        as_bob.post(reverse("project_rename", args=["northlight", theirs.pk]), {"name": "Ours"}).status_code
        == 404
    )


def test_a_viewer_makes_no_project(team, alice):
    dora = person("Dora")
    join(team, dora, Role.VIEWER)
    assert signed_in(dora).post(reverse("project_new", args=["northlight"]), {"name": "X"}).status_code == 403
    renaming = reverse("project_rename", args=["northlight", a_project(team).pk])
    assert signed_in(dora).post(renaming, {"name": "X"}).status_code == 403
    assert renaming not in signed_in(dora).get(URL).content.decode()
    assert Project.objects.get().name == "Harbour"
