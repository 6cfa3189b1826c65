"""Templates: the list, one of them with its versions, writing the next, the trash."""

from decimal import Decimal

import pytest

from tests.builders import MODEL, a_job, a_key
from tests.pages import door
from tests.people import join, person, signed_in
from tests.recipes.given import a_recipe, member
from videos.jobs.states import State
from videos.models import Event, Recipe, RecipeVersion, Role
from videos.recipes import changes, queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "/t/northlight/templates/"


def at(recipe: Recipe, rest: str = "") -> str:
    return f"{LIST}{recipe.pk}/{rest}"


def form(**more) -> dict:
    return {
        "title": "Product shot",
        "description": "",
        "text": "{{product}} on {{surface}}",
        "model": "",
        "was": "",
    } | more


@pytest.fixture
def recipe(team, alice) -> Recipe:
    return a_recipe(team, alice)


def test_the_doors(team, recipe, charlie):
    for name, args in (
        ("recipes", []), ("recipe", [recipe.pk]), ("recipe_version", [recipe.pk, 1]), ("recipe_new", []),
        ("recipe_edit", [recipe.pk]),
    ):  # fmt: skip
        door.check(name, ["northlight", *args], stranger=charlie, post=False)
    for name, args in (
        ("recipe_trash", [recipe.pk]),
        ("recipe_restore", [recipe.pk]),
        ("recipe_copy", ["portrait"]),
    ):
        door.check(name, ["northlight", *args], stranger=charlie, post=True)


class TestTheList:
    def test_what_is_in_it(self, as_bob, recipe):
        page = as_bob.get(LIST).content.decode()
        assert (
            "Product shot" in page and '<mark class="gap">{{product}}</mark>' in page and "Version 1" in page
        )
        assert "Seamless loop" in page and f'href="{at(recipe, "use/")}"' in page

    def test_it_is_in_the_menu(self, as_bob):
        page = as_bob.get(LIST).content.decode()
        assert f'<a class="rail__link" href="{LIST}" aria-current="page">' in page

    def test_a_private_one_is_its_makers_alone(self, as_alice, as_bob, team, bob):
        mine = a_recipe(team, bob, title="Bob's own", private=True)
        assert b"Bob&#x27;s own" in as_bob.get(LIST).content
        assert b"Bob&#x27;s own" not in as_alice.get(LIST).content
        for rest in ("", "1/", "edit/", "use/"):
            assert as_alice.get(at(mine, rest)).status_code == 404
        assert as_alice.post(at(mine, "trash/")).status_code == 404

    def test_another_team_has_its_own(self, as_charlie, recipe):
        assert b"Product shot" not in as_charlie.get("/t/elsewhere/templates/").content
        for rest in ("", "1/", "edit/", "use/"):
            assert as_charlie.get(f"/t/elsewhere/templates/{recipe.pk}/{rest}").status_code == 404

    @pytest.mark.parametrize(
        ("typed", "found"),
        [("product", True), ("SURFACE", True), ("größe", True), ("GRÖSSE", True), ("墨镜", True), ("-product", False), ("boat", False)],
    )  # fmt: skip
    def test_it_is_searched_by_every_word_of_it(self, as_bob, team, alice, typed, found):
        a_recipe(team, alice, title="Product, GRÖßE", description="墨镜")
        page = as_bob.get(LIST, {"q": typed}).content.decode()
        assert ("墨镜" in page) == found

    def test_what_ships_is_searched_too(self, as_bob):
        page = as_bob.get(LIST, {"q": "loop"}).content.decode()
        assert "Seamless loop" in page and "Product turn" not in page
        assert b"No template matches" in as_bob.get(LIST, {"q": "nowhere"}).content

    def test_a_long_list_comes_page_by_page_and_nothing_twice(self, as_bob, team, alice, monkeypatch):
        monkeypatch.setattr(queries, "PAGE", 3)
        made = [a_recipe(team, alice, title=f"Shot {n}") for n in range(7)]
        Recipe.objects.filter(pk__in=[one.pk for one in made[:4]]).update(changed_at=made[0].changed_at)
        seen, url = [], LIST
        while url:
            page = as_bob.get(url)
            seen += [entry.recipe.pk for entry in page.context["entries"]]
            url = LIST + page.context["older"] if page.context["older"] else ""
        assert len(seen) == 7 and set(seen) == {one.pk for one in made}

    def test_the_rest_of_it_comes_alone(self, as_bob, team, alice, monkeypatch):
        monkeypatch.setattr(queries, "PAGE", 1)
        a_recipe(team, alice, title="Older"), a_recipe(team, alice, title="Newer")
        older = as_bob.get(LIST).context["older"]
        more = as_bob.get(LIST + older, headers=HTMX).content.decode()
        assert "Older" in more and "Newer" not in more and "<html" not in more and "Seamless" not in more
        part = as_bob.get(LIST + "?q=newer&trash=", headers=HTMX)
        assert part.headers["HX-Push-Url"] == LIST + "?q=newer"
        assert part.content.decode().lstrip().startswith('<section id="recipes"')
        assert b"Newer" in as_bob.get(f"{LIST}?before=nonsense").content

    def test_as_many_questions_for_many_as_for_one(self, as_bob, team, alice, django_assert_max_num_queries):
        for n in range(12):
            a_job(team, alice, recipe=a_recipe(team, alice, title=f"Shot {n}").versions.get())
        with django_assert_max_num_queries(10):
            assert b"used 1 time" in as_bob.get(LIST).content


