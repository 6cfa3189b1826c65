"""A template is used: a field for each gap, how it reads, and on to the composer."""

import re

import pytest

from tests.builders import MODEL, a_key
from tests.pages import door
from tests.recipes.given import a_recipe, member
from videos.models import Draft, Job, RecipeAnswers
from videos.recipes import changes
from videos.recipes.shipped import SHIPPED
from videos.vendors import registry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST, GALLERY, PRESS = "/t/northlight/templates/", "/t/northlight/", "/t/northlight/generations/"
BESIDE = "/t/northlight/reuse/templates/"


@pytest.fixture
def recipe(team, alice):
    return a_recipe(team, alice)


def use(recipe) -> str:
    return f"{LIST}{recipe.pk}/use/"


def test_the_doors(team, recipe, charlie):
    door.check("recipe_use", ["northlight", recipe.pk], stranger=charlie, post=False)
    door.check("recipe_shipped", ["northlight", "portrait"], stranger=charlie, post=False)
    door.check("recipe_beside", ["northlight", "shipped.portrait"], stranger=charlie, post=False)


def test_one_field_for_each_gap(as_bob, recipe):
    """Behaviour 31."""
    page = as_bob.get(use(recipe)).content.decode()
    assert page.count('name="var.') == 2 and 'name="var.product"' in page and 'name="var.surface"' in page


def test_how_it_reads_comes_while_typing_and_is_kept(as_bob, recipe, bob):
    sent = {"var.product": "A <b>watch</b>", "var.surface": "", "do": "preview"}
    part = as_bob.post(use(recipe), sent, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="preview"')
    assert re.search(
        r'<span class="filled">A &lt;b&gt;watch&lt;/b&gt;</span\s*> on <mark class="gap">{{surface}}</mark\s*>',
        part,
    )
    assert RecipeAnswers.objects.get().user == bob
    assert 'value="A &lt;b&gt;watch&lt;/b&gt;"' in as_bob.get(use(recipe)).content.decode()


def test_without_javascript_the_page_says_how_it_reads(as_bob, recipe):
    page = as_bob.post(use(recipe), {"var.product": "A watch", "do": "preview"}).content.decode()
    assert "<html" in page and '<span class="filled">A watch</span' in page


def test_what_is_still_open_is_not_sent(as_bob, recipe):
    answer = as_bob.post(use(recipe), {"var.product": "A watch", "var.surface": " "})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nothing stands here yet." in page and 'value="A watch"' in page
    assert page.count('aria-invalid="true"') == 1


def test_what_one_types_a_colleague_does_not_see(as_bob, as_alice, recipe):
    as_bob.post(use(recipe), {"var.product": "Bob's secret", "do": "preview"})
    assert b"secret" not in as_alice.get(use(recipe)).content


def test_on_to_the_composer_and_into_the_job(as_bob, team, recipe):
    a_key(team, label="Ours")
    answer = as_bob.post(use(recipe), {"var.product": "A watch", "var.surface": "slate"})
    assert answer.status_code == 303 and answer.headers["Location"] == f"{BESIDE}{recipe.pk}.1/"
    page = as_bob.get(answer.headers["Location"], follow=True).content.decode()
    version = recipe.versions.get()
    assert "A watch on slate</textarea>" in page and f'name="recipe" value="{version.pk}"' in page
    as_bob.post(
        PRESS,
        {
            "model": MODEL,
            "was": MODEL,
            "prompt": "A watch on slate",
            "recipe": version.pk,
            "client_token": "t",
        },
    )
    assert Job.objects.get(client_token="t").recipe == version


def test_it_is_still_known_after_a_reload_of_the_draft(as_bob, recipe):
    version = recipe.versions.get()
    as_bob.post("/t/northlight/draft/", {"model": MODEL, "was": MODEL, "prompt": "x", "recipe": version.pk})
    assert f'name="recipe" value="{version.pk}"' in as_bob.get(GALLERY).content.decode()


def test_looking_at_it_in_the_composer_writes_over_nothing(as_bob, bob, team, recipe):
    as_bob.post("/t/northlight/draft/", {"model": MODEL, "was": MODEL, "prompt": "Half a sentence"})
    as_bob.get(f"{GALLERY}?recipe={recipe.pk}.1")
    assert Draft.objects.get(user=bob).content["prompt"] == "Half a sentence"


def test_model_and_settings_come_along_and_the_others_stay(as_bob, team, bob):
    made = a_recipe(team, bob, text="A harbour", model=MODEL, options={"seconds": 12})
    draft = {"model": MODEL, "was": MODEL, "prompt": "x", "option.seconds": "4", "option.resolution": "480p"}
    as_bob.post("/t/northlight/draft/", draft)
    sheet = as_bob.get(f"{GALLERY}?recipe={made.pk}.1").context["composer"].sheet
    assert (sheet.model.key, sheet.options["seconds"], sheet.options["resolution"]) == (MODEL, 12, "480p")


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.slug)
def test_one_that_ships_goes_to_a_model_that_it_suits(as_bob, team, one):
    for vendor in registry.VENDORS:
        a_key(team, vendor=vendor, secret=f"rehearsal-{vendor}-northlight")
    page = as_bob.get(f"{LIST}shipped/{one.slug}/")
    values = {f"var.{name}": "the lamp" for name in page.context["source"].variables}
    answer = as_bob.post(f"{LIST}shipped/{one.slug}/", values)
    assert answer.headers["Location"] == f"{BESIDE}shipped.{one.slug}/"
    sheet = as_bob.get(answer.headers["Location"], follow=True).context["composer"].sheet
    assert sheet.model.key in one.models and "the lamp" in sheet.prompt and "{{" not in sheet.prompt
    assert sheet.recipe is None


