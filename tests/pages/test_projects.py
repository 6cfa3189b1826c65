"""The projects of a team: as many as a list can be read of, put away and brought back. What was made
in one stays where it is."""

import html

import pytest

from tests.budgets.at_once import at_once
from tests.budgets.given import a_budget
from tests.builders import MODEL, a_job, a_key, a_project
from tests.pages import door
from tests.people import join, person, signed_in
from videos.accounts import projects
from videos.jobs import verbs
from videos.models import Event, Job, Membership, Project
from videos.models.clock import now

pytestmark = pytest.mark.django_db
TEAM = "/t/northlight/"
PRESSED = {"model": MODEL, "was": MODEL, "prompt": "A lighthouse at dusk", "client_token": "one"}


@pytest.fixture
def harbour(team) -> Project:
    return a_project(team, "Harbour")


@pytest.fixture
def quay(team) -> Project:
    return a_project(team, "Quay", archived_at=now())


def seen(client, path: str = "members/") -> str:
    return html.unescape(client.get(TEAM + path).content.decode())


def of(user, team) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=user, team=team)


def test_the_doors(team, charlie, harbour):
    for name in ("project_archive", "project_restore"):
        door.check(name, ["northlight", harbour.pk], stranger=charlie, post=True)


def test_a_project_is_archived_and_brought_back(as_bob, team, harbour):
    assert as_bob.post(f"{TEAM}projects/{harbour.pk}/archive/").status_code == 302
    page = seen(as_bob)
    assert "Harbour is archived. Its clips stay where they are." in page and "1 archived project" in page
    assert not Project.objects.filter(archived_at=None).exists()
    assert as_bob.post(f"{TEAM}projects/{harbour.pk}/restoration/").status_code == 302
    assert "archived project" not in seen(as_bob)
    assert [*Event.objects.filter(verb__startswith="project.").values_list("verb", flat=True)] == [
        "project.archived",
        "project.brought_back",
    ]


def test_who_only_looks_archives_nothing_and_sees_what_is_archived(team, harbour, quay):
    viewer = person("Viewer")
    join(team, viewer, "viewer")
    client = signed_in(viewer)
    for address in (f"{TEAM}projects/{harbour.pk}/archive/", f"{TEAM}projects/{quay.pk}/restoration/"):
        assert client.post(address).status_code == 403
    page = seen(client)
    assert "Quay" in page and "Bring it back" not in page


def test_an_archived_project_is_offered_in_no_form(as_alice, team, harbour, quay):
    a_key(team)
    for path in ("", "batch/", "budgets/"):
        page = seen(as_alice, path)
        assert "Harbour" in page and "Quay" not in page, path


def test_its_clips_and_what_it_cost_stay(as_alice, alice, team, quay):
    job = a_job(team, alice, "A pier in fog", project=quay, estimate=7, unit="credits")
    assert "A pier in fog" in seen(as_alice, f"?project={quay.pk}")
    assert "Quay (archived)" in seen(as_alice, f"?project={quay.pk}")
    assert "Quay (archived)" in seen(as_alice, f"clips/{job.public_id}/")
    assert "Quay (archived)" in seen(as_alice, "usage/?by=project&rehearsal=1")
    a_budget(team, project=quay)
    assert "Quay (archived)" in seen(as_alice, "budgets/")
    found = seen(as_alice, f"prompts/?project={quay.pk}")
    assert "A pier in fog" in found and "Quay (archived)" in found


def test_a_press_that_names_one_archived_meanwhile_says_so_and_keeps_the_words(as_bob, team, quay):
    """It is no stranger's either: the form was drawn while it was in use."""
    a_key(team)
    answer = as_bob.post(f"{TEAM}generations/", PRESSED | {"project": quay.pk})
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert "The project Quay is archived." in page and "A lighthouse at dusk" in page
    assert not Event.objects.filter(verb="stranger.id").exists()
    assert as_bob.post(f"{TEAM}generations/", PRESSED | {"project": ""}).status_code == 303


def test_an_archive_between_check_and_press_stops_the_press(alice, team, harbour, monkeypatch):
    a_key(team)
    me, real = of(alice, team), verbs.checking.check_all

    def then_archived(*given):
        found = real(*given)
        projects.archive(me, harbour)
        return found

    monkeypatch.setattr("videos.jobs.ordering.press.check_all", then_archived)
    with pytest.raises(verbs.Refusal, match="project: project_archived"):
        verbs.start(me, verbs.GenerationRequest(model=MODEL, prompt="A pier", project=harbour))
    assert not Job.objects.exists()


def test_the_same_again_goes_into_no_archived_project(as_bob, alice, team, quay):
    job = a_job(team, alice, project=quay)
    as_bob.post(f"{TEAM}clips/{job.public_id}/again/")
    assert (
        "The project Quay is archived." in seen(as_bob, f"clips/{job.public_id}/")
        and Job.objects.count() == 1
    )


def test_a_team_has_no_more_projects_than_a_list_can_be_read_of(as_bob, team, harbour, quay, monkeypatch):
    monkeypatch.setattr(projects, "IN_USE_MOST", 1)
    for answer in (
        as_bob.post(f"{TEAM}projects/", {"name": "Coast"}),
        as_bob.post(f"{TEAM}projects/{quay.pk}/restoration/"),
    ):
        assert answer.status_code == 422
        assert "at most 1 projects in use: archive one first" in html.unescape(answer.content.decode())
    as_bob.post(f"{TEAM}projects/{harbour.pk}/archive/")
    assert as_bob.post(f"{TEAM}projects/", {"name": "Coast"}).status_code == 302


def test_archiving_makes_no_room_for_ever(as_bob, team, quay, monkeypatch):
    monkeypatch.setattr(projects, "TOTAL_MOST", 1)
    answer = as_bob.post(f"{TEAM}projects/", {"name": "Coast"})
    assert "bring one back and rename it" in html.unescape(answer.content.decode())
    assert Project.objects.count() == 1


@pytest.mark.parametrize("name", ["x" * 81, "   ", ""])
def test_a_name_that_is_too_long_or_none_is_refused(as_bob, team, name):
    assert as_bob.post(f"{TEAM}projects/", {"name": name}).status_code == 422
    assert not Project.objects.exists()


def test_the_name_of_an_archived_one_is_said_to_be_its(as_bob, team, harbour, quay):
    for address in (f"{TEAM}projects/", f"{TEAM}projects/{harbour.pk}/name/"):
        page = html.unescape(as_bob.post(address, {"name": "Quay"}).content.decode())
        assert "An archived project has this name" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_two_people_who_begin_the_last_project_at_once_begin_one(alice, bob, team, monkeypatch):
    monkeypatch.setattr(projects, "IN_USE_MOST", 1)
    calls = [lambda: projects.start(of(alice, team), "One"), lambda: projects.start(of(bob, team), "Two")]
    results = at_once(calls, projects.TooMany)
    assert Project.objects.count() == 1 and sum(isinstance(one, projects.TooMany) for one in results) == 1