class TestWriting:
    def test_saving_makes_the_next_version_and_changes_none(self, as_bob, recipe, bob):
        """Behaviour 31."""
        first = RecipeVersion.objects.values().get()
        answer = as_bob.post(at(recipe, "edit/"), form(text="{{product}} on marble", seen="1"), follow=True)
        assert answer.redirect_chain == [(at(recipe), 302)] and b"The newest is version 2." in answer.content
        assert RecipeVersion.objects.values().get(number=1) == first
        second = RecipeVersion.objects.get(number=2)
        assert (second.text, second.created_by) == ("{{product}} on marble", bob)

    def test_the_same_words_make_no_version(self, as_bob, recipe):
        as_bob.post(at(recipe, "edit/"), form(title="Another title", seen="1"))
        recipe.refresh_from_db()
        assert recipe.title == "Another title" and recipe.versions.count() == 1

    def test_two_versions_are_compared(self, as_bob, team, recipe, bob):
        changes.save(member(team, bob), recipe, title="Product shot", text="{{product}} on marble")
        changes.save(member(team, bob), recipe, title="Product shot", text="{{product}} on slate")
        page = as_bob.get(at(recipe)).content.decode()
        assert "<del>marble</del><ins>slate</ins>" in page
        page = as_bob.get(at(recipe, "3/?against=1")).content.decode()
        assert "From version 1 to 3" in page and "<ins>slate</ins>" in page and "marble" not in page
        for odd in ("9", "x", "9" * 30, "-1", "3"):
            assert as_bob.get(at(recipe, f"3/?against={odd}")).status_code == 200
        assert as_bob.get(at(recipe, "4/")).status_code == 404

    def test_an_older_version_is_made_the_newest(self, as_bob, team, recipe, bob):
        changes.save(member(team, bob), recipe, title="Product shot", text="Worse")
        page = as_bob.get(at(recipe, "edit/?version=1")).content.decode()
        assert "{{product}} on {{surface}}</textarea>" in page and 'name="seen" value="2"' in page
        assert as_bob.get(at(recipe, "edit/?version=7")).status_code == 404

    def test_who_saved_meanwhile_is_not_overwritten_unseen(self, as_bob, team, recipe, alice):
        changes.save(member(team, alice), recipe, title="Product shot", text="Alice's words")
        answer = as_bob.post(at(recipe, "edit/"), form(text="Bob's words", seen="1"), follow=True)
        assert b"somebody else saved version 2; yours is version 3" in answer.content
        assert [one.text for one in recipe.versions.all()] == ["Bob's words", "Alice's words", "{{product}} on {{surface}}"]  # fmt: skip

    def test_what_is_wrong_says_so_and_nothing_typed_is_lost(self, as_bob):
        answer = as_bob.post(LIST + "new/", form(title="", text="Kept {{words}}"))
        assert answer.status_code == 422 and b"Kept {{words}}</textarea>" in answer.content
        assert as_bob.post(LIST + "new/", form(text="x" * 10_001)).status_code == 422
        many = " ".join(f"{{{{field {n}}}}}" for n in range(31))
        assert (
            b"at most 30 different fields; there are 31"
            in as_bob.post(LIST + "new/", form(text=many)).content
        )
        assert as_bob.post(LIST + "new/", form(text="a\0b")).status_code == 422
        assert not Recipe.objects.exists()

    def test_model_and_settings_come_along(self, as_bob):
        drawn = as_bob.post(LIST + "new/", form(model=MODEL, do="draw"), headers=HTMX).content.decode()
        assert drawn.lstrip().startswith('<div id="settings"') and 'name="option.seconds"' in drawn
        sent = form(
            model=MODEL,
            was=MODEL,
            **{"option.seconds": "8", "option.audio": "False", "option.resolution": ""},
        )
        assert as_bob.post(LIST + "new/", sent).status_code == 302
        version = RecipeVersion.objects.get()
        assert (version.model, version.options) == (MODEL, {"seconds": 8, "audio": False})

    def test_settings_of_another_model_are_looked_at_first(self, as_bob):
        sent = form(model=MODEL, was="somewhere/else", **{"option.seconds": "8"})
        answer = as_bob.post(LIST + "new/", sent)
        assert answer.status_code == 422 and b"these are its settings now" in answer.content
        assert not Recipe.objects.exists()

    def test_a_value_that_the_model_has_not(self, as_bob):
        answer = as_bob.post(LIST + "new/", form(model=MODEL, was=MODEL, **{"option.seconds": "7"}))
        assert answer.status_code == 422 and not Recipe.objects.exists()

    def test_a16_a_form_writes_its_own_fields(self, as_bob, team, bob, alice):
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

    def test_nobody_hides_what_a_colleague_shared(self, as_bob, recipe):
        assert b'name="private"' not in as_bob.get(at(recipe, "edit/")).content
        as_bob.post(at(recipe, "edit/"), form(private="on", seen="1"))
        assert not Recipe.objects.get().private

    def test_from_the_history_and_from_what_is_being_typed(self, as_bob, team, bob):
        job = a_job(team, bob, "Fog over the pier", options={"seconds": 8})
        assert (
            f"templates/new/?from={job.public_id.hex}"
            in as_bob.get("/t/northlight/prompts/").content.decode()
        )
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

    def test_one_that_ships_is_copied_and_never_changed(self, as_bob, team):
        a_key(team)
        answer = as_bob.post(LIST + "shipped/product-turn/copy/", follow=True)
        made = Recipe.objects.get()
        assert answer.redirect_chain == [(at(made, "edit/"), 302)]
        version = made.versions.get()
        assert (
            "{{product}}" in version.text
            and version.model == MODEL
            and version.options["camera_fixed"] is True
        )
        assert as_bob.post(LIST + "shipped/nothing/copy/").status_code == 404


