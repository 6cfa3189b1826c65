"""Tables that programs write: encodings that a person chooses, workbooks, and rows that are too wide."""

import pytest

from tests.builders import a_key
from tests.pages.pictures import a_table
from tests.pages.test_batch import BATCH, check, form, go, hidden
from videos.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False, label="Studio account")


def readings(answer) -> dict[str, str]:
    """The first line of each reading that the page offers, by the encoding of its button."""
    assert answer.status_code == 422 and "seen" in answer.context and answer.context["seen"] is None
    unread = answer.context["typed"].unread
    return {encoding: lines[0] for encoding, _language, lines in unread.readings}


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("gb18030", "一只猫在打哈欠,8"),
        ("cp1252", "Grüße vom Meer,8"),
        ("utf-16-le", "一只猫,8"),
        ("cp1251", "Кошка,8"),
    ],
)
def test_an_old_table_is_read_as_a_person_says_before_any_price(as_bob, team, key, encoding, line):
    asked = check(as_bob, "", table=a_table(f"prompt,seconds\r\n{line}\r\n".encode(encoding)))
    page = asked.content.decode()
    assert readings(asked)[encoding] == line and "credits" not in page and 'value="check"' not in page
    brought = {name: hidden(asked, name) for name in ("unread", "unread_name")}
    # Nothing but a choice goes on: neither a check nor a press.
    for do in ("check", "go"):
        again = as_bob.post(BATCH, form("", do=do, encoding=encoding) | brought)
        assert again.status_code == 422 and again.context["typed"].unread
    read = as_bob.post(BATCH, form("", do="read", encoding=encoding) | brought)
    assert read.status_code == 200 and line in read.content.decode() and "All 1 rows" not in page
    assert read.context["seen"].lines[0].prompt == line.partition(",")[0]


def test_a_table_that_nobody_can_read_is_left_out_and_the_field_stays(as_bob, team, key):
    asked = check(as_bob, "A lighthouse", table=a_table("prompt\nGrüße".encode("cp1252")))
    sent = {"unread": hidden(asked, "unread"), "unread_name": "table.csv"}
    left = as_bob.post(BATCH, form("A lighthouse", do="forget") | sent)
    assert left.status_code == 200 and left.context["typed"].unread is None
    assert [line.prompt for line in left.context["seen"].lines] == ["A lighthouse"]
    for odd in ({"encoding": "rot13"}, {"encoding": ""}, {"encoding": "utf-16-le"}):
        again = as_bob.post(BATCH, form("A lighthouse", do="read") | sent | odd)
        assert again.status_code == 422 and again.context["typed"].unread
    assert as_bob.post(BATCH, form("A lighthouse", unread="no base64!")).status_code == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml", "table.csv is a workbook (Excel)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "an older Excel"),
        (b"\xef\xbb\xbfprompt\n\xe4", "cannot be read as text"),
    ],
)
def test_a_workbook_is_no_table(as_bob, team, key, data, said):
    answer = check(as_bob, "what stood here", table=a_table(data))
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and said in page and "what stood here" in page and not Job.objects.exists()
    )


def test_cells_beyond_the_columns_stop_their_row_and_one_press_takes_them_into_the_prompt(as_bob, team, key):
    text = "seconds,prompt\n8,A red fox, running fast, in snow\n4,A cat"
    answer = check(as_bob, text)
    rows = {line.number: line for line in answer.context["seen"].lines}
    assert answer.status_code == 422 and "no column is for (2)" in rows[2].reasons[0] and not rows[3].reasons
    assert rows[2].offer == "A red fox, running fast, in snow"
    assert b'value="go"' not in answer.content
    joined = as_bob.post(BATCH, form(text, do="join"))
    assert joined.status_code == 200 and joined.context["typed"].text.splitlines() == [
        "seconds,prompt",
        '8,"A red fox, running fast, in snow"',
        "4,A cat",
    ]
    assert go(as_bob, joined.context["typed"].text).status_code == 303
    assert Job.objects.order_by("pk").first().prompt.text == "A red fox, running fast, in snow"


def test_what_cannot_be_part_of_the_prompt_is_not_offered(as_bob, team, key):
    answer = check(as_bob, "prompt,seconds\nA fox,8,720p")
    assert answer.status_code == 422 and answer.context["seen"].offers == 0
    assert as_bob.post(BATCH, form("prompt,seconds\nA fox,8,720p", do="join")).status_code == 422
