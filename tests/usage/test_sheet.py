"""What is handed to a vendor's support, and what never is."""

from datetime import UTC, datetime, timedelta, timezone
from html import unescape

import pytest

from tests.builders import SECRET
from tests.usage.spent import A, M, S, spent
from videos.jobs.transitions import By, record
from videos.usage.support_report import support_report, without_key

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 23, 5, 7, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def troubled(team, bob):
    job = spent(
        team, bob, A.CHARGED, money=M.POSSIBLY, state=S.FAILED, estimate="28", charge="27.5",
        text="A secret campaign", kind="moderation", code="E1402", vendor_task_id="task-81", upstream_id="cgt-9",
        said=f"Refused for key {SECRET}: see https://vendor.example/errors/E1402", sent_at=AT, accepted_at=AT,
        ended_at=AT,
    )  # fmt: skip
    for verb, trace in (("job.no_answer", "trace-8"), ("job.verdict", "trace-9"), ("job.made", "trace-9")):
        record(job, verb, By(worker="w"), data={"trace": trace})
    return job


def test_it_has_what_support_asks_for(troubled):
    lines = dict(line.split(": ", 1) for line in support_report(troubled).splitlines())
    assert lines["Vendor"] == "seedanceapi.org" and lines["Model"] == "seedance-2.0"
    assert (lines["Task id"], lines["Task id of the maker behind it"]) == ("task-81", "cgt-9")
    assert lines["Trace id"] == "trace-8, trace-9"
    assert lines["Sent (UTC)"] == "2026-11-20 15:05:07"
    assert (lines["Charge"], lines["Price shown before"]) == ("27.5 credits", "28 credits")
    assert (lines["Error code"], lines["Stands"]) == ("E1402", "failed moderation")
    assert lines["Money"] == "unknown, possibly charged"
    assert lines["Answer"] == "Refused for key ***: see https://vendor.example/errors/E1402"


def test_neither_the_key_nor_the_prompt_is_in_it(troubled):
    sheet = support_report(troubled)
    assert SECRET not in sheet and "secret campaign" not in sheet


def test_what_is_not_known_has_no_line(team, bob):
    sheet = support_report(spent(team, bob, money=M.NONE, state=S.QUEUED, estimate=None))
    assert "Task id" not in sheet and "Charge" not in sheet and "None" not in sheet


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("token 0f4c9b7a1e2d1a2b is wrong", "token *** is wrong"),
        ("Bearer abcdefghijkl", "Bearer ***"),
        ("dk-0123456789", "dk-***"),
        ("the code 1a2b alone", "the code 1a2b alone"),
        ("a word that ends in 1a2bc", "a word that ends in 1a2bc"),
    ],
)
def test_keys_are_taken_out(said, left):
    assert without_key(said, "1a2b") == left


@pytest.mark.parametrize("state", S)
def test_every_clip_has_its_sheet_on_its_page(as_bob, team, bob, state):
    """Plain text in a field, so that it can be copied without a script too."""
    job = spent(
        team, bob, money=M.NONE, state=state, said="</textarea><script>", created_at=AT.astimezone(UTC)
    )
    page = as_bob.get(f"/t/northlight/clips/{job.public_id}/").content.decode()
    field = page.partition('id="support-sheet"')[2].partition(">")[2].partition("</textarea>")[0]
    assert unescape(field) == support_report(job)
    assert "readonly" in page and 'data-copy="support-sheet"' in page and "js/copy.js" in page
