"""The front that docs/nginx.conf describes, for real: what a browser is told is what the studio said."""

import http.client
import re
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cast import MAKING, PASSWORD
from tests.front import nginx
from tests.ports import free_port
from tests.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("front")]
NAME = "studio.example"
SETTING = f"""
from videos.models import Membership, Team, User
team = Team.objects.create(name="Unit", slug="unit")
for name, role in (("alice", "owner"), ("bob", "viewer")):
    user = User.objects.create_user(name + "@example.com", {PASSWORD!r}, name=name.title())
    Membership.objects.create(team=team, user=user, role=role)
"""
FOUND = """
from videos.models import Job
print(Job.objects.get().public_id)
"""
# Each hop says these for itself, or they differ from answer to answer.
OWN = {"date", "expires", "server", "connection", "transfer-encoding", "keep-alive", "x-request-id"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    def told(self) -> tuple:
        """What must be the same on every way. Secrets in a page differ and are as long as each other."""
        exact = "text/html" not in self.headers.get("content-type", "")
        return (
            self.status,
            {name: in_order(name, value) for name, value in self.headers.items() if name not in OWN},
            [re.sub(r"^([^=]*)=[^;]*|(expires)=[^;]*", r"\1\2", cookie) for cookie in self.cookies],
            self.body if exact else len(self.body),
        )


def in_order(name: str, value: str) -> str:
    """Each process writes the rules of a policy in an order of its own."""
    return "; ".join(sorted(value.split("; "))) if name == "content-security-policy" else value


def read(
    line: http.client.HTTPConnection, method: str, path: str, headers: dict, body: bytes | None
) -> Answer:
    """Headers that come twice would be two answers to one question: the test fails."""
    line.request(method, path, body, headers)
    reply = line.getresponse()
    names = [name.lower() for name, _value in reply.getheaders() if name.lower() != "set-cookie"]
    assert len(names) == len(set(names)), (path, sorted(names))
    found = {name.lower(): value for name, value in reply.getheaders() if name.lower() != "set-cookie"}
    answer = Answer(reply.status, found, reply.headers.get_all("Set-Cookie") or [], reply.read())
    line.close()
    return answer


@dataclass
class Front:
    stack: Stack
    plain: int
    tls: int
    clip: str = ""
    cookie: str = ""

    @property
    def host(self) -> str:
        return f"{NAME}:{self.tls}"

    def bare(self, method: str, path: str, headers: dict, body: bytes | None = None) -> Answer:
        """Asked of the studio itself, as nginx asks it."""
        line = http.client.HTTPConnection("127.0.0.1", int(self.stack.env["STUDIO_PORT"]), timeout=20)
        hop = {"Host": self.host, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        return read(line, method, path, hop | headers, body)

    def through(self, method: str, path: str, headers: dict, body: bytes | None = None) -> Answer:
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, timeout=20, context=ssl._create_unverified_context()
        )
        return read(line, method, path, {"Host": self.host} | headers, body)

    def sign_in(self) -> None:
        """By the form, through nginx: as a browser, with its cookies and its origin."""
        page = self.through("GET", "/accounts/login/", {})
        secret = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[1].decode()
        jar = "; ".join(cookie.partition(";")[0] for cookie in page.cookies)
        form = {"login": "alice@example.com", "password": PASSWORD, "csrfmiddlewaretoken": secret}
        headers = {"Cookie": jar, "Origin": f"https://{self.host}", "Content-Type": FORM}
        inside = self.through("POST", "/accounts/login/", headers, urlencode(form).encode())
        assert inside.status == 302, inside.body[:500]
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in inside.cookies)