class TestHowItDid:
    def test_rehearsals_are_counted_apart_and_a_cost_is_a_median_of_real_ones(
        self, as_bob, team, alice, recipe
    ):
        version, real = recipe.versions.get(), a_key(team, rehearsal=False, secret="sk-real-1234567890")
        for charge in ("10", "30", "80"):
            a_job(team, alice, recipe=version, key=real, charge=Decimal(charge), unit="credits")
        a_job(team, alice, recipe=version, key=real, state=State.FAILED)
        a_job(team, alice, recipe=version, key=a_key(team), charge=Decimal(7), unit="credits")
        page = as_bob.get(at(recipe)).content.decode()
        assert (
            "4 times, 3 ready" in page
            and "1 time, 1 ready" in page
            and "30 credits (seedanceapi.org)" in page
        )

    def test_who_spends_nothing_sees_no_money(self, team, alice, recipe):
        real = a_key(team, rehearsal=False)
        a_job(team, alice, recipe=recipe.versions.get(), key=real, charge=Decimal(30), unit="credits")
        viewer = person("Vera")
        join(team, viewer, Role.VIEWER)
        assert b"30 credits" not in signed_in(viewer).get(at(recipe)).content

    def test_as_many_questions_for_many_versions_as_for_one(
        self, as_bob, team, bob, recipe, django_assert_max_num_queries
    ):
        for n in range(25):
            made = changes.save(member(team, bob), recipe, title="Product shot", text=f"Take {n}")
            a_job(team, bob, recipe=made)
        with django_assert_max_num_queries(14):
            page = as_bob.get(at(recipe))
        assert page.context["older"] == 7
        assert b"Version 1<" in as_bob.get(at(recipe, "?before=7")).content


class TestTheTrash:
    def test_out_of_the_list_and_back(self, as_bob, recipe):
        answer = as_bob.post(at(recipe, "trash/"), follow=True)
        assert answer.redirect_chain == [(f"{LIST}?thrown={recipe.pk}", 302)]
        assert "“Product shot” is in the trash." in answer.content.decode() and not answer.context["entries"]
        assert b"Product shot" in as_bob.get(LIST + "?trash=1").content
        assert as_bob.get(at(recipe)).status_code == 200 and as_bob.get(at(recipe, "use/")).status_code == 404
        as_bob.post(at(recipe, "restoration/"))
        assert b"Product shot" in as_bob.get(LIST).content
        assert as_bob.post(at(recipe, "restoration/")).status_code == 404

    def test_what_was_made_from_it_stays(self, as_bob, team, bob, recipe):
        job = a_job(team, bob, recipe=recipe.versions.get())
        as_bob.post(at(recipe, "trash/"))
        job.refresh_from_db()
        assert job.recipe == recipe.versions.get()

    def test_it_is_written_down(self, as_bob, recipe):
        as_bob.post(at(recipe, "trash/"))
        as_bob.post(at(recipe, "restoration/"))
        assert list(Event.objects.values_list("verb", flat=True)) == [
            "recipe.created",
            "recipe.trashed",
            "recipe.restored",
        ]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_does_not_make_may_look(team, recipe, role):
    user = person("Vera")
    join(team, user, role)
    client = signed_in(user)
    page = client.get(LIST).content.decode()
    assert "Product shot" in page and "New template" not in page and "Use<" not in page
    assert client.get(at(recipe)).status_code == 200
    assert client.get(LIST + "shipped/portrait/").status_code == 200
    for url in (LIST + "new/", at(recipe, "edit/"), at(recipe, "use/")):
        assert client.get(url).status_code == 403
    for url in (
        at(recipe, "trash/"),
        LIST + "new/",
        LIST + "shipped/portrait/",
        LIST + "shipped/portrait/copy/",
    ):
        assert client.post(url).status_code == 403
