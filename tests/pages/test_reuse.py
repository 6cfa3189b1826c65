"""Using something again beside what is being typed, and the drafts that wait."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import a_job, a_key, a_project
from tests.pages import door
from tests.pages.pictures import an_upload
from tests.recipes.given import a_recipe
from videos.models import Draft, Job, JobPicture

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DRAFT, GALLERY, DRAFTS = "/t/northlight/draft/", "/t/northlight/", "/t/northlight/drafts/"
MODEL, OTHER = "seedance2ai/seedance", "defapi/seedance-2.0"
WISHES = {
    "seconds": 12,
    "aspect_ratio": "9:16",
    "resolution": "1080p",
    "audio": False,
    "tier": "pro",
    "seed": 0,
}


@pytest.fixture(autouse=True)
def key(team):
    a_key(team, vendor="defapi", secret="rehearsal-defapi")
    return a_key(team, vendor="seedance2ai", secret="rehearsal-seedance2ai")


@pytest.fixture
def job(team, alice, key):
    """With every kind of wish, two pictures and a project."""
    job = a_job(
        team,
        alice,
        "A lighthouse like @image2",
        model=MODEL,
        options=WISHES,
        key=key,
        project=a_project(team),
    )
    for n in (1, 2):
        JobPicture.objects.create(
            job=job, upload=an_upload(team, alice, n), role="reference", position=n, link_hash=str(n)
        )
    return job


def typed(**more) -> dict:
    return {
        "model": OTHER, "was": OTHER, "prompt": "A harbour", "client_token": "t1", "option.seconds": "5"
    } | more  # fmt: skip


def at(job: Job, **asked: object) -> str:
    return f"/t/northlight/reuse/{job.public_id}/" + (f"?{urlencode(asked)}" if asked else "")


def form(client) -> dict:
    """What stands in the form."""
    html = client.get(GALLERY).content.decode()
    return read(html)


def read(html: str) -> dict:
    chosen = re.search(r'<option value="(\w+[^"]*/[^"]*)" selected', html)[1]
    return {
        "prompt": re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1],
        "model": chosen,
        "pictures": re.findall(r'name="picture\.(\w+)" value="(\d+)"', html),
        "seconds": re.search(r'name="option.seconds"[^>]*value="(\d+)"(?: checked)?', html)[1],
        "parent": (re.findall(r'name="parent" value="(\w+)"', html) or [""])[0],
        "html": html,
    }


def rows(html: str) -> dict[str, str]:
    """Field -> which side stands chosen."""
    return dict(re.findall(r'name="([\w.]+)" value="(\w+)" checked', html))


@pytest.mark.parametrize("name", ["drafts", "reuse", "draft_choose"])
def test_the_doors(team, charlie, alice, job, name):
    draft = Draft.objects.create(team=team, user=alice, token="t", content={"prompt": "Mine"})
    more = {"drafts": [], "reuse": [job.public_id], "draft_choose": [draft.pk]}[name]
    door.check(name, ["northlight", *more], stranger=charlie, post=name == "draft_choose")


def test_where_nothing_is_typed_reuse_fills_the_form_with_everything(as_alice, job):
    """Behaviour 30: every parameter and every picture."""
    answer = as_alice.get(at(job), follow=True)
    html = answer.content.decode()
    found = read(html)
    assert found["prompt"] == "A lighthouse like @image2" and found["model"] == MODEL
    assert found["seconds"] == "12" and found["parent"] == job.public_id.hex
    assert [role for role, _upload in found["pictures"]] == ["reference", "reference"]
    for name, value in (("aspect_ratio", "9:16"), ("resolution", "1080p"), ("tier", "pro")):
        assert re.search(rf'name="option.{name}" value="{value}" checked', html), name
    assert re.search(r'name="option.seed" value="0"', html)
    assert not re.search(r'name="option.audio" value="true" checked', html)
    assert re.search(rf'<option value="{job.project_id}" selected>', html)


def test_its_words_only_leave_every_wish_as_it_is(as_alice, job):
    """Behaviour 30."""
    as_alice.post(DRAFT, typed(prompt=""), headers=HTMX)
    found = read(as_alice.get(at(job, **{"as": "prompt"}), follow=True).content.decode())
    assert found["prompt"] == "A lighthouse like @image2" and found["model"] == OTHER
    assert found["pictures"] == [] and found["seconds"] == "5" and found["parent"] == ""


def test_from_the_prompt_history_too(as_alice, job):
    html = as_alice.get("/t/northlight/prompts/").content.decode()
    assert f'href="{at(job)}"' in html and f'href="{at(job)}?as=prompt"' in html


def test_beside_what_is_being_typed_nothing_is_overwritten(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    answer = as_alice.get(at(job))
    html = answer.content.decode()
    assert answer.status_code == 200 and "A harbour" in html and "A lighthouse like @image2" in html
    assert rows(html) == {
        "prompt": "mine", "pictures": "theirs", "model": "theirs", "option.seconds": "theirs",
        "option.aspect_ratio": "theirs", "project": "theirs",
    }  # fmt: skip
    assert form(as_alice)["prompt"] == "A harbour", "looking changes nothing"


def test_field_by_field(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    choice = {
        "prompt": "mine",
        "pictures": "theirs",
        "model": "mine",
        "option.seconds": "theirs",
        "project": "mine",
    }
    answer = as_alice.post(at(job), choice, follow=True)
    found = read(answer.content.decode())
    assert found["prompt"] == "A harbour" and found["model"] == OTHER
    assert [role for role, _upload in found["pictures"]] == ["reference", "reference"]
    assert re.search(r'name="option.seconds" value="10" checked', found["html"])
    assert "Length: 12 s became 10 s." in found["html"], "what this model cannot take is named"
    assert found["parent"] == job.public_id.hex
    assert Draft.objects.count() == 1, "all that was typed went on"


def test_take_all_leaves_the_older_draft_to_be_taken_back(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    as_alice.post(at(job), {"take": "theirs"})
    found = form(as_alice)
    assert found["prompt"] == "A lighthouse like @image2" and found["model"] == MODEL
    assert "One more draft of yours waits" in found["html"]
    waiting = as_alice.get(DRAFTS).content.decode()
    assert "A harbour" in waiting
    older = Draft.objects.get(token="t1")
    as_alice.post(f"{DRAFTS}{older.pk}/", {"do": "take"})
    assert form(as_alice)["prompt"] == "A harbour"
    assert Draft.objects.count() == 2, "and the other one waits now"


def test_what_only_one_model_takes_goes_on_with_it_and_is_no_choice(as_alice, job):
    """There is nothing on the other side that could be chosen."""
    as_alice.post(DRAFT, typed(), headers=HTMX)
    html = as_alice.get(at(job)).content.decode()
    assert not {"option.tier", "option.seed"} & set(rows(html))
    assert re.search(r'merge__text">Seedance[^<]*Seed: 0', html)
    as_alice.post(at(job), {"model": "theirs"})
    assert re.search(r'name="option.tier"[^>]*value="pro" checked', form(as_alice)["html"])


def test_a_project_is_not_lost_to_something_made_in_none(as_alice, job, team):
    mine = job.project
    Job.objects.filter(pk=job.pk).update(project=None)
    as_alice.post(DRAFT, typed(project=mine.pk), headers=HTMX)
    html = as_alice.get(at(job)).content.decode()
    assert rows(html)["project"] == "mine" and "No project" in html
    as_alice.post(at(job), {})
    assert re.search(rf'<option value="{mine.pk}" selected>', form(as_alice)["html"])


def test_keep_all_of_mine_is_a_way_back(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    html = as_alice.get(at(job)).content.decode()
    assert re.search(rf'<a [^>]*href="{GALLERY}"[^>]*>Keep all of mine</a>', html)


@pytest.mark.parametrize(("choice", "takes"), [({"takes": "mine"}, 4), ({}, 4), ({"take": "theirs"}, 1)])
def test_how_many_are_made_is_a_field_like_any_other(as_alice, job, choice, takes):
    as_alice.post(DRAFT, typed(takes="4"), headers=HTMX)
    assert rows(as_alice.get(at(job)).content.decode())["takes"] == "mine"
    as_alice.post(at(job), choice)
    assert re.search(rf'<option value="{takes}" selected>× {takes}<', form(as_alice)["html"])


def test_only_the_words_differ_where_only_words_are_asked_for(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    assert rows(as_alice.get(at(job, **{"as": "prompt"})).content.decode()) == {"prompt": "mine"}
    as_alice.post(at(job, **{"as": "prompt"}), {"prompt": "theirs"})
    assert form(as_alice)["prompt"] == "A lighthouse like @image2"
    assert Draft.objects.filter(content__prompt="A harbour").exists()


def test_the_next_shot_stands_beside_it_too(as_alice, job, alice, team):
    frame = an_upload(team, alice, 3)
    as_alice.post(DRAFT, typed(), headers=HTMX)
    asked = {"as": "continue", "picture": frame.pk}
    html = as_alice.get(at(job, **asked)).content.decode()
    assert f"/uploads/{frame.pk}/" in html and rows(html)["pictures"] == "theirs"
    as_alice.post(at(job, **asked), {"take": "theirs"})
    assert form(as_alice)["pictures"] == [("start", str(frame.pk))]


def test_a_nonsense_choice_takes_what_stood_chosen(as_alice, job):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    as_alice.post(at(job), {"prompt": "everybody's", "model": "", "take": ""})
    assert form(as_alice)["prompt"] == "A harbour"


def test_what_is_the_same_is_not_asked_about(as_alice, job):
    as_alice.post(at(job), {"take": "theirs"})
    as_alice.get(at(job), follow=True)
    same = read(as_alice.get(at(job), follow=True).content.decode())
    assert same["prompt"] == "A lighthouse like @image2"


def test_reuse_by_its_old_address_never_writes_over_the_draft(as_alice, job):
    """``?from=`` in a bookmark: a form of its own, saved on its own."""
    as_alice.post(DRAFT, typed(), headers=HTMX)
    html = as_alice.get(GALLERY, {"from": job.public_id.hex}).content.decode()
    marks = {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("client_token", "draft")
    }
    as_alice.post(DRAFT, typed(prompt="A lighthouse, changed") | marks, headers=HTMX)
    assert {draft.content["prompt"] for draft in Draft.objects.all()} == {
        "A harbour",
        "A lighthouse, changed",
    }


def test_nor_does_a_template(as_alice, alice, team):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    version = a_recipe(team, alice).versions.get()
    html = as_alice.get(GALLERY, {"recipe": f"{version.recipe_id}.{version.number}"}).content.decode()
    assert re.search(r'name="draft" value="([^"]*)"', html)[1] == ""
    assert "One more draft of yours waits" in html


def test_what_was_changed_after_reuse_is_there_after_a_reload(as_alice, job):
    """The address that filled the form gives way to the draft."""
    current = {"HX-Current-URL": f"http://testserver{GALLERY}?show=mine&from={job.public_id.hex}&as=prompt"}
    answer = as_alice.post(DRAFT, typed(prompt="A lighthouse, changed"), headers=HTMX | current)
    assert answer.status_code == 200 and answer.headers["HX-Replace-Url"] == f"{GALLERY}?show=mine"
    assert not answer.content
    plain = {"HX-Current-URL": f"http://testserver{GALLERY}?show=mine"}
    answer = as_alice.post(DRAFT, typed(prompt="And on"), headers=HTMX | plain)
    assert answer.status_code == 204 and "HX-Replace-Url" not in answer.headers


def test_a_draft_is_thrown_away_only_by_its_own_person(as_alice, as_bob, team):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    draft = Draft.objects.get()
    assert as_bob.post(f"{DRAFTS}{draft.pk}/", {"do": "drop"}).status_code == 404
    assert "A harbour" not in as_bob.get(DRAFTS).content.decode()
    as_alice.post(f"{DRAFTS}{draft.pk}/", {"do": "drop"})
    assert not Draft.objects.exists()
    assert "No draft waits" in as_alice.get(DRAFTS).content.decode()


def test_the_list_asks_no_more_for_twelve_than_for_one(as_alice, team, alice, key, django_assert_num_queries):
    project, pictures = a_project(team), [an_upload(team, alice, n).pk for n in (1, 2)]

    def more(n: int) -> None:
        sent = typed(
            client_token=f"form-{n}", prompt=f"Draft {n}", project=project.pk, key=key.pk, model=MODEL
        )
        as_alice.post(DRAFT, sent | {"picture.reference": pictures}, headers=HTMX)

    more(0)
    as_alice.get(DRAFTS)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(DRAFTS)
    asked = len(one)
    for n in range(1, 12):
        more(n)
    with django_assert_num_queries(asked):
        assert as_alice.get(DRAFTS).content.decode().count("asked__one") == 12
