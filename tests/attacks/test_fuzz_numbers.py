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
