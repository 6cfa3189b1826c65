"""What a batch made, row by row, and the way back to the rows that came to nothing."""

import re
import uuid
from html import unescape

import pytest

from tests.builders import MODEL, a_job, a_key, an_output
from tests.pages import door
from tests.pages.pictures import an_upload
from videos.create.many import table
from videos.models import JobPicture
from videos.models.clock import now
from videos.states import State

pytestmark = pytest.mark.django_db
BATCH = "/t/northlight/batch/"


@pytest.fixture
def batch(team, bob):
    named = uuid.uuid4()
    a_key(team)
    an_output(a_job(team, bob, "The first", batch=named, options={"seconds": 4}))
    a_job(team, bob, "The second, broken", batch=named, state=State.FAILED, options={"seconds": 4})
    a_job(team, bob, "The third, too", batch=named, state=State.LOST, options={"seconds": 12})
    a_job(team, bob, "The fourth", batch=named, state=State.RUNNING)
    return named


def test_the_door(batch, charlie):
    door.check("batch_made", ["northlight", batch], stranger=charlie, post=False)


def test_every_row_in_its_order_and_the_way_back(as_bob, batch):
    page = as_bob.get(f"{BATCH}{batch}/").content.decode()
    assert [page.index(text) for text in ("The first", "The second", "The third", "The fourth")] == sorted(
        page.index(text) for text in ("The first", "The second", "The third", "The fourth")
    )
    assert "4 from one press" in page and "Correct the 2 that failed" in page and f"?from={batch.hex}" in page
    assert 'id="poll"' in page and "every 3s" in page
    # What the poller's answer puts in its place has a place here, too.
    assert 'id="count-making"' in page and 'id="count-failed"' in page and 'id="live"' in page


def test_a_poll_leaves_the_title_of_the_page_alone(as_bob, batch):
    """The tab of a batch was called Gallery after the first change."""
    watch = as_bob.get(f"{BATCH}{batch}/").context["watch"].text
    watch = watch.replace(".0p0", ".9p0")

    def asked(page):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
        return as_bob.post("/t/northlight/changes/", {"watch": watch}, headers=headers).content.decode()

    assert "<title>" not in asked(f"{BATCH}{batch}/") and "The fourth" in asked(f"{BATCH}{batch}/")
    assert "Gallery" in asked("/t/northlight/?show=making").partition("<title>")[2].partition("</title>")[0]


def test_the_rows_that_failed_come_back_as_a_table(as_bob, batch):
    page = as_bob.get(f"{BATCH}?from={batch.hex}")
    assert page.context["typed"].text == 'prompt,seconds\n"The second, broken",\n"The third, too",12\n'
    assert page.context["typed"].sheet.options["seconds"] == 4


def test_rows_that_grow_as_a_table_can_still_be_corrected_in_its_field(as_bob, team, bob):
    """A hundred lines fill the field; as a table each of their quotes is two. A browser sends nothing
    that was changed in a field while it is longer than ``maxlength``, and cuts what is pasted there."""
    named, words = uuid.uuid4(), '"\N{GRINNING FACE}" ' * 2000
    for _row in range(100):
        a_job(team, bob, words.strip(), batch=named, state=State.FAILED)
    page = as_bob.get(f"{BATCH}?from={named.hex}").content.decode()
    most, text = re.search(r'<textarea id="rows"[^>]* maxlength="(\d+)"[^>]*>([^<]*)<', page).groups()
    text = unescape(text)
    assert [row.prompt for row in table.read(text).rows] == [words.strip()] * 100
    assert len(words.strip()) * 100 < 1_000_000 < len(text.encode("utf-16-le")) // 2 <= int(most)
    sent = {"rows": text, "do": "check", "model": MODEL, "was": MODEL, "client_token": "t"}
    again = as_bob.post(BATCH, sent)
    assert again.status_code == 422 and again.context["typed"].text == text


def test_their_pictures_come_back_too(as_bob, team, bob):
    named, upload = uuid.uuid4(), an_upload(team, bob)
    job = a_job(team, bob, "Broken", batch=named, state=State.FAILED, model=MODEL)
    JobPicture.objects.create(job=job, upload=upload, role="start", link_hash="x")
    typed = as_bob.get(f"{BATCH}?from={named}").context["typed"]
    assert typed.brought == ((f"{upload.pk}-picture-1.png", upload),)
    sent = {
        "rows": typed.text,
        "model": MODEL,
        "was": MODEL,
        "given": f"{upload.pk}:{upload.pk}-picture-1.png",
    }
    assert as_bob.post(BATCH, sent).context["seen"].lines[0].pictures == (
        ("picture-1.png", f"/t/northlight/uploads/{upload.pk}/"),
    )


def test_where_nothing_failed_there_is_nothing_to_correct(as_bob, team, bob):
    named = uuid.uuid4()
    a_job(team, bob, "Fine", batch=named)
    assert b"Correct the" not in as_bob.get(f"{BATCH}{named}/").content
    assert as_bob.get(f"{BATCH}?from={named}").context["typed"].text == ""


@pytest.mark.parametrize("named", ["x", "0" * 32, "9" * 99, "116adda4-3124-438b-bacf-0ca6c1d163b9"])
def test_a_batch_that_nobody_made(as_bob, team, named):
    assert as_bob.get(f"{BATCH}?from={named}").status_code == 404


def test_a14_another_teams_batch(as_charlie, batch):
    assert as_charlie.get(f"/t/elsewhere/batch/{batch}/").status_code == 404
    assert as_charlie.get(f"/t/elsewhere/batch/?from={batch}").status_code == 404


def test_what_is_in_the_trash_is_not_shown(as_bob, team, bob, batch):
    a_job(team, bob, "Thrown away", batch=batch, trashed_at=now())
    page = as_bob.get(f"{BATCH}{batch}/").content.decode()
    assert "Thrown away" not in page and "4 from one press" in page


def test_as_many_questions_for_many_as_for_one(as_bob, team, bob, django_assert_max_num_queries):
    named = uuid.uuid4()
    for n in range(20):
        an_output(a_job(team, bob, f"Shot {n}", batch=named))
    with django_assert_max_num_queries(12):
        as_bob.get(f"{BATCH}{named}/")
