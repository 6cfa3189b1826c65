"""What somebody was typing survives a reload, a crash and signing in again."""

import re

import pytest

from tests.builders import a_key
from tests.pages import door
from tests.pages.pictures import an_upload
from tests.people import signed_in
from videos.models import Draft, Job

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DRAFT, PRESS, GALLERY = "/t/northlight/draft/", "/t/northlight/generations/", "/t/northlight/"
MODEL = "seedance2ai/seedance"
REFERENCES = "defapi/seedance-2.0"


@pytest.fixture(autouse=True)
def key(team):
    return a_key(team, vendor="seedance2ai")


def typed(**more) -> dict:
    return {
        "model": MODEL,
        "was": MODEL,
        "prompt": "A harbour\nat dusk",
        "client_token": "t1",
        "option.seconds": "9",
    } | more


def slots(html: str) -> list[tuple[str, str]]:
    return re.findall(r'name="picture\.(\w+)" value="(\d+)"', html)


def test_the_door(team, charlie):
    door.check("draft", ["northlight"], stranger=charlie, post=True)


def test_words_wishes_and_pictures_come_back(as_alice, alice, team):
    """Behaviour 11."""
    first, last = an_upload(team, alice, 1), an_upload(team, alice, 2)
    answer = as_alice.post(DRAFT, typed(**{"picture.start": first.pk, "picture.end": last.pk}), headers=HTMX)
    assert answer.status_code == 204
    html = signed_in(alice).get(GALLERY).content.decode()
    assert ">A harbour\nat dusk</textarea>" in html
    assert re.search(r'name="option.seconds"[^>]*value="9"', html)
    assert slots(html) == [("start", str(first.pk)), ("end", str(last.pk))]


def test_a_draft_is_personal(as_alice, as_bob):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    assert "A harbour" not in as_bob.get(GALLERY).content.decode()


def test_after_the_press_it_is_empty_and_a_late_save_does_not_bring_it_back(as_alice):
    as_alice.post(DRAFT, typed(), headers=HTMX)
    as_alice.post(PRESS, typed(), headers=HTMX)
    assert Job.objects.count() == 1 and not Draft.objects.exists()
    as_alice.post(DRAFT, typed(), headers=HTMX)
    assert not Draft.objects.exists()


def test_a_refused_press_keeps_what_was_typed(as_alice):
    as_alice.post(PRESS, typed(**{"option.seconds": "99"}))
    assert ">A harbour\nat dusk</textarea>" in as_alice.get(GALLERY).content.decode()


def test_a_picture_that_is_gone_by_now_is_left_out(as_alice, alice, team):
    gone = an_upload(team, alice, 1)
    as_alice.post(DRAFT, typed(**{"picture.start": gone.pk}), headers=HTMX)
    gone.delete()
    html = as_alice.get(GALLERY).content.decode()
    assert slots(html) == [] and "A harbour" in html


def test_another_teams_picture_is_no_picture(as_charlie, team, alice):
    secret = an_upload(team, alice, 1)
    as_charlie.post("/t/elsewhere/draft/", typed(**{"picture.start": secret.pk}), headers=HTMX)
    assert slots(as_charlie.get("/t/elsewhere/").content.decode()) == []


@pytest.mark.parametrize(
    ("do", "after"),
    [
        ("left:reference:1", [2, 1, 3]),
        ("right:reference:1", [1, 3, 2]),
        ("remove:reference:0", [2, 3]),
        ("left:reference:0", [1, 2, 3]),
        ("remove:reference:9", [1, 2, 3]),
        ("nonsense", [1, 2, 3]),
    ],
)
def test_references_move_by_buttons(as_alice, alice, team, do, after):
    pictures = {n: an_upload(team, alice, n) for n in (1, 2, 3)}
    sent = typed(**{"picture.reference": [pictures[n].pk for n in (1, 2, 3)], "do": do, "shot": "reference"})
    html = as_alice.post(DRAFT, sent, headers=HTMX).content.decode()
    assert slots(html) == [("reference", str(pictures[n].pk)) for n in after]
    assert "<textarea" not in html, "the words under the hands stay as they are"
    assert ">A harbour\nat dusk</textarea>" in as_alice.get(GALLERY).content.decode()


