"""More in one sending than the studio reads: the limit is said, and what was typed stays."""

import re

import pytest

from tests.builders import a_key
from tests.pages.pictures import COLOURS, a_file, a_table, an_upload, png
from videos.create.many.form import FILE_MOST
from videos.models import Draft, Job, Upload

pytestmark = pytest.mark.django_db
DRAFT, PRESS, BATCH = "/t/northlight/draft/", "/t/northlight/generations/", "/t/northlight/batch/"
MODEL = "acedata/doubao-seedance-2-0-260128"
HTMX = {"HX-Request": "true"}
LONG = "x" * 5_000_000


def form(**more) -> dict:
    return {"model": MODEL, "was": MODEL, "prompt": "A harbour", "client_token": "t"} | more


def pictures(n: int) -> list:
    """Large enough together that they are not read into memory."""
    return [a_file(1, f"{i}.png", png(i % len(COLOURS)) + bytes(300_000)) for i in range(n)]


@pytest.fixture
def few(settings):
    """Four at once, where a real studio takes twenty: each is opened by a process of its own."""
    settings.FILES_AT_ONCE = 4


@pytest.fixture(autouse=True)
def key(team):
    return a_key(team, vendor="acedata")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_more_files_than_are_taken_come_back_with_the_form(as_alice, headers):
    answer = as_alice.post(PRESS, form(**{"file.reference": pictures(6)}), headers=headers)
    assert answer.status_code == 422
    assert "One sending brings at most 4 files" in answer.text
    assert ">A harbour</textarea>" in answer.text
    assert not Job.objects.exists() and Upload.objects.count() == len(COLOURS)
    assert Draft.objects.get().content["prompt"] == "A harbour"


@pytest.mark.usefixtures("few")
def test_without_javascript_the_draft_keeps_the_words_and_the_next_page_says_why(as_alice):
    answer = as_alice.post(DRAFT, form(**{"file.reference": pictures(6)}), follow=True)
    assert "One sending brings at most 4 files" in answer.text and ">A harbour</textarea>" in answer.text


@pytest.mark.usefixtures("few")
def test_as_many_files_as_are_taken_are_all_taken(as_alice):
    answer = as_alice.post(DRAFT, form(**{"file.reference": pictures(4)}), follow=True)
    assert "at most 4 files" not in answer.text and Upload.objects.count() == len(COLOURS)


@pytest.mark.usefixtures("few")
def test_many_at_once_keeps_its_rows(as_alice):
    sent = form(rows="Slowly nearer", do="check", pictures=pictures(6))
    answer = as_alice.post(BATCH, sent)
    assert "One sending brings at most 4 files" in answer.text and "Slowly nearer</textarea>" in answer.text


@pytest.mark.parametrize("path", [DRAFT, PRESS, BATCH])
def test_words_past_the_limit_leave_the_form_and_say_the_limit(as_alice, path):
    answer = as_alice.post(path, form(prompt=LONG), headers=HTMX)
    assert answer.status_code == 422  # which the page draws: as a message, and the form stays
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "may have 3.8\xa0MB" in answer.text and "still stands in the form" in answer.text
    assert "<form" not in answer.text and not Draft.objects.exists()


def test_without_javascript_a_page_says_the_limit(as_alice):
    answer = as_alice.post(PRESS, form(prompt=LONG))
    assert answer.status_code == 413
    assert "may have 3.8\xa0MB" in answer.text and "Nothing was sent" in answer.text


def test_it_is_said_in_the_readers_language(as_alice):
    answer = as_alice.post(PRESS, form(prompt=LONG), headers={"Accept-Language": "de"})
    assert "Das war zu viel auf einmal" in answer.text


@pytest.mark.parametrize("path", ["/t/northlight/", BATCH])
def test_a_field_takes_no_more_than_a_sending_may_hold(as_alice, settings, path):
    page = as_alice.get(path).text
    most = int(page.partition('maxlength="')[2].partition('"')[0])
    longest = "\N{GRINNING FACE}" * (most // 2) + "界" * (most % 2)  # a browser counts the first as two
    field = "rows" if path == BATCH else "prompt"
    assert as_alice.post(DRAFT, form(**{field: longest})).status_code == 302
    assert most > 20_000  # more than any model takes


def test_the_largest_table_that_is_read_can_be_corrected_in_the_field(as_alice):
    """A browser sends nothing that was changed in a field while it is longer than ``maxlength``."""
    page = as_alice.post(BATCH, form(table=a_table(b"x" * FILE_MOST), do="check")).text
    most, text = re.search(r'<textarea id="rows"[^>]* maxlength="(\d+)"[^>]*>([^<]*)<', page).groups()
    assert len(text) == FILE_MOST <= int(most)
    again = as_alice.post(BATCH, form(rows=text, do="check"))
    assert again.status_code == 422 and f">{text}</textarea>" in again.text


@pytest.mark.parametrize(
    ("path", "field", "files"), [(PRESS, "prompt", "file.reference"), (BATCH, "rows", "pictures")]
)
def test_a_whole_camera_roll_chosen_by_mistake_leaves_the_words(as_alice, path, field, files):
    answer = as_alice.post(path, form(**{field: "A harbour", files: [a_file(1)] * 1500}))
    assert "One sending brings at most 20 files" in answer.text and ">A harbour</textarea>" in answer.text


def test_a_batch_may_have_many_pictures(as_alice, team, alice):
    """A start and an end for each of a hundred rows, and some to choose from."""
    number = an_upload(team, alice).pk
    sent = form(rows="prompt,start\nSlowly nearer,299.png", do="check")
    answer = as_alice.post(BATCH, sent | {"given": [f"{number}:{n}.png" for n in range(300)]})
    assert (
        "Slowly nearer,299.png</textarea>" in answer.text
        and f'value="{number}:299.png" checked' in answer.text
    )


def test_another_broken_request_stays_a_bare_400(as_alice):
    broken = as_alice.post(PRESS, b"--x\r\n", content_type="multipart/form-data")
    assert broken.status_code == 400
