"""A thousand templates, and a remix of a remix of a remix, five hundred deep: pages stay as they were."""

import copy
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import a_job, a_key
from tests.recipes.given import a_recipe
from videos.jobs.retention.purge import purge
from videos.models import Job, Recipe, RecipeVersion, clock
from videos.recipes import changes

pytestmark = pytest.mark.django_db
HOME = "/t/northlight/"


def asked(client, path: str, **query) -> tuple[int, int]:
    """How many questions a page asks the database, and its bytes."""
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path, query or None)
    assert answer.status_code == 200, path
    return len(found), len(b"".join(answer)) if answer.streaming else len(answer.content)


def many_templates(team, alice, count: int) -> None:
    at = clock.now()
    rows = [
        Recipe(team=team, title=f"Shot {n}", created_by=alice, created_at=at, changed_at=at, sought=changes.folded(f"Shot {n}"))
        for n in range(count)
    ]  # fmt: skip
    made = Recipe.objects.bulk_create(rows)
    RecipeVersion.objects.bulk_create(
        RecipeVersion(recipe=one, number=1, text="{{product}} turns", created_by=alice, created_at=at)
        for one in made
    )


def a_chain(first: Job, length: int) -> list[Job]:
    """Each a remix of the one before."""
    chain = [first]
    for _ in range(length):
        job = copy.copy(chain[-1])
        job.pk, job.id, job.public_id, job.idem_key = None, None, uuid.uuid4(), str(uuid.uuid4())
        job.client_token, job.parent, job.relation = uuid.uuid4().hex, chain[-1], "remix"
        job._state = copy.copy(first._state)
        job._state.adding = True
        job.save(force_insert=True)
        chain.append(job)
    return chain


def test_a_thousand_templates_are_a_page_at_a_time(as_bob, team, alice):
    a_key(team)
    for n in range(30):
        a_recipe(team, alice, title=f"First shot {n}")
    pages = [f"{HOME}templates/", f"{HOME}templates/?q=shot", HOME, f"{HOME}trash/", f"{HOME}batch/"]
    before = [asked(as_bob, page) for page in pages]
    many_templates(team, alice, 1000)
    for page, (questions, size) in zip(pages, before, strict=True):
        now = asked(as_bob, page)
        assert now[0] <= questions + 1 and now[1] < size + 40_000, page
    assert asked(as_bob, f"{HOME}templates/file/", format="csv")[0] < 12
    assert asked(as_bob, f"{HOME}templates/file/", format="json")[0] < 12


def test_a_chain_of_five_hundred_remixes_is_no_deeper_than_one(as_bob, team, alice):
    short = a_chain(a_job(team, alice, "A short one"), 2)
    pages = [
        HOME,
        f"{HOME}prompts/",
        f"{HOME}clips/{short[1].public_id}/",
        f"{HOME}?from={short[1].public_id.hex}",
        f"{HOME}usage/",
    ]
    before = [asked(as_bob, page) for page in pages]
    chain = a_chain(a_job(team, alice, "A long one"), 500)
    for page, (questions, _size) in zip(pages, before, strict=True):
        for job in (chain[0], chain[250], chain[-1]):
            assert (
                asked(
                    as_bob,
                    page.replace(str(short[1].public_id), str(job.public_id)).replace(
                        short[1].public_id.hex, job.public_id.hex
                    ),
                )[0]
                <= questions + 8
            ), page


def test_a_chain_goes_from_its_middle_without_its_ends(as_bob, team, alice):
    """Thrown away and purged: what was made from it stays, and so does what it was made from."""
    chain = a_chain(a_job(team, alice), 500)
    thrown = chain[100:400]
    Job.objects.filter(pk__in=[job.pk for job in thrown]).update(trashed_at=clock.now() - timedelta(days=90))
    assert purge().jobs == 300
    assert asked(as_bob, f"{HOME}clips/{chain[400].public_id}/")[0] < 40
