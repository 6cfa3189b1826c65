"""A team's storage: the warning, what is refused when it is full, and what never is."""

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.builders import MODEL, a_job, a_key
from tests.jobs.engine import drive, press, until_made
from tests.keeping.conftest import a_film
from tests.pages.pictures import a_file, an_upload
from tests.usage.spent import A, M, S, spent
from videos import quota, words
from videos.jobs import verbs
from videos.jobs.ordering import checking
from videos.jobs.ordering.checking import GenerationRequest, Refusal
from videos.models import Event, Job, Membership, Output, Team, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_long]
WALL = "/t/northlight/"


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def member(alice, team, settings) -> Membership:
    settings.DISK_RESERVE = 0
    return Membership.objects.select_related("team", "user").get(user=alice, team=team)


def limit(team: Team, size: int | None) -> None:
    Team.objects.filter(pk=team.pk).update(storage_limit=size)
    team.storage_limit = size


def fill(team, user, store, size: int) -> Job:
    job = a_job(team, user, key=a_key(team))
    a_film(store, job)
    Output.objects.filter(job=job).update(bytes=size)
    return job


def test_films_and_pictures_count_the_trash_too(team, alice, store):
    job = fill(team, alice, store, 700)
    picture = an_upload(team, alice)
    Job.objects.filter(pk=job.pk).update(trashed_at=job.created_at)
    assert quota.used(team.pk) == 700 + picture.bytes
    elsewhere = Team.objects.create(name="Elsewhere", slug="elsewhere")
    assert quota.used(elsewhere.pk) == 0


@pytest.mark.parametrize(
    ("used", "says"),
    [
        (799, []),
        (800, ["may store"]),
        (999, ["may store"]),
        (1000, ["storage is full"]),
        (1200, ["storage is full"]),
    ],
)
def test_a_warning_at_80_and_another_at_100(used, says, as_bob, team, alice, store):
    fill(team, alice, store, used)
    limit(team, 1000)
    page = as_bob.get(WALL).content.decode()
    assert [words for words in ("may store", "storage is full") if words in page] == says


def test_without_a_limit_nothing_is_counted(as_bob, team, alice, store, django_assert_max_num_queries):
    fill(team, alice, store, 10**12)
    assert quota.storage(team) is None and quota.warning(team) is None
    with django_assert_max_num_queries(0):
        quota.full(team)


def test_a_full_team_makes_nothing_new_and_is_told_why(member, team, store):
    fill(team, member.user, store, 1000)
    limit(member.team, 1000)
    with pytest.raises(Refusal) as refused:
        press(member)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("team", "team_full")
    assert "storage is full: 1000\xa0bytes of 1000\xa0bytes" in words.describe_problem(problem)
    assert Job.objects.count() == 1
    assert Event.objects.get(verb="press.refused").data["problems"] == ["team:team_full"]
    limit(member.team, 1001)
    assert press(member).state == "queued"


def test_the_form_says_it_before_anybody_presses(as_alice, member, team, store):
    fill(team, member.user, store, 1000)
    limit(team, 1000)
    assert "Nothing new is made that could not be kept" in as_alice.get(WALL).content.decode()


def test_the_same_again_is_something_new(member, team, store):
    job = fill(team, member.user, store, 1000)
    limit(member.team, 1000)
    with pytest.raises(Refusal):
        verbs.retry(member, Job.objects.select_related("key", "prompt", "project").get(pk=job.pk))


def test_what_may_have_been_sent_is_not_sent_again_without_room(member, team, store):
    fill(team, member.user, store, 1000)
    limit(member.team, 1000)
    job = spent(team, member.user, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    with pytest.raises(Refusal) as refused:
        verbs.decide(member, job, "try_again")
    assert [problem.code for problem in refused.value.problems] == ["team_full"]
    job.refresh_from_db()
    assert (job.state, job.attempts.get().state) == ("unknown", "unknown")


def test_no_new_picture(as_alice, member, team, store):
    fill(team, member.user, store, 1000)
    limit(team, 1000)
    reply = as_alice.post(reverse("uploads", args=["northlight"]), {"file": a_file(name="pier.png")})
    assert reply.status_code == 422
    assert "pier.png was not kept" in reply.json()["error"] and "storage is full" in reply.json()["error"]
    assert not Upload.objects.exists()
    limit(team, None)
    assert as_alice.post(reverse("uploads", args=["northlight"]), {"file": a_file()}).status_code == 200


def test_what_was_paid_is_stored_all_the_same(member, team, store, key, sandbox):
    """It was ordered while there was room."""
    job = press(member, model=MODEL, options={"seconds": 4, "resolution": "480p"})
    limit(member.team, 0)
    assert drive(job).state == "running"
    assert until_made(job).state == "downloading"
    assert drive(job).state == "succeeded" and quota.used(team.pk) > 0
    assert checking.check(member, GenerationRequest(MODEL, "More")).problems


def test_whoever_runs_the_studio_sees_and_sets_it(team, alice, store, capsys):
    fill(team, alice, store, 3 * 2**20)
    call_command("quota", "northlight", "50GB")
    assert capsys.readouterr().out == "northlight: 3.0 MB, of 50.0 GB\n"
    assert Team.objects.get(pk=team.pk).storage_limit == 50 * 2**30
    call_command("quota", "northlight", "none")
    assert capsys.readouterr().out == "northlight: 3.0 MB, no limit\n"
    for wrong in (("nowhere", "1GB"), ("northlight", "lots"), ("northlight", "-5")):
        with pytest.raises(CommandError):
            call_command("quota", "--", *wrong)