@pytest.fixture(scope="module")
def folder():
    """Not one of pytest's: these are closed to www-data, and closed again by each run of pytest."""
    with tempfile.TemporaryDirectory(prefix="studio-front-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def front(folder):
    plain, tls = free_port(), free_port()
    wishes = {
        "STUDIO_ENV": "production", "STUDIO_PROXY_COUNT": "1", "STUDIO_DEMO": "0",
        "STUDIO_PUBLIC_URL": f"https://{NAME}:{tls}",
    }  # fmt: skip
    stack = Stack(folder, wishes)
    for command in (("migrate",), ("catalogues",), ("collectstatic", "--no-input")):
        stack.manage(*command, "--verbosity", "0")
    making = MAKING.format(slug="unit", folder=str(folder), count=1).replace("bob@", "alice@")
    for script in (SETTING, making):
        stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", script)
    found = Front(stack, plain, tls)
    found.clip = stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", FOUND).strip()
    with nginx.running(NAME, plain, tls, int(stack.env["STUDIO_PORT"]), stack.data, folder):
        stack.start("web")
        stack.wait_until_it_answers()
        found.sign_in()
        yield found
        if stack.runs("web"):
            stack.stop("web")


GUARDED = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "x-frame-options": "DENY",
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store, private", "strict-transport-security": "max-age=31536000; includeSubDomains",
}  # fmt: skip
FORM = "application/x-www-form-urlencoded"
STYLES = "/static/css/app.css"
# name: (method, path, headers, body). {film} and {clip} are addresses of the one clip; {etag} is its tag.
ASKED = {
    "a page": ("GET", "/t/unit/", {}, None),
    "a page of nobody": ("GET", "/accounts/login/", {"Cookie": ""}, None),
    "a fragment": ("POST", "/t/unit/changes/", {"HX-Request": "true", "Content-Type": FORM}, b"watch="),
    "a clip": ("GET", "{clip}", {}, None),
    "a film": ("GET", "{film}", {}, None),
    "its head": ("HEAD", "{film}", {}, None),
    "a range": ("GET", "{film}", {"Range": "bytes=3-99"}, None),
    "the rest": ("GET", "{film}", {"Range": "bytes=100-"}, None),
    "the end": ("GET", "{film}", {"Range": "bytes=-5"}, None),
    "several ranges": ("GET", "{film}", {"Range": "bytes=0-1,5-9"}, None),
    "no range": ("GET", "{film}", {"Range": "bytes=9-3"}, None),
    "the head of a range": ("HEAD", "{film}", {"Range": "bytes=3-99"}, None),
    "a range of the same": ("GET", "{film}", {"Range": "bytes=3-99", "If-Range": "{etag}"}, None),
    "a range of another": ("GET", "{film}", {"Range": "bytes=3-99", "If-Range": '"x"'}, None),
    "a range that is not there": ("GET", "{film}", {"Range": "bytes=999999999-"}, None),
    "a film that is known": ("GET", "{film}", {"If-None-Match": "{etag}"}, None),
    "a film that was known": ("GET", "{film}", {"If-None-Match": '"x"'}, None),
    "a film by its age": ("GET", "{film}", {"If-Modified-Since": "Sat, 28 Nov 2037 00:00:00 GMT"}, None),
    "a download": ("GET", "{film}download/", {}, None),
    "nothing": ("GET", "/t/unit/clips/nothing/", {}, None),
    "no team of theirs": ("GET", "/t/elsewhere/", {}, None),
    "a redirect": ("GET", "/", {}, None),
    "a redirect to sign in": ("GET", "/t/unit/", {"Cookie": ""}, None),
    "the wrong method": ("POST", "/t/unit/", {"Content-Type": FORM}, b"a=b"),
    "no secret": ("POST", "/t/unit/generations/", {"Content-Type": FORM}, b"a=b"),
    "too long of a stranger": ("POST", "/accounts/login/", {"Cookie": "", "Content-Type": FORM}, b"a" * 5_500_000),
    "another charset": ("POST", "/accounts/login/", {"Content-Type": f"{FORM}; charset=hex"}, b"a=b"),
    "another host": ("GET", "/", {"Host": "evil.example"}, None),
    "a style sheet": ("GET", STYLES, {}, None),
    "a style sheet, packed": ("GET", STYLES, {"Accept-Encoding": "gzip, br"}, None),
    "no such file": ("GET", "/static/no.css", {}, None),
    "a callback": ("POST", "/hooks/defapi/none/", {"Content-Type": "application/json"}, b"{}"),
    "a callback of another type": ("POST", "/hooks/defapi/none/", {"Content-Type": "text/plain"}, b"x"),
    "a picture for a vendor": ("GET", "/p/none.png", {}, None),
    "a sign of life": ("GET", "/healthz/live", {}, None),
    "readiness": ("GET", "/healthz/ready", {}, None),
}  # fmt: skip


