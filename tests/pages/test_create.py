"""The composer through the front door: what a model can do is what the form offers, and
one press makes one job."""

import re

import pytest
from django.test import Client

from tests.builders import a_job, a_key, a_project
from tests.pages import door
from tests.people import signed_in
from videos.models import Draft, Event, Job
from videos.vendors import registry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FORM, PRESS, GALLERY = "/t/northlight/create/", "/t/northlight/generations/", "/t/northlight/"
MODEL = "seedanceapi-org/seedance-2.0"
ACEDATA = "acedata/doubao-seedance-1-5-pro-251215"


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False, label="Studio account")


def form(**more) -> dict:
    """The form of one model as a browser sends it."""
    return {
        "model": MODEL,
        "was": MODEL,
        "prompt": "A lighthouse at dusk",
        "client_token": "token-of-one-rendering",
        "option.seconds": "8",
        "option.aspect_ratio": "16:9",
        "option.resolution": "720p",
    } | more


def redraw(client: Client, **fields) -> str:
    return client.get(FORM, fields, headers=HTMX).content.decode()


def price(html: str) -> str:
    return re.search(r'class="go__price">([^<]*)<', html)[1].strip()


def offered(html: str) -> set[str]:
    return set(re.findall(r'name="option\.(\w+)"', html))


@pytest.mark.parametrize(("name", "post"), [("create_form", False), ("generate", True)])
def test_the_door(team, charlie, name, post):
    door.check(name, ["northlight"], stranger=charlie, post=post)


@pytest.mark.parametrize("model", registry.MODELS)
def test_a_model_offers_what_it_can_do_and_nothing_else(as_alice, model):
    """Behaviour 2 of the form: only supported parameters, with their legal values."""
    html = redraw(as_alice, model=model, was=model)
    entry = registry.model(model)
    assert offered(html) == {option.name for option in entry.options}
    for option in entry.options:
        for value in option.legal:
            if not isinstance(value, bool):
                assert f'value="{value}"' in html
    taken = any(mode.slots for mode in entry.modes)
    assert ('type="file"' in html) is taken, "picture slots where the model has them"


def test_the_button_says_what_the_vendor_would_charge(as_alice, key):
    """Behaviours 8 and 9: from the vendor's own table, and again on each change."""
    assert price(redraw(as_alice, **form())) == "28 credits, about $0.14"
    with_sound = form(**{"option.audio": "true", "option.seconds": "12"})
    assert price(redraw(as_alice, **with_sound)) == "84 credits, about $0.42"


def test_a_vendor_without_a_price_list_gets_no_invented_price(as_alice, team):
    a_key(team, vendor="acedata", rehearsal=False)
    assert price(redraw(as_alice, model=ACEDATA, was=ACEDATA)) == "cost unknown until done"


def test_a_rehearsal_says_so_on_the_button(as_alice, team):
    a_key(team)
    html = redraw(as_alice, **form())
    assert "data-rehearsal" in html and price(html) == "rehearsal of 28 credits, about $0.14"


def test_real_and_rehearsal_side_by_side_are_a_choice_in_plain_view(as_alice, team, key):
    stand_in = a_key(team, secret="sk-rehearse-00000000aaaa")
    html = redraw(as_alice, **form())
    assert f'<option value="{key.pk}" selected>' in html and "Rehearsal · " in html
    assert "data-rehearsal" in redraw(as_alice, **form(key=str(stand_in.pk)))


def test_another_model_keeps_what_is_legal_and_names_what_changed(as_alice, key):
    """Behaviour 3: 12 s become 10 s, 720p is nothing this one can be asked for."""
    html = redraw(as_alice, **form(model="defapi/seedance-2.0", **{"option.seconds": "12"}))
    assert re.search(r'name="option.seconds" value="10" checked', html)
    assert re.search(r'name="option.aspect_ratio" value="16:9" checked', html)
    assert "Length: 12 s became 10 s." in html and "no setting for Resolution (it was 720p)" in html


def test_one_press_makes_one_job_and_clears_the_form(as_alice, team, key):
    answer = as_alice.post(PRESS, form(**{"option.audio": "true"}), headers=HTMX)
    job = Job.objects.get()
    assert (job.state, job.prompt.text, job.key) == ("queued", "A lighthouse at dusk", key)
    assert job.options == {
        "seconds": 8, "aspect_ratio": "16:9", "resolution": "720p", "audio": True, "camera_fixed": False,
    }  # fmt: skip
    html = answer.content.decode()
    assert (
        f'id="job-{job.public_id.hex}" data-state="queued"' in html
        and 'hx-swap-oob="afterbegin:#cards"' in html
    )
    assert re.search(r"<textarea[^>]*></textarea>", html), "the words are gone from the form"
    assert re.search(r'name="option.audio" value="true" checked', html), "the wishes stay"
    assert 'value="token-of-one-rendering"' not in html
    assert f"{job.public_id.hex}.0p0" in html and "every 3s" in html
    assert not Draft.objects.exists()


def test_the_price_on_the_button_is_the_price_on_the_job(as_alice, key):
    as_alice.post(PRESS, form())
    job = Job.objects.get()
    assert (job.estimate, float(job.estimate_usd), job.unit) == (28, 0.14, "credits")