def test_start_and_end_change_places(as_alice, alice, team):
    first, last = an_upload(team, alice, 1), an_upload(team, alice, 2)
    sent = typed(**{"picture.start": first.pk, "picture.end": last.pk, "do": "swap"})
    html = as_alice.post(DRAFT, sent, headers=HTMX).content.decode()
    assert slots(html) == [("start", str(last.pk)), ("end", str(first.pk))]


@pytest.mark.parametrize(
    ("do", "after"),
    [
        ("remove:reference:1", "@image1 meets @image2"),
        ("remove:reference:0", "@image0 meets @image2"),
        ("right:reference:0", "@image2 meets @image3"),
    ],
)
def test_mentions_follow_their_pictures(as_alice, alice, team, do, after):
    """Behaviour 5, without JavaScript: text, chips and order say the same."""
    pictures = [an_upload(team, alice, n).pk for n in (1, 2, 3)]
    sent = {
        "model": REFERENCES,
        "was": REFERENCES,
        "prompt": "@image1 meets @image3",
        "picture.reference": pictures,
    }
    as_alice.post(DRAFT, sent | {"do": do})
    html = as_alice.get(GALLERY).content.decode()
    assert f">{after}</textarea>" in html
    named = {f"@image{n}" for n in range(1, 4)} & set(after.split())
    assert set(re.findall(r'data-mention="(@image\d)" data-there', html)) == named
    assert ("<b>@image0</b>" in html) is ("@image0" in after)


def test_the_same_picture_twice_is_still_the_same_picture(as_alice, alice, team):
    """A mention of the one that goes means the one that stays."""
    cat, dog = an_upload(team, alice, 1).pk, an_upload(team, alice, 2).pk
    sent = {
        "model": REFERENCES,
        "was": REFERENCES,
        "prompt": "@image2 and @image3",
        "picture.reference": [cat, cat, dog],
    }
    as_alice.post(DRAFT, sent | {"do": "remove:reference:0"}, headers=HTMX)
    assert Draft.objects.get().content["prompt"] == "@image1 and @image2"


def test_a_mention_never_comes_to_mean_another_picture(as_alice, alice, team):
    """The first of two pictures is gone from the studio when the draft is opened again."""
    gone, dog = an_upload(team, alice, 1), an_upload(team, alice, 2)
    sent = {
        "model": REFERENCES,
        "was": REFERENCES,
        "prompt": "@image1 and @image2",
        "picture.reference": [gone.pk, dog.pk],
    }
    as_alice.post(DRAFT, sent, headers=HTMX)
    gone.delete()
    assert ">@image0 and @image1</textarea>" in as_alice.get(GALLERY).content.decode()


def test_without_javascript_the_buttons_save_and_come_back(as_alice, alice, team):
    first = an_upload(team, alice, 1)
    answer = as_alice.post(DRAFT, typed(**{"picture.start": first.pk, "do": "remove:start:0"}))
    assert answer.status_code == 302 and answer.url == GALLERY
    html = as_alice.get(GALLERY).content.decode()
    assert slots(html) == [] and "A harbour" in html


def test_references_become_start_and_end_and_what_has_no_place_is_named(as_alice, alice, team):
    names = [an_upload(team, alice, n) for n in (1, 2, 3)]
    fields = typed(**{"picture.reference": [one.pk for one in names], "shot": "start-end"})
    html = as_alice.get("/t/northlight/create/", fields, headers=HTMX).content.decode()
    assert slots(html) == [("start", str(names[0].pk)), ("end", str(names[1].pk))]
    assert f"There is no place for the picture {names[2].name} here" in html


@pytest.mark.parametrize(
    "odd",
    [
        {"picture.start": "9" * 40},
        {"picture.start": "-1"},
        {"key": "9" * 40, "project": "x"},
        {"parent": "nonsense", "relation": "remix"},
        {"prompt": "zero\0character"},
        {"shot": "nonsense"},
        {"model": "nobody/nothing", "was": "nobody/nothing"},
    ],
)
def test_a_draft_of_nonsense_never_locks_anybody_out(as_alice, odd):
    assert as_alice.post(DRAFT, typed(**odd), headers=HTMX).status_code == 204
    assert as_alice.get(GALLERY).status_code == 200