@pytest.mark.parametrize(
    "named", ["", "x", "1", "1.", ".1", "1.99", "9" * 30 + ".1", "shipped.", "shipped.nothing", "²." + "1"]
)
def test_a_template_that_nobody_has(as_bob, named):
    answer = as_bob.get(GALLERY, {"recipe": named})
    assert answer.status_code == (404 if named else 200)


def test_a14_another_teams_template(as_charlie, recipe):
    version = recipe.versions.get()
    assert as_charlie.get(f"/t/elsewhere/?recipe={recipe.pk}.1").status_code == 404
    sent = {"model": MODEL, "was": MODEL, "prompt": "x", "recipe": version.pk}
    assert as_charlie.post("/t/elsewhere/draft/", sent).status_code == 404
    assert not Draft.objects.exists()


def test_a14_a_colleagues_private_template(as_bob, as_alice, team, bob):
    mine = a_recipe(team, bob, private=True)
    assert as_alice.get(f"{GALLERY}?recipe={mine.pk}.1").status_code == 404
    as_alice.post(
        "/t/northlight/draft/",
        {"model": MODEL, "was": MODEL, "prompt": "x", "recipe": mine.versions.get().pk},
    )
    assert Draft.objects.get().content["recipe"] is None


def test_an_older_version_is_used_by_its_number(as_bob, team, bob, recipe):
    changes.save(member(team, bob), recipe, title="Product shot", text="Nothing but {{this}}")
    assert b'name="var.product"' in as_bob.get(use(recipe) + "?version=1").content
    answer = as_bob.post(use(recipe) + "?version=1", {"var.product": "a", "var.surface": "b"})
    assert answer.headers["Location"] == f"{BESIDE}{recipe.pk}.1/"
    assert as_bob.get(use(recipe) + "?version=9").status_code == 404


@pytest.mark.parametrize("evil", ["{{7*7}}", "{{product}}", "</textarea><script>", "a\0b", "x" * 3000, "‮"])
def test_a29_what_fills_a_gap_is_text(as_bob, recipe, evil):
    as_bob.post(use(recipe), {"var.product": evil, "var.surface": "slate"})
    page = as_bob.get(f"{GALLERY}?recipe={recipe.pk}.1")
    prompt = page.context["composer"].sheet.prompt
    assert prompt == f"{evil.replace(chr(0), '')[:2000]} on slate"
    assert b"<script>" not in page.content.partition(b"<textarea")[2].partition(b"</textarea>")[0]


def test_what_was_typed_into_an_older_version_stays_known(as_bob, team, bob, recipe):
    as_bob.post(use(recipe), {"var.product": "A watch", "var.surface": "slate"})
    changes.save(member(team, bob), recipe, title="Product shot", text="{{product}} in the rain")
    assert b'value="A watch"' in as_bob.get(use(recipe)).content
    as_bob.post(use(recipe), {"var.product": "A boat"})
    assert RecipeAnswers.objects.get().values == {"product": "A boat", "surface": "slate"}


def typing(client, **more) -> None:
    draft = {"model": MODEL, "was": MODEL, "prompt": "Half a sentence", "client_token": "mine"}
    client.post("/t/northlight/draft/", draft | more)


def test_where_something_is_typed_a_template_opens_beside_it(as_bob, bob, recipe):
    typing(as_bob)
    sent = {"var.product": "A watch", "var.surface": "slate"}
    away = as_bob.post(use(recipe), sent).headers["Location"]
    page = as_bob.get(away).content.decode()
    assert "Half a sentence" in page and "A watch on slate" in page and 'name="prompt" value="theirs"' in page
    assert Draft.objects.get(user=bob).content["prompt"] == "Half a sentence"


@pytest.mark.parametrize(
    ("choice", "words", "seconds"),
    [
        ({"prompt": "theirs", "option.seconds": "mine"}, "A harbour", "4"),
        ({"prompt": "mine", "option.seconds": "theirs"}, "Half a sentence", "12"),
        ({"take": "theirs"}, "A harbour", "12"),
    ],
)
def test_each_field_is_chosen_and_what_was_left_out_waits(as_bob, team, bob, choice, words, seconds):
    made = a_recipe(team, bob, text="A harbour", model=MODEL, options={"seconds": 12})
    typing(as_bob, **{"option.seconds": "4"})
    answer = as_bob.post(f"{BESIDE}{made.pk}.1/", choice)
    assert answer.status_code == 302 and answer.headers["Location"] == GALLERY
    sheet = as_bob.get(GALLERY).context["composer"].sheet
    assert (sheet.prompt, str(sheet.options["seconds"])) == (words, seconds)
    assert sheet.recipe == (made.versions.get() if words == "A harbour" else None)
    kept = {one.content["prompt"] for one in Draft.objects.filter(user=bob)}
    assert "Half a sentence" in kept


@pytest.mark.parametrize("named", ["x", "1.99", "shipped.nothing", "shipped."])
def test_nobodys_template_opens_beside_nothing(as_bob, named):
    typing(as_bob)
    assert as_bob.get(f"{BESIDE}{named}/").status_code == 404
