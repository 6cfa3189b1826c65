"""Whatever is typed into whatever field, by whoever: an answer, and never a breakdown."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.doors import DOORS
from tests.attacks.house import PRESSED, House, undone
from tests.attacks.posted import ALSO_POST

pytestmark = pytest.mark.django_db
FORMS = [name for name, door in DOORS.items() if (door.method == "POST" and door.csrf) or name in ALSO_POST]
OPEN = [name for name, door in DOORS.items() if door.method == "GET" and name != "ready"]
FILMS = ["clip_file", "clip_poster", "clip_download", "upload_file", "picture"]
WHO = ("stranger", "maker", "owner")

NUMBERS = st.sampled_from(
    ["0", "-1", "1", "2147483648", "9223372036854775808", "9" * 5000, "1e999", "NaN", "²", "٣", "0x10", "1.5"]
)
ODD = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\r\n",
        "\ud7ff",
        "\U0010ffff",
        "a" * 3000,
        "../..",
        "%00",
        "<b>",
        "{{x}}",
        "'; --",
        "None",
        "null",
    ]
)
TEXT = st.one_of(NUMBERS, ODD, st.text(st.characters(codec="utf-8"), max_size=40))
# Every field any form here has, and some that none has.
FIELDS = [
    "model", "was", "prompt", "client_token", "shown_price", "key", "project", "parent", "relation", "shot", "do", "watch",
    "option.seconds", "option.seed", "option.resolution", "option.audio", "option.x", "picture.start", "picture.reference",
    "n", "choice", "task_id", "state", "label", "vendor", "kind", "owner", "sure", "role", "remove", "email", "name", "theme",
    "language", "time_zone", "shortcuts", "login", "password", "password1", "oldpassword", "next", "amount", "currency",
    "per_credit", "why", "unit", "person", "csrfmiddlewaretoken", "",
]  # fmt: skip
QUERIES = [
    "watch", "show", "project", "before", "page", "density", "q", "person", "vendor", "since", "until", "from", "as",
    "picture", "prompt", "n", "mark", "model", "was", "next", "days", "by", "rehearsal", "format", "option.seconds",
]  # fmt: skip
FORM = st.dictionaries(st.sampled_from(FIELDS), TEXT, max_size=8)
QUERY = st.dictionaries(st.sampled_from(QUERIES), TEXT, max_size=6)
RANGE = st.one_of(
    st.from_regex(r"bytes=[ 0-9,\-]{0,30}", fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)
LAX = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def strict(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def send(house: House, name: str, who: str, form: dict, htmx: bool) -> int:
    headers = {"HX-Request": "true"} if htmx else {}
    url = DOORS[name].url(name, house.ours)
    whole = (PRESSED | form) if name in ("generate", "draft") else form
    with undone():
        return strict(house.client(who)).post(url, whole, headers=headers).status_code


def ask(house: House, name: str, who: str, query: dict, htmx: bool) -> int:
    headers = {"HX-Request": "true"} if htmx else {}
    with undone():
        return (
            strict(house.client(who))
            .get(DOORS[name].url(name, house.ours), query, headers=headers)
            .status_code
        )


def sweep(house: House, names: list[str], fields: st.SearchStrategy, knock: Callable[..., int]) -> None:
    """A few tries of each, in one house."""

    def survives(name):
        @settings(max_examples=4, **LAX)
        @given(fields=fields, who=st.sampled_from(WHO), htmx=st.booleans())
        def whatever_is_sent(fields, who, htmx):
            assert knock(house, name, who, fields, htmx) < 500

        whatever_is_sent()

    house.each(names, survives)


def test_no_form_breaks(house):
    sweep(house, FORMS, FORM, send)


def test_no_page_breaks(house):
    sweep(house, OPEN, QUERY, ask)


@pytest.mark.parametrize("name", FILMS)
@settings(max_examples=25, **LAX)
@given(
    wanted=RANGE,
    condition=st.sampled_from([{}, {"If-Range": "x"}, {"If-None-Match": "*"}, {"If-Range": '"'}]),
)
def test_no_range_breaks_or_brings_more_than_there_is(house, name, wanted, condition):
    answer = house.client("owner").get(
        DOORS[name].url(name, house.ours), headers={"Range": wanted} | condition
    )
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code in (200, 206, 304, 416)
    if answer.status_code in (200, 206):
        assert len(body) == int(answer.headers["Content-Length"])


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=400, **LAX)
@given(form=FORM, who=st.sampled_from(WHO), htmx=st.booleans())
def test_no_form_breaks_however_often_it_is_tried(house, name, form, who, htmx):
    assert send(house, name, who, form, htmx) < 500


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", OPEN)
@settings(max_examples=400, **LAX)
@given(query=QUERY, who=st.sampled_from(WHO), htmx=st.booleans())
def test_no_page_breaks_however_often_it_is_tried(house, name, query, who, htmx):
    assert ask(house, name, who, query, htmx) < 500
