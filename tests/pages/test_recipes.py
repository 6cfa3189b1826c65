"""Templates: the list, one of them with its versions, writing the next, the trash."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.builders import a_job, a_key
from tests.pages import door
from tests.people import join, person, signed_in
from tests.recipes.given import a_recipe, member
from videos.models import Event, Recipe, Role
from videos.recipes import changes, queries
from videos.states import State

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "/t/northlight/templates/"


def at(recipe: Recipe, rest: str = "") -> str:
    return f"{LIST}{recipe.pk}/{rest}"


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
            "Product shot" in page and '<mark class="gap">{{product}}</mark' in page and "Version 1" in page
        )
        assert "Seamless loop" in page and f'href="{at(recipe, "use/")}"' in page

    def test_it_is_in_the_menu(self, as_bob):
        page = as_bob.get(LIST).content.decode()
        assert re.search(rf'<a class="rail__link" href="{LIST}"\s+aria-current="page">', page)

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


def test_in_the_trash_it_says_until_when_or_for_what_it_stays(as_bob, team, bob, recipe, settings):
    settings.TRASH_DAYS = 7
    Recipe.objects.update(trashed_at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    assert "is deleted for good on Nov. 9, 2026." in as_bob.get(at(recipe)).content.decode()
    a_job(team, bob, recipe=recipe.versions.get())
    page = as_bob.get(at(recipe)).content.decode()
    assert "It stays for the clips that were made from it." in page and "deleted for good" not in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_does_not_make_may_look(team, recipe, role):
    user = person("Vera")
    join(team, user, role)
    client = signed_in(user)
    page = client.get(LIST).content.decode()
    assert "Product shot" in page and "New template" not in page and not re.search(r">\s*Use\s*<", page)
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


def test_a_clip_says_from_which_version_it_came(as_bob, as_alice, team, bob, recipe):
    version, mine = recipe.versions.get(), a_recipe(team, bob, title="Bob's own", private=True).versions.get()
    shared, private = a_job(team, bob, recipe=version), a_job(team, bob, recipe=mine)
    page = as_alice.get(f"/t/northlight/clips/{shared.public_id}/").content.decode()
    assert f'<a href="{at(recipe, "1/")}"> Product shot, Version 1 </a>' in " ".join(page.split())
    assert b"own, Version 1" not in as_alice.get(f"/t/northlight/clips/{private.public_id}/").content
    assert b"own, Version 1" in as_bob.get(f"/t/northlight/clips/{private.public_id}/").content


def test_versions_that_are_too_different_say_so_and_stand_there_whole(as_bob, team, alice):
    recipe = a_recipe(team, alice, "春夏秋冬" * 2500)
    changes.save(member(team, alice), recipe, title=recipe.title, text="冬秋夏春" * 2500)
    answer = as_bob.get(at(recipe))
    assert answer.status_code == 200 and b"too different to show word by word" in answer.content
    assert len(answer.context["compared"].pieces) <= 4
    changes.save(member(team, alice), recipe, title=recipe.title, text="冬秋夏春" * 2499)
    assert b"too different to show" not in as_bob.get(at(recipe)).content
