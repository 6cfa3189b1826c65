"""From the form to the list of models and back: nothing typed is lost, and every value that
became another one is named."""

import re

import pytest

from tests.builders import a_key
from tests.pages.finding import (
    ACE,
    CHOOSE,
    DRAFT,
    FIND,
    GALLERY,
    HTMX,
    ORG,
    S2A,
    every_key,
    find,
    row,
    tables,
)
from tests.pages.pictures import an_upload
from videos.models import Draft, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(team):
    return every_key(team)


def test_opening_it_keeps_what_is_typed_with_and_without_javascript(as_alice, keys):
    form = {
        "model": ORG, "was": ORG, "prompt": "Half a thought", "do": "find", "option.seconds": "12",
        "option.aspect_ratio": "16:9", "option.resolution": "720p", "option.audio": "true",
    }  # fmt: skip
    html = as_alice.post(DRAFT, form, headers=HTMX).content.decode()
    assert html.lstrip().startswith('<details id="finder"') and tables(html)["These can"] == [ORG, ACE, S2A]
    assert Draft.objects.get().content["prompt"] == "Half a thought"
    away = as_alice.post(DRAFT, form)
    assert away.status_code == 302 and away.url.startswith(FIND)
    assert "seconds=12" in away.url and "audio=yes" in away.url
    assert tables(as_alice.get(away.url).content.decode())["These can"] == [ORG, ACE, S2A]


def test_taking_one_keeps_words_and_pictures_and_names_what_changed(as_alice, team, alice, keys):
    """Behaviour 3."""
    upload = an_upload(team, alice)
    form = {
        "model": ORG, "was": ORG, "prompt": "A lighthouse at dusk", "picture.start": str(upload.pk), "choose": ACE,
        "option.seconds": "8", "option.aspect_ratio": "1:1", "option.resolution": "480p", "option.camera_fixed": "true",
    }  # fmt: skip
    url = f"{CHOOSE}?seconds=12&audio=yes&aspect_ratio=16:9&resolution=720p&pictures=start-end"
    html = as_alice.post(url, form, headers=HTMX).content.decode()
    assert f'name="picture.start" value="{upload.pk}"' in html and "<textarea" not in html, (
        "words stay where they are"
    )
    assert f'<option value="{ACE}" selected>' in html and 'data-role="end"' in html
    for note in (
        "Length: 8 s became 12 s.",
        "Shape: 1:1 became 16:9.",
        "Resolution: 480p became 720p.",
        "Sound: off became on.",
    ):
        assert note in html
    assert "Camera" not in "".join(re.findall(r"<li>(.*?)</li>", html)), "what stayed is not news"
    assert re.search(r'name="option.camera_fixed" value="true" checked', html)
    assert '<details id="finder" hx-swap-oob="true" hidden>' in html, "the list is closed"
    content = Draft.objects.get().content
    assert content["prompt"] == "A lighthouse at dusk"
    assert (content["model"], content["options"]["seconds"], content["shot"]) == (ACE, 12, "start-end")
    assert not Job.objects.exists()


def test_taking_one_without_javascript_leads_back_to_the_form(as_alice, team, alice, keys):
    Draft.objects.create(team=team, user=alice, token="one", content={"model": ORG, "prompt": "A lighthouse"})
    answer = as_alice.post(f"{CHOOSE}?seconds=10&resolution=720p", {"choose": S2A})
    assert answer.status_code == 302 and answer.url == GALLERY
    html = as_alice.get(GALLERY).content.decode()
    assert ">A lighthouse</textarea>" in html and "Length: 8 s became 10 s." in html
    assert f'<option value="{S2A}" selected>' in html


def test_one_that_cannot_is_taken_as_near_as_it_comes(as_alice, team, alice, keys):
    Draft.objects.create(
        team=team, user=alice, token="one", content={"model": ORG, "options": {"seconds": 12}}
    )
    as_alice.post(f"{CHOOSE}?seconds=12&aspect_ratio=9:21", {"choose": "defapi/seedance-2.0"})
    options = Draft.objects.get().content["options"]
    assert options == {"seconds": 10, "aspect_ratio": "9:16"}


@pytest.mark.parametrize(
    ("url", "model"), [(CHOOSE, "nobody/nothing"), (CHOOSE, ""), (f"{CHOOSE}?seconds=x", ORG)]
)
def test_nothing_is_taken_that_no_list_offered(as_alice, keys, url, model):
    assert as_alice.post(url, {"choose": model}).status_code == 404
    assert not Draft.objects.exists()


def test_the_price_in_the_list_is_the_price_on_the_button(as_alice, team):
    a_key(team, rehearsal=False)
    html = find(as_alice, seconds="4", audio="yes", resolution="480p")
    assert "14 credits, about $0.07" in row(html, ORG)
    as_alice.post(f"{CHOOSE}?seconds=4&audio=yes&resolution=480p", {"choose": ORG})
    button = re.search(r'class="go__price">([^<]*)<', as_alice.get(GALLERY).content.decode())[1].strip()
    assert button == "14 credits, about $0.07"