def test_a_double_click_is_one_job(as_alice, key):
    """Behaviour 12: one rendering of the form, one job."""
    for _ in range(2):
        assert as_alice.post(PRESS, form(), headers=HTMX).status_code == 200
    assert Job.objects.count() == 1


def test_nothing_is_bought_at_a_price_nobody_saw(as_alice, key):
    """The length was changed and the button pressed before the new price was drawn."""
    drawn = re.search(r'name="shown_price" value="([^"]*)"', redraw(as_alice, **form()))[1]
    hasty = form(shown_price=drawn, **{"option.seconds": "12"})
    answer = as_alice.post(PRESS, hasty, headers=HTMX)
    assert answer.status_code == 422 and "it is 42 credits, about $0.21" in answer.content.decode()
    assert not Job.objects.exists()
    assert as_alice.post(PRESS, form(shown_price=drawn), headers=HTMX).status_code == 200


def test_without_javascript_a_press_leads_back_to_the_wall(as_alice, key):
    answer = as_alice.post(PRESS, form())
    assert answer.status_code == 303 and answer.headers["Location"] == GALLERY
    assert "A lighthouse at dusk" in as_alice.get(GALLERY).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"option.seconds": "7"}, "4 s, 8 s, 12 s"),
        ({"option.resolution": "1080p"}, "480p, 720p"),
        ({"option.tier": "pro"}, "Quality cannot be chosen"),
        ({"option.seconds": "long"}, "Length must be a number"),
        ({"prompt": "  "}, "Write what should happen."),
        ({"prompt": "x" * 2001}, "at most 2000"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_cannot_be_is_refused_with_the_legal_values(as_alice, key, wrong, words, htmx):
    answer = as_alice.post(PRESS, form(**wrong), headers=HTMX if htmx else {})
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html and not Job.objects.exists()
    assert ("<html" in html) is not htmx
    kept = wrong.get("prompt", "A lighthouse at dusk")
    assert kept.strip()[:1990] in html, "nothing typed is lost"


def test_without_a_key_the_button_stays_and_the_reason_stands_beside_it(as_alice, team):
    """Behaviour 10: focusable, marked, explained, with the way out."""
    html = redraw(as_alice, **form())
    button = re.search(r'<button id="go"[^>]*>', html)[0]
    assert 'aria-disabled="true"' in button and 'aria-describedby="reasons"' in button
    assert not re.search(r"\sdisabled", button)
    assert "There is no key for seedanceapi.org" in html and 'href="/t/northlight/keys/"' in html
    assert as_alice.post(PRESS, form(), headers=HTMX).status_code == 422


def test_settings_typed_into_the_words_come_into_plain_view_first(as_alice, team):
    """Nobody pays for a length that stood nowhere: the first press only shows it."""
    a_key(team, vendor="acedata")
    asked = {"model": ACEDATA, "was": ACEDATA, "option.seconds": "5", "client_token": "t"}
    answer = as_alice.post(PRESS, asked | {"prompt": "Harbour --dur 10 --rs 1080p"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422 and not Job.objects.exists()
    assert (
        ">Harbour</textarea>" in html and "Length is 10 s now" in html and "Resolution is 1080p now" in html
    )
    assert re.search(r'name="option.seconds"[^>]*value="10"', html)
    assert re.search(r'name="option.resolution" value="1080p" checked', html)


def test_the_form_remembers_the_last_press(as_alice, team, key):
    project = a_project(team)
    as_alice.post(PRESS, form(project=str(project.pk), **{"option.seconds": "4"}))
    html = as_alice.get(GALLERY).content.decode()
    assert re.search(r'name="option.seconds" value="4" checked', html)
    assert f'<option value="{project.pk}" selected>' in html and Job.objects.get().project == project


def test_reuse_fills_the_form_with_every_wish(as_alice, team, alice, key):
    """Behaviour 30."""
    options = {
        "seconds": 4,
        "aspect_ratio": "21:9",
        "resolution": "480p",
        "audio": True,
        "camera_fixed": True,
    }
    job = a_job(team, alice, "Ultra-wide caravan", options=options)
    html = as_alice.get(GALLERY, {"from": job.public_id.hex}).content.decode()
    assert ">Ultra-wide caravan</textarea>" in html and f'name="parent" value="{job.public_id.hex}"' in html
    for name, value in (
        ("seconds", "4"),
        ("aspect_ratio", "21:9"),
        ("resolution", "480p"),
        ("audio", "true"),
    ):
        assert re.search(rf'name="option.{name}" value="{value}" checked', html), name
    as_alice.post(PRESS, form(parent=job.public_id.hex, relation="remix"))
    assert Job.objects.exclude(pk=job.pk).get().parent == job


def test_another_teams_work_cannot_be_reused(as_charlie, team, alice):
    job = a_job(team, alice, "A secret lighthouse")
    answer = as_charlie.get("/t/elsewhere/", {"from": job.public_id.hex})
    assert answer.status_code == 404


def test_a_reviewer_may_not_press(team, bob, key):
    team.memberships.filter(user=bob).update(role="reviewer")
    assert signed_in(bob).post(PRESS, form()).status_code == 403
    assert not Job.objects.exists()


def test_a_refused_press_is_noted(as_alice, team, key):
    as_alice.post(PRESS, form(prompt=""), headers=HTMX)
    assert Event.objects.filter(team=team, verb="press.refused").exists()
