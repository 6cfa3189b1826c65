"""Templates that were thrown away: when they go, what goes with them, and for what they stay."""

from datetime import timedelta

import pytest
from django.http import Http404

from tests.builders import a_job
from tests.recipes import given
from tests.recipes.given import a_recipe
from videos.jobs.retention import purge as purging
from videos.jobs.retention.purge import purge
from videos.models import Job, Recipe, RecipeAnswers, RecipeVersion, clock
from videos.recipes import changes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LONG_AGO = 40  # days


def a_template(team, user, days: float | None, **more) -> Recipe:
    made = a_recipe(team, user, **more)
    at = None if days is None else clock.now() - timedelta(days=days)
    Recipe.objects.filter(pk=made.pk).update(trashed_at=at)
    return Recipe.objects.get(pk=made.pk)


def test_a_thrown_template_goes_with_its_versions_and_answers(team, alice, store):
    gone, young, kept = (a_template(team, alice, days) for days in (30.1, 29.9, None))
    changes.save(given.member(team, alice), gone, title="Product shot", text="{{product}} at dusk")
    for one in (gone, young):
        changes.save_answers(given.member(team, alice), str(one.pk), "{{product}}", {"var.product": "A lamp"})
    done = purge()
    assert (done.jobs, done.uploads, done.recipes) == (0, 0, 1)
    assert set(Recipe.objects.all()) == {young, kept}
    assert set(RecipeVersion.objects.values_list("recipe", flat=True)) == {young.pk, kept.pk}
    assert list(RecipeAnswers.objects.values_list("of", flat=True)) == [str(young.pk)]
    assert purge().recipes == 0


def test_a_thrown_template_stays_for_the_clips_that_were_made_from_it(team, alice, store):
    """Also while they lie in the trash, from where they may come back; then it follows them."""
    template = a_template(team, alice, LONG_AGO)
    job = a_job(team, alice, charge=28, recipe=template.versions.get(), trashed_at=clock.later(-86_400))
    assert purge().recipes == 0 and Job.objects.get(pk=job.pk).recipe
    Job.objects.filter(pk=job.pk).update(trashed_at=clock.now() - timedelta(days=LONG_AGO))
    done = purge()
    assert (done.jobs, done.recipes) == (1, 1) and not Recipe.objects.exists()
    tomb = Job.objects.get(pk=job.pk)
    assert (tomb.recipe, tomb.charge, tomb.prompt.text) == (None, 28, "A lighthouse at dusk")


def test_a_template_taken_back_or_used_at_that_very_moment_stays(team, alice, store, monkeypatch):
    back, used = a_template(team, alice, LONG_AGO), a_template(team, alice, LONG_AGO)
    found, real = list(purging.purgeable_recipes(clock.now())), purging.purgeable_recipes
    changes.restore(given.member(team, alice), back)
    a_job(team, alice, recipe=used.versions.get())
    looks = iter([found])
    monkeypatch.setattr(purging, "purgeable_recipes", lambda since: next(looks, None) or real(since))
    assert purge().recipes == 0
    assert set(Recipe.objects.all()) == {back, used}


def test_a_template_is_not_taken_back_after_that_very_moment(team, alice, store):
    template = a_template(team, alice, LONG_AGO)
    purge()
    with pytest.raises(Http404):
        changes.restore(given.member(team, alice), template)
