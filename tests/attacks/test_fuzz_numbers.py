"""Numbers that are none, or longer than anything counts, where a number is read."""

import pytest

from tests.attacks.house import PRESSED

pytestmark = pytest.mark.django_db
LONG = "9" * 5000  # Python itself refuses to read more than 4300 digits
NUMBERS = [LONG, "9" * 19, "9" * 40, "²", "٣", "-1", "1e999", "\x00", "0x10"]
READ = [
    ("gallery", "page"), ("gallery", "project"), ("gallery", "before"), ("gallery", "from"), ("gallery", "picture"),
    ("gallery", "watch"), ("prompts", "before"), ("prompts", "person"), ("prompts", "project"), ("prompts", "since"),
    ("usage", "days"), ("usage", "since"), ("usage", "until"),
]  # fmt: skip
ADDRESS = {"gallery": "", "prompts": "prompts/", "usage": "usage/"}


@pytest.mark.parametrize(("page", "field"), READ)
def test_no_number_in_an_address_breaks_a_page(house, page, field):
    owner = house.client("owner")
    for number in NUMBERS:
        for asked in (number, f"{number}.{number}"):
            query = {field: asked, "as": "continue", "from": house.ours.clip.public_id.hex} | {field: asked}
            assert owner.get(f"/t/northlight/{ADDRESS[page]}", query).status_code < 500, asked[:20]


# The ends of the calendar, and of what a form takes.
DAYS = [
    "0001-01-01", "1999-12-31", "2000-01-01", "2100-01-01", "2100-01-02", "9999-12-30", "9999-12-31", "10000-01-01",
    "0000-00-00", "2026-02-29", "24.04.2026",
]  # fmt: skip
DATED = [("prompts", "since"), ("prompts", "until"), ("usage", "since"), ("usage", "until")]
# Midnights that no clock showed, or that it showed twice; and the first and last zones of a day.
MIDNIGHTS = [
    ("Africa/Cairo", "2026-04-24"), ("America/Santiago", "2025-09-07"), ("America/Havana", "2026-11-01"),
    ("Pacific/Kiritimati", "2100-01-01"), ("Etc/GMT+12", "2000-01-01"),
]  # fmt: skip
# Microseconds and an id, as lists write them: the ends of 17 and of 18 digits, and beyond.
CURSORS = ["0.0", f"{'9' * 17}.{'9' * 18}", f"{'9' * 18}.1", f"1.{'9' * 19}", "-1.1", "1.", ".1"]
PAGED = ["prompts/", "templates/", "pictures/", "pictures/clips/", "trash/"]


@pytest.mark.parametrize(("page", "field"), DATED)
def test_no_day_in_an_address_breaks_a_page(house, page, field):
    client = house.client("owner")
    for day in DAYS:
        assert client.get(f"/t/northlight/{ADDRESS[page]}", {field: day}).status_code < 500, day


@pytest.mark.parametrize(("zone", "day"), MIDNIGHTS)
def test_no_midnight_breaks_a_page(house, zone, day):
    owner = house.people["owner"]
    owner.time_zone = zone
    owner.save()
    client = house.client("owner")
    for page in ("prompts", "usage"):
        asked = {"since": day, "until": day}
        assert client.get(f"/t/northlight/{ADDRESS[page]}", asked).status_code == 200


def test_a_day_that_is_refused_says_so_and_the_others_filter(house):
    client = house.client("owner")
    assert b"2100" in client.get("/t/northlight/prompts/", {"until": "9999-12-31"}).content
    assert client.get("/t/northlight/prompts/", {"until": "2100-01-01"}).context["chips"]


def test_no_place_in_a_list_breaks_a_page(house):
    client = house.client("owner")
    for path in PAGED:
        for cursor in CURSORS:
            answer = client.get(f"/t/northlight/{path}", {"before": cursor})
            assert answer.status_code == 200, (path, cursor)


@pytest.mark.parametrize(
    "field",
    [
        "key",
        "project",
        "picture.start",
        "option.seconds",
        "option.seed",
        "client_token",
        "shown_price",
        "parent",
    ],
)
def test_no_number_in_a_form_breaks_a_press(house, field):
    owner = house.client("owner")
    for number in NUMBERS:
        for where in ("generations", "draft"):
            assert owner.post(f"/t/northlight/{where}/", PRESSED | {field: number}).status_code < 500, number[
                :20
            ]
    assert owner.get("/t/northlight/").status_code == 200  # nobody is locked out by their own draft


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_in_a_path_breaks_a_page(house, number):
    owner, clip = house.client("owner"), house.ours.clip.public_id
    for path in (f"clips/{clip}/files/{number}/", f"uploads/{number}/", f"clips/{clip}/posters/{number}/"):
        assert owner.get(f"/t/northlight/{path}").status_code == 404
    for path in (f"members/{number}/", f"keys/{number}/test/", f"invites/{number}/revocation/"):
        assert owner.post(f"/t/northlight/{path}", {"n": number}).status_code == 404
    assert owner.post(f"/t/northlight/clips/{clip}/continuation/", {"n": number}).status_code == 404
