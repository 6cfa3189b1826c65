"""Pictures of a batch: many with one prompt, and named in a table."""

import re
import unicodedata

import pytest

from tests.builders import MODEL, a_key
from tests.pages.pictures import a_file, an_upload, cleaned_png
from videos.models import Job, Upload

pytestmark = pytest.mark.django_db
BATCH = "/t/northlight/batch/"


@pytest.fixture(autouse=True)
def key(team):
    return a_key(team, label="Rehearsal")


def form(rows: str, **more) -> dict:
    return {"rows": rows, "model": MODEL, "was": MODEL, "client_token": "one", "do": "check"} | more


def given(answer) -> list[str]:
    return re.findall(r'name="given" value="([^"]*)"', answer.content.decode())


def go(client, answer, sent: dict):
    seen = re.search(r'name="seen" value="([^"]*)"', answer.content.decode())[1]
    return client.post(BATCH, sent | {"do": "go", "seen": seen, "given": given(answer)})


def pictured() -> list:
    return [
        (job.prompt.text, [(one.role, one.upload.name) for one in job.pictures.all()])
        for job in Job.objects.order_by("pk")
    ]


def test_three_pictures_with_one_prompt(as_bob, team):
    sent = form("Slowly nearer")
    answer = as_bob.post(BATCH, sent | {"pictures": [a_file(n, f"{n}.png") for n in (1, 2, 3)]})
    assert answer.status_code == 200 and [one.partition(":")[2] for one in given(answer)] == [
        "1.png",
        "2.png",
        "3.png",
    ]
    assert go(as_bob, answer, sent).status_code == 303
    assert pictured() == [("Slowly nearer", [("start", f"{n}.png")]) for n in (1, 2, 3)]


def test_a_table_names_what_came_along_and_what_the_team_has(as_bob, team, bob):
    an_upload(team, bob, 2)  # picture-2.png
    sent = form("prompt,start\nNew,harbour.png\nOld,picture-2.png\nNone,\n")
    answer = as_bob.post(BATCH, sent | {"pictures": [a_file(1)]})
    assert answer.status_code == 200
    go(as_bob, answer, sent)
    assert pictured() == [
        ("New", [("start", "harbour.png")]),
        ("Old", [("start", "picture-2.png")]),
        ("None", []),
    ]


def test_the_same_picture_under_another_name_is_found_by_it(as_bob, team, bob):
    an_upload(team, bob, 1)
    sent = form("prompt,start\nx,renamed.png\n")
    answer = as_bob.post(BATCH, sent | {"pictures": [a_file(1, "renamed.png")]})
    assert answer.status_code == 200 and Upload.objects.count() == 1
    assert go(as_bob, answer, sent).status_code == 303


ODD_NAMES = [
    "Küche.png",
    "👩‍🚀 start.png",
    "Screenshot 9.41\u202fAM.png",
    "a&amp;b.png",
    "ñ" * 110 + ".png",
    "n" * 130 + ".png",
]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("form_of", ["NFC", "NFD"])
def test_a_picture_is_found_by_its_name_however_that_is_spelled(as_bob, team, name, form_of):
    """In the sending that brings it, and once the team has it."""
    cell, file = unicodedata.normalize(form_of, name), unicodedata.normalize("NFD", name)
    sent = form(f"prompt,start\nx,{cell}\n")
    for more in ({"pictures": [a_file(1, file)]}, {}):
        assert as_bob.post(BATCH, sent | more).status_code == 200, more


def test_the_picture_that_was_just_brought_wins_over_an_older_one_of_its_name(as_bob, team):
    sent = form("prompt,start\nx,same.png\n")
    old = as_bob.post(BATCH, sent | {"pictures": [a_file(1, "same.png")]})
    new = as_bob.post(BATCH, sent | {"given": given(old), "pictures": [a_file(2, "same.png")]})
    back = as_bob.post(BATCH, sent | {"given": given(new), "pictures": [a_file(1, "same.png")]})
    for answer, n in ((old, 1), (new, 2), (back, 1)):
        chosen = answer.context["typed"].brought[-1][1]
        assert chosen.sha256 == cleaned_png(n).sha256
        assert go(as_bob, answer, sent | {"client_token": f"form-{n}-{answer is back}"}).status_code == 303
        assert Job.objects.order_by("pk").last().pictures.get().upload == chosen


def test_a_picture_that_nobody_has_or_two_have(as_bob, team, bob, charlie):
    first, second = an_upload(team, bob, 1), an_upload(team, bob, 2)
    Upload.objects.filter(pk__in=[first.pk, second.pk]).update(name="same.png")
    an_upload(charlie.memberships.get().team, charlie, 3)  # picture-3.png
    answer = as_bob.post(BATCH, form("prompt,start,end\na,same.png,\nb,picture-3.png,\nc,,same.png\n"))
    rows = {line.number: " ".join(line.reasons) for line in answer.context["seen"].lines}
    assert "2 pictures are called same.png" in rows[2]
    assert "There is no picture called picture-3.png" in rows[3]  # A14: another team's is nobody's
    assert answer.status_code == 422 and not Job.objects.exists()


def test_pictures_beside_many_lines_are_not_dropped_in_silence(as_bob, team):
    answer = as_bob.post(BATCH, form("One\nTwo", pictures=[a_file(1)]))
    assert (
        answer.status_code == 422
        and b"Pictures came along and no row names them" in answer.content
        and given(answer)
    )


def test_a_bad_picture_says_so_and_the_others_stay(as_bob, team):
    answer = as_bob.post(BATCH, form("Nearer", pictures=[a_file(1), a_file(2, "no.png", b"no picture")]))
    page = answer.content.decode()
    assert answer.status_code == 422 and "no.png is no picture" in page and len(given(answer)) == 1


@pytest.mark.parametrize("odd", ["x", "", "9" * 30 + ":a", "0:a", ":", "1.5:x"])
def test_an_odd_id_is_nobodys(as_bob, team, odd):
    assert as_bob.post(BATCH, form("x", given=odd)).status_code == 404
