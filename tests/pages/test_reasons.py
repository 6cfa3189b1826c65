"""Behaviour 10: every reason stands beside the button, which stays within reach, and the control
it is about points at it. And how long a prompt is, as the vendors count."""

import re

import pytest

from tests.builders import a_key
from tests.pages.pictures import an_upload
from videos.models import Job
from videos.vendors import registry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FORM, PRESS = "/t/northlight/create/", "/t/northlight/generations/"
ORG, ACE, S2A = (
    "seedanceapi-org/seedance-2.0",
    "acedata/doubao-seedance-1-5-pro-251215",
    "seedance2ai/seedance",
)
GPT = "seedance2ai/gpt-image-2"


@pytest.fixture
def keys(team):
    return {vendor: a_key(team, vendor=vendor, secret=f"rehearsal-{vendor}") for vendor in registry.VENDORS}


def form(model: str, **wishes: str) -> dict[str, str]:
    options = {f"option.{name}": value for name, value in wishes.items()}
    return {"model": model, "was": model, "prompt": "A lighthouse at dusk", "client_token": "one"} | options


def reasons(html: str) -> dict[str, str]:
    listed = re.search(r'<ul id="reasons".*?</ul>', html, re.DOTALL)[0]
    return dict(re.findall(r'<li id="(why-[^"]+)">(.*?)</li>', listed))


@pytest.mark.parametrize(
    ("model", "name", "wish", "said"),
    [
        (ORG, "seconds", "7", "Possible: 4 s, 8 s, 12 s."),
        (ORG, "aspect_ratio", "3:1", "Shape cannot be 3:1"),
        (ACE, "seconds", "40", "2 s to 12 s"),
        (ACE, "seed", "never", "Seed must be a number."),
        (GPT, "aspect_ratio", "9:1", "Shape cannot be 9:1"),
        (S2A, "tier", "cheap", "Quality cannot be cheap"),
    ],
)
def test_a_wish_that_cannot_be_is_bound_to_its_control(as_alice, keys, model, name, wish, said):
    html = as_alice.get(FORM, form(model, **{name: wish}), headers=HTMX).content.decode()
    assert said in reasons(html)[f"why-{name}-1"]
    controls = [
        found
        for found in re.findall(r"<(?:input|select|fieldset)[^>]*>", html)
        if f'aria-describedby="why-{name}-1"' in found
    ]
    assert len(controls) == 1 and 'aria-invalid="true"' in controls[0]
    button = re.search(r'<button id="go"[^>]*>', html)[0]
    assert 'aria-describedby="reasons"' in button and 'aria-disabled="true"' in button
    assert not re.search(r"\sdisabled", button)


def test_a_missing_picture_is_bound_to_its_place(as_alice, keys):
    html = as_alice.get(
        FORM, form("acedata/doubao-seedance-1-0-lite-i2v-250428"), headers=HTMX
    ).content.decode()
    assert "needs a picture as Start" in reasons(html)["why-pictures-1"]
    assert re.search(
        r'<input type="file" aria-invalid="true" aria-describedby="why-pictures-1" id="file-start"', html
    )


def test_a_missing_key_is_bound_to_the_way_to_one(as_alice, team):
    html = as_alice.get(FORM, form(ORG), headers=HTMX).content.decode()
    assert "There is no key" in reasons(html)["why-key-1"]
    assert re.search(r'<a class="composer__paid" aria-describedby="why-key-1"', html)


def test_all_reasons_at_once_and_every_id_once(as_alice, team, alice, keys):
    upload = an_upload(team, alice)
    wrong = form(ORG, seconds="7", resolution="4K", seed="1") | {"picture.end": str(upload.pk), "prompt": ""}
    html = as_alice.post(PRESS, wrong, headers=HTMX).content.decode()
    assert {"why-seconds-1", "why-resolution-1", "why-seed-1", "why-prompt-1"} <= set(reasons(html))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    prompt = re.search(r"<textarea[^>]*>", html)[0]
    assert 'aria-invalid="true"' in prompt and 'aria-describedby="prompt-errors"' in prompt


ASTRAL = "\N{CLAPPER BOARD}"  # one character to a person and to us, two units to a script


@pytest.mark.parametrize(
    ("prompt", "fits"),
    [
        ("x" * 2000, True),
        ("x" * 2001, False),
        (ASTRAL * 2000, True),
        (ASTRAL * 2001, False),
        ("a\r\n" * 1000, True),  # as a browser sends it; the ruler counts one for a line end
        ("a\r\n" * 1000 + "b", False),
        ("猫" * 2000, True),
    ],
    ids=[
        "most",
        "one more",
        "astral",
        "astral and one more",
        "line ends",
        "line ends and one more",
        "chinese",
    ],
)
def test_a_prompt_is_as_long_as_it_has_characters(as_alice, keys, prompt, fits):
    answer = as_alice.post(PRESS, form(ORG, seconds="4") | {"prompt": prompt}, headers=HTMX)
    assert answer.status_code == (200 if fits else 422)
    assert Job.objects.exists() is fits
    if not fits:
        assert "The prompt has 2001 characters; this model takes at most 2000." in answer.content.decode()


@pytest.mark.parametrize(("model", "most"), [(ORG, "2000"), (S2A, "10000"), (GPT, "20000")])
def test_the_ruler_follows_the_model(as_alice, keys, model, most):
    html = as_alice.get(FORM, form(ORG) | {"model": model}, headers=HTMX).content.decode()
    assert re.search(
        rf'<output class="ruler needs-script" for="prompt"\s+data-maximum="{most}" hidden>', html
    )