def asked(front: Front, name: str, ask) -> Answer:
    film = f"/t/unit/clips/{front.clip}/files/0/"
    etag = front.bare("HEAD", film, {"Cookie": front.cookie}).headers["etag"]
    store = next(path for path in (front.stack.data / "media").glob("??/*.mp4")).relative_to(
        front.stack.data / "media"
    )
    put = {"{film}": film, "{clip}": f"/t/unit/clips/{front.clip}/", "{etag}": etag, "{store}": str(store)}
    method, path, headers, body = ASKED[name]
    for gap, value in put.items():
        path, headers = (
            path.replace(gap, value),
            {key: text.replace(gap, value) for key, text in headers.items()},
        )
    return ask(method, path, {"Cookie": front.cookie} | headers, body)


@pytest.fixture(scope="module")
def said(front) -> dict[str, Answer]:
    """What the bare studio says."""
    return {name: asked(front, name, front.bare) for name in ASKED}


@pytest.fixture(scope="module")
def by_nginx(front, said) -> dict[str, Answer]:
    """The same, with the films sent by nginx."""
    front.stack.env["STUDIO_MEDIA_ACCEL"] = "nginx"
    front.stack.stop("web")
    nginx.let_in(front.stack.data)
    front.stack.start("web")
    front.stack.wait_until_it_answers()
    found = {name: asked(front, name, front.through) for name in ASKED}
    found["accel"] = asked(front, "a film", front.bare)
    return found


@pytest.mark.parametrize("name", ASKED)
def test_what_the_studio_says_comes_through(front, said, name):
    assert asked(front, name, front.through).told() == said[name].told()


@pytest.mark.parametrize("name", ASKED)
def test_and_so_it_does_where_nginx_sends_the_films(said, by_nginx, name):
    assert by_nginx[name].told() == said[name].told()


def alone(front: Front) -> dict[str, Answer]:
    """What nginx says by itself. The studio is away for the last of these."""
    media = front.stack.data / "media"
    film = next(media.glob("??/*.mp4")).relative_to(media)
    found = {
        "a way around": front.through("GET", f"/_files/{film}", {}),
        "far too long": front.through("POST", "/accounts/login/", {"Content-Type": FORM}, b"a" * 7_000_000),
        "a line without end": front.through("GET", "/" + "x" * 20_000, {}),
    }
    front.stack.stop("web")
    found["nobody there"] = front.through("GET", "/t/unit/", {})
    front.stack.start("web")
    front.stack.wait_until_it_answers()
    return found


def test_what_nginx_answers_alone_is_guarded(front, by_nginx):
    found = alone(front)
    assert {name: answer.status for name, answer in found.items()} == {
        "a way around": 404, "far too long": 413, "a line without end": 414, "nobody there": 502,
    }  # fmt: skip
    for answer in found.values():
        assert GUARDED.items() <= answer.headers.items()


def test_plain_http_leads_to_the_public_address(front):
    line = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=20)
    answer = read(line, "GET", "/t/unit/?a=b", {"Host": "evil.example"}, None)
    assert (answer.status, answer.headers["location"]) == (301, f"https://{front.host}/t/unit/?a=b")


def test_nginx_did_send_them(by_nginx):
    assert by_nginx["accel"].headers["x-accel-redirect"].startswith("/_files/") and not by_nginx["accel"].body
