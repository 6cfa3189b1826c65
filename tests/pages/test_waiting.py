"""Pictures that the chosen model has no place for: they wait, by name, and are never sent."""

import pytest

from tests.builders import a_job, a_key
from tests.pages.pictures import an_upload
from videos.models import Draft, Job, JobPicture

pytestmark = pytest.mark.django_db
FORM, DRAFT, PRESS = (f"/t/northlight/{path}/" for path in ("create", "draft", "generations"))
WORDS, BOTH, START = (
    "acedata/doubao-seedance-1-0-lite-t2v-250428",
    "acedata/doubao-seedance-1-5-pro-251215",
    "seedanceapi-org/seedance-2.0",
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pictures(team, alice):
    a_key(team)
    a_key(team, vendor="acedata")
    return [an_upload(team, alice, n) for n in (1, 2)]


def drawn(client, was: str, model: str, **fields) -> str:
    asked = {"was": was, "model": model, "prompt": "A harbour"} | {
        name.replace("_", "."): value for name, value in fields.items()
    }
    return client.get(FORM, asked, headers=HTMX).content.decode()


def test_what_has_no_place_waits_by_name_and_comes_back(as_alice, pictures):
    one, two = pictures
    html = drawn(as_alice, BOTH, WORDS, picture_start=one.pk, picture_end=two.pk)
    for role, upload in (("start", one), ("end", two)):
        assert f'name="waiting" value="{role}:{upload.pk}"' in html and upload.name in html
    assert 'name="picture.' not in html
    html = drawn(as_alice, WORDS, BOTH, waiting=[f"start:{one.pk}", f"end:{two.pk}"])
    assert f'name="picture.start" value="{one.pk}"' in html
    assert f'name="picture.end" value="{two.pk}"' in html and "waiting" not in html


def test_one_of_two_waits_where_there_is_one_place(as_alice, pictures):
    one, two = pictures
    html = drawn(as_alice, BOTH, START, picture_start=one.pk, picture_end=two.pk)
    assert f'name="picture.start" value="{one.pk}"' in html
    assert f'name="waiting" value="end:{two.pk}"' in html


def test_a_draft_remembers_them_and_a_button_puts_them_away(as_alice, pictures):
    form = {"was": WORDS, "model": WORDS, "prompt": "A harbour", "waiting": f"start:{pictures[0].pk}"}
    as_alice.post(DRAFT, form, headers=HTMX)
    assert Draft.objects.get().content["waiting"] == [["start", pictures[0].pk]]
    assert "Waiting for a model with a place" in as_alice.get("/t/northlight/").content.decode()
    html = as_alice.post(DRAFT, form | {"do": "forget"}, headers=HTMX).content.decode()
    assert pictures[0].name not in html


def test_they_are_no_part_of_the_order(as_alice, pictures):
    form = {"was": WORDS, "model": WORDS, "prompt": "A harbour", "waiting": f"start:{pictures[0].pk}"}
    answer = as_alice.post(PRESS, form | {"token": "once"}, headers=HTMX)
    assert answer.status_code == 200
    assert not Job.objects.get().pictures.exists()


def test_another_teams_picture_waits_for_nobody(as_alice, charlie, pictures):
    theirs = an_upload(charlie.memberships.get().team, charlie, 3)
    html = drawn(as_alice, WORDS, BOTH, waiting=f"start:{theirs.pk}")
    assert theirs.name not in html and f"start:{theirs.pk}" not in html


def test_its_mentions_come_back_with_it(as_alice, pictures):
    one, two = pictures
    form = {"was": BOTH, "model": WORDS, "prompt": "From @image1 to @image2", "picture.end": two.pk}
    as_alice.post(DRAFT, form | {"picture.start": one.pk, "client_token": "t"}, headers=HTMX)
    kept = Draft.objects.get().content
    assert kept["pictures"] == [] and kept["prompt"] == "From @image1 to @image2"
    waits = [f"{role}:{number}" for role, number in kept["waiting"]]
    form = {"was": WORDS, "model": BOTH, "prompt": kept["prompt"], "waiting": waits}
    as_alice.post(DRAFT, form | {"client_token": "t"}, headers=HTMX)
    kept = Draft.objects.get().content
    assert kept["prompt"] == "From @image1 to @image2"
    assert kept["pictures"] == [["start", one.pk], ["end", two.pk]]


def test_a_mention_of_one_that_waits_is_not_sent_and_never_means_another(as_alice, pictures, team, alice):
    one, two = pictures
    form = {"was": BOTH, "model": START, "prompt": "From @image1 to @image2", "picture.end": two.pk}
    form |= {"picture.start": one.pk, "client_token": "t"}
    answer = as_alice.post(PRESS, form, headers=HTMX)
    assert answer.status_code == 422 and not Job.objects.exists()
    as_alice.post(DRAFT, form | {"do": "remove:start:0", "model": BOTH}, headers=HTMX)
    assert Draft.objects.get().content["prompt"] == "From @image0 to @image1"
    other = {"was": START, "model": START, "prompt": "From @image1 to @image2", "picture.start": one.pk}
    other |= {"waiting": f"end:{two.pk}", "client_token": "u", "do": "forget"}
    as_alice.post(DRAFT, other, headers=HTMX)
    assert Draft.objects.get(token="u").content["prompt"] == "From @image1 to @image0"


def test_a_model_without_pictures_is_not_sent_a_mention_as_a_word(as_alice, pictures):
    form = {"was": WORDS, "model": WORDS, "prompt": "From @image1", "waiting": f"start:{pictures[0].pk}"}
    answer = as_alice.post(PRESS, form | {"client_token": "once"}, headers=HTMX)
    assert answer.status_code == 422 and not Job.objects.exists()
    assert "@image1 names a picture that waits for a model with a place for it." in answer.text
    typing = as_alice.get(FORM, form, headers=HTMX).text
    assert "that waits for a model" not in typing
    race = as_alice.get("/t/northlight/race/").text
    assert race.count("@image1 names a picture that waits") == 1, "for the one model that takes none"
    form |= {"prompt": "From the harbour", "client_token": "twice"}
    assert as_alice.post(PRESS, form, headers=HTMX).status_code == 200


@pytest.fixture
def reuse(team, alice, pictures):
    """Where a clip that began with the first picture is used again, beside what is typed."""
    job = a_job(team, alice, "A lighthouse", model=BOTH)
    JobPicture.objects.create(job=job, upload=pictures[0], role="start", link_hash="one")
    return f"/t/northlight/reuse/{job.public_id}/"


def test_a_merge_never_gives_a_mention_another_picture(as_alice, reuse, pictures):
    """It was written for one that does not come along: it is said, and blocks the press."""
    form = {"was": BOTH, "model": BOTH, "prompt": "Like @image1", "picture.start": pictures[1].pk}
    as_alice.post(DRAFT, form, headers=HTMX)
    html = as_alice.post(reuse, {"prompt": "mine", "pictures": "theirs"}, follow=True).text
    assert f'name="picture.start" value="{pictures[0].pk}"' in html
    assert ">Like @image0</textarea>" in html and "<b>@image0</b> names no picture here." in html


def test_in_a_merge_what_waits_goes_along_with_its_mention(as_alice, reuse, pictures):
    form = {"was": WORDS, "model": WORDS, "prompt": "Like @image1", "waiting": f"start:{pictures[1].pk}"}
    as_alice.post(DRAFT, form | {"client_token": "one"}, headers=HTMX)
    html = as_alice.post(reuse, {"pictures": "mine"}, follow=True).text
    assert f'name="picture.start" value="{pictures[1].pk}"' in html and ">Like @image1</textarea>" in html
    as_alice.post(DRAFT, form | {"client_token": "two"}, headers=HTMX)
    as_alice.post(reuse, {"pictures": "theirs"})
    assert Draft.objects.get(token="two").content["waiting"] == [["start", pictures[1].pk]], "left, not lost"
