"""A template is written: its first version, the next, and what they are compared with."""

import re

import pytest

from tests.builders import MODEL, a_job, a_key
from tests.recipes.given import a_recipe, member
from videos.models import Recipe, RecipeVersion
from videos.recipes import changes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "/t/northlight/templates/"


def at(recipe: Recipe, rest: str = "") -> str:
    return f"{LIST}{recipe.pk}/{rest}"


def form(**more) -> dict:
    words = {"title": "Product shot", "description": "", "text": "{{product}} on {{surface}}"}
    return words | {"model": "", "was": ""} | more


@pytest.fixture
def recipe(team, alice) -> Recipe:
    return a_recipe(team, alice)


def test_saving_makes_the_next_version_and_changes_none(as_bob, recipe, bob):
    """Behaviour 31."""
    first = RecipeVersion.objects.values().get()
    answer = as_bob.post(at(recipe, "edit/"), form(text="{{product}} on marble", seen="1"), follow=True)
    assert answer.redirect_chain == [(at(recipe), 302)] and b"The newest is version 2." in answer.content
    assert RecipeVersion.objects.values().get(number=1) == first
    second = RecipeVersion.objects.get(number=2)
    assert (second.text, second.created_by) == ("{{product}} on marble", bob)


def test_the_same_words_make_no_version(as_bob, recipe):
    as_bob.post(at(recipe, "edit/"), form(title="Another title", seen="1"))
    recipe.refresh_from_db()
    assert recipe.title == "Another title" and recipe.versions.count() == 1


def test_two_versions_are_compared(as_bob, team, recipe, bob):
    changes.save(member(team, bob), recipe, title="Product shot", text="{{product}} on marble")
    changes.save(member(team, bob), recipe, title="Product shot", text="{{product}} on slate")
    page = as_bob.get(at(recipe)).content.decode()
    assert re.search(r"<del>marble</del\s*><ins>slate</ins\s*>", page)
    page = as_bob.get(at(recipe, "3/?against=1")).content.decode()
    assert "From version 1 to 3" in page and "<ins>slate</ins" in page and "marble" not in page
    for odd in ("9", "x", "9" * 30, "-1", "3"):
        assert as_bob.get(at(recipe, f"3/?against={odd}")).status_code == 200
    assert as_bob.get(at(recipe, "4/")).status_code == 404


def test_an_older_version_is_made_the_newest(as_bob, team, recipe, bob):
    changes.save(member(team, bob), recipe, title="Product shot", text="Worse")
    page = as_bob.get(at(recipe, "edit/?version=1")).content.decode()
    assert "{{product}} on {{surface}}</textarea>" in page and 'name="seen" value="2"' in page
    assert as_bob.get(at(recipe, "edit/?version=7")).status_code == 404


def test_who_saved_meanwhile_is_not_overwritten_unseen(as_bob, team, recipe, alice):
    changes.save(member(team, alice), recipe, title="Product shot", text="Alice's words")
    answer = as_bob.post(at(recipe, "edit/"), form(text="Bob's words", seen="1"), follow=True)
    assert b"somebody else saved version 2; yours is version 3" in answer.content
    assert [one.text for one in recipe.versions.all()] == ["Bob's words", "Alice's words", "{{product}} on {{surface}}"]  # fmt: skip


def test_what_is_wrong_says_so_and_nothing_typed_is_lost(as_bob):
    answer = as_bob.post(LIST + "new/", form(title="", text="Kept {{words}}"))
    assert answer.status_code == 422 and b"Kept {{words}}</textarea>" in answer.content
    assert as_bob.post(LIST + "new/", form(text="x" * 10_001)).status_code == 422
    many = " ".join(f"{{{{field {n}}}}}" for n in range(31))
    assert b"at most 30 different fields; there are 31" in as_bob.post(LIST + "new/", form(text=many)).content
    assert as_bob.post(LIST + "new/", form(text="a\0b")).status_code == 422
    assert not Recipe.objects.exists()


def test_model_and_settings_come_along(as_bob):
    drawn = as_bob.post(LIST + "new/", form(model=MODEL, do="draw"), headers=HTMX).content.decode()
    assert drawn.lstrip().startswith('<div id="settings"') and 'name="option.seconds"' in drawn
    assert f'name="was" value="{MODEL}"' in drawn
    sent = form(
        model=MODEL,
        was=MODEL,
        **{"option.seconds": "8", "option.audio": "False", "option.resolution": ""},
    )
    assert as_bob.post(LIST + "new/", sent).status_code == 302
    version = RecipeVersion.objects.get()
    assert (version.model, version.options) == (MODEL, {"seconds": 8, "audio": False})


def test_settings_of_another_model_are_looked_at_first(as_bob):
    sent = form(model=MODEL, was="somewhere/else", **{"option.seconds": "8"})
    answer = as_bob.post(LIST + "new/", sent)
    assert answer.status_code == 422 and b"these are its settings now" in answer.content
    assert not Recipe.objects.exists()


def test_a_value_that_the_model_has_not(as_bob):
    answer = as_bob.post(LIST + "new/", form(model=MODEL, was=MODEL, **{"option.seconds": "7"}))
    assert answer.status_code == 422 and not Recipe.objects.exists()


def test_a16_a_form_writes_its_own_fields(as_bob, team, bob, alice):
    sneaky = {
        "team": "2",
        "created_by": alice.pk,
        "number": "9",
        "trashed_at": "2020-01-01",
        "recipe": "1",
        "id": "7",
    }
    as_bob.post(LIST + "new/", sneaky | form(private="on"))
    made = Recipe.objects.get()
    assert (made.team, made.created_by, made.trashed_at, made.private) == (team, bob, None, True)
    assert made.versions.get().number == 1


def test_nobody_hides_what_a_colleague_shared(as_bob, recipe):
    assert b'name="private"' not in as_bob.get(at(recipe, "edit/")).content
    as_bob.post(at(recipe, "edit/"), form(private="on", seen="1"))
    assert not Recipe.objects.get().private


def test_from_the_history_and_from_what_is_being_typed(as_bob, team, bob):
    job = a_job(team, bob, "Fog over the pier", options={"seconds": 8})
    assert f"templates/new/?from={job.public_id.hex}" in as_bob.get("/t/northlight/prompts/").content.decode()
    page = as_bob.get(f"{LIST}new/?from={job.public_id.hex}").content.decode()
    assert "Fog over the pier</textarea>" in page and '<option value="8" selected>8 s</option>' in page
    typed = {
        "model": MODEL,
        "was": MODEL,
        "prompt": "Half a sentence",
        "option.seconds": "12",
        "do": "template",
    }
    answer = as_bob.post("/t/northlight/draft/", typed, follow=True)
    assert answer.redirect_chain == [(LIST + "new/?from=draft", 302)]
    assert "Half a sentence</textarea>" in answer.content.decode()
    assert (
        as_bob.post("/t/northlight/draft/", typed, headers=HTMX).headers["HX-Redirect"]
        == LIST + "new/?from=draft"
    )
    assert as_bob.get(f"{LIST}new/?from=nothing").status_code == 404


def test_one_that_ships_is_copied_and_never_changed(as_bob, team):
    a_key(team)
    answer = as_bob.post(LIST + "shipped/product-turn/copy/", follow=True)
    made = Recipe.objects.get()
    assert answer.redirect_chain == [(at(made, "edit/"), 302)]
    version = made.versions.get()
    assert (
        "{{product}}" in version.text and version.model == MODEL and version.options["camera_fixed"] is True
    )
    assert as_bob.post(LIST + "shipped/nothing/copy/").status_code == 404
