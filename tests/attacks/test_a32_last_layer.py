"""A32: what a stranger may break on the way in. Whatever it is, the reply is guarded and no error of ours."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import include, path

from studio.wsgi import StudioRequest
from tests.attacks.replies import guarded

pytestmark = pytest.mark.django_db
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def part(*headers: str, body: str = "x") -> bytes:
    return "\r\n".join(
        ["--x", 'Content-Disposition: form-data; name="prompt"', *headers, "", body, "--x--", ""]
    ).encode()


@pytest.fixture(autouse=True)
def as_gunicorn_makes_it(monkeypatch):
    monkeypatch.setattr("django.test.client.WSGIRequest", StudioRequest)


BODIES = {
    **{f"a form in {name}": (f"{FORM}; charset={name}", b"a=b") for name in ("utf-16", "hex", "idna", "rot13", "klingon", "\0")},
    **{f"parts in {name}": (f"{PARTS}; boundary=x; charset={name}", part()) for name in ("utf-16", "hex", "idna")},
    "no boundary": (PARTS, part()),
    "a boundary that is none": (f"{PARTS}; boundary=\xff", part()),
    "a boundary without end": (f"{PARTS}; boundary={'y' * 3000}", part()),
    "parts that end too early": (f"{PARTS}; boundary=x", b"--x\r\n"),
    "a part in base64 that is none": (f"{PARTS}; boundary=x", part("Content-Transfer-Encoding: base64", body="!")),
    "a part in hex": (f"{PARTS}; boundary=x", part("Content-Type: text/plain; charset=hex")),
    "too many fields": (FORM, "&".join(f"a{n}=1" for n in range(1500)).encode()),
    "null bytes": (FORM, b"prompt=%00&model=%00&email=%00&name=%00&login=%00&password=%00&theme=%00"),
    "bytes that are no letters": (FORM, b"prompt=%ff%fe&name=%ed%a0%80&login=%ff"),
    "json": ("application/json", b"{"),
}  # fmt: skip
HEADERS = {
    "a host that is another's": {"HTTP_HOST": "evil.example"},
    "a host that is none": {"HTTP_HOST": "a b"},
    "half a host": {"HTTP_HOST": "[::1"},
    "no language": {"HTTP_ACCEPT_LANGUAGE": "../../x;q=x," * 400},
    "broken cookies": {"HTTP_COOKIE": "studio-language=../x; studio-zone=%00; studio-theme=<; messages=xx; =; ;;"},
    "cookies that are no letters": {"HTTP_COOKIE": "\xff=\xff; sessionid=\xff; studio-csrf-8000=\xff"},
    "no address of a proxy": {"HTTP_X_FORWARDED_FOR": "x,"},
    "htmx on no page": {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1"},
    "htmx on no port": {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://x:99999999/"},
    "no origin": {"HTTP_ORIGIN": "http://[::1", "HTTP_REFERER": "http://[::1"},
}  # fmt: skip
PLACES = ["/accounts/login/", "/t/northlight/generations/", "/%00"]
SLOWER = [
    "/accounts/password/reset/key/1-%00/", "/t/northlight/", "/t/northlight/batch/", "/t/%ff/", "/me/", "/nope/",
    "/t/northlight/prompts/?q=%00&before=%00", "/t/northlight/?project=%00&before=%00", "/t/northlight/changes/",
    "/t/northlight/draft/", "/t/northlight/usage/", "/t/northlight/pictures/", "/hooks/defapi/x/", "/p/x.png",
    "/reach/%00/", "/invites/%00/", "/healthz/live",
]  # fmt: skip


def tried(house, places: list[str]) -> list[tuple]:
    """What was answered with an error of ours, or unguarded."""
    found = []
    for who in ("anonymous", "owner"):
        for strict in (True, False):
            client = house.client(who, enforce_csrf_checks=strict)
            client.raise_request_exception = False
            for place in places:
                answers = {
                    what: client.generic("POST", place, body, content_type=kind)
                    for what, (kind, body) in BODIES.items()
                } | {what: client.get(place, **headers) for what, headers in HEADERS.items()}
                for what, answer in answers.items():
                    if answer.status_code >= 500:
                        found.append((who, place, what, answer.status_code))
                    guarded(answer)
    return found


def test_a32_no_stranger_breaks_a_page_on_the_way_in(house):
    assert tried(house, PLACES) == []


@pytest.mark.long
def test_a32_nor_any_of_the_others(house):
    assert tried(house, SLOWER) == []


def breaks(request, *_more):
    raise RuntimeError("zq9: a secret that no page may show")


urlpatterns = [path("", include("studio.urls")), path("broken/", breaks)]
handler404 = handler500 = f"{__name__}.breaks"


def test_a32_an_error_page_that_breaks_in_turn_is_guarded_and_says_what_it_can(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    for place in ("/broken/", "/no/such/page/"):
        answer = client.get(place)
        assert answer.status_code == 500 and "Something broke on our side" in answer.text
        assert "zq9" not in answer.text and answer.headers["X-Request-Id"]
        guarded(answer)


@pytest.mark.parametrize("place", ["/t/northlight/", "/no/such/page/", "/accounts/login/"])
def test_a32_so_is_the_page_of_a_database_that_is_away(house, monkeypatch, place):
    """Every question fails, that of who asks too, whichever page or error page puts it."""
    client = house.client("owner")
    client.raise_request_exception = False
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    answer = client.get(place)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    guarded(answer)


def away(*_arguments):
    raise OperationalError("server closed the connection")
