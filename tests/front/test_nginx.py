"""The front that docs/nginx.conf describes, for real: what a browser is told is what the studio said."""

import http.client
import ssl
import tempfile
import time
from pathlib import Path

import pytest

from tests.cast import MAKING, PASSWORD
from tests.front import nginx
from tests.front.asking import FORM, NAME, Answer, Front, read
from tests.ports import free_port
from tests.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("front")]
SETTING = f"""
from videos.models import Membership, Team, User
team = Team.objects.create(name="Unit", slug="unit")
for name, role in (("alice", "owner"), ("bob", "viewer")):
    user = User.objects.create_user(name + "@example.com", {PASSWORD!r}, name=name.title())
    Membership.objects.create(team=team, user=user, role=role)
"""
FOUND = """
from videos.models import Job
print(*Job.objects.order_by("pk").values_list("public_id", flat=True))
"""
# More than both ends of a line hold, and nginx between them.
LONG = 40_000_000
ANOTHER = f"""
from django.conf import settings
from tests.builders import a_job, an_output
from videos.media.store import Store
from videos.models import Team, User
name = Store(settings.MEDIA).put(bytes({LONG}), ".mp4")
job = a_job(Team.objects.get(slug="unit"), User.objects.get(email="alice@example.com"), "Long")
an_output(job, file=name, poster="", bytes={LONG})
"""
MANY = 40  # more than two processes of sixteen threads


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
    for script in (SETTING, making, ANOTHER):
        stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", script)
    found = Front(stack, plain, tls)
    told = stack.manage("shell", "--no-imports", "--verbosity", "0", "--command", FOUND)
    found.clip, found.long = told.split()
    with nginx.running(NAME, plain, tls, int(stack.env["STUDIO_PORT"]), stack.data, folder):
        stack.start("web")
        stack.wait_until_it_answers()
        found.sign_in()
        found.settle()
        yield found
        if stack.runs("web"):
            stack.stop("web")


GUARDED = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "x-frame-options": "DENY",
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store, private", "strict-transport-security": "max-age=31536000; includeSubDomains",
}  # fmt: skip
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


def test_forty_who_open_a_film_and_do_not_read_hold_nobody_up(front):
    """Players that pause: nginx takes no more than they do, and the studio has no thread for each."""
    path, opened = f"/t/unit/clips/{front.long}/files/0/", []
    for _one in range(MANY):
        line = http.client.HTTPSConnection(
            "127.0.0.1", front.tls, timeout=20, context=ssl._create_unverified_context()
        )
        line.request("GET", path, headers={"Host": front.host, "Cookie": front.cookie})
        opened.append(line)
    time.sleep(1)
    for _try in range(4):
        began = time.monotonic()
        assert front.through("GET", "/t/unit/", {"Cookie": front.cookie}).status == 200
        assert front.through("GET", "/healthz/live", {}).status == 200
        assert time.monotonic() - began < 5
    for line in opened:
        line.close()


@pytest.fixture(scope="module")
def by_nginx(front, said) -> dict[str, Answer]:
    """The same, with the films sent by nginx."""
    front.stack.env["STUDIO_MEDIA_ACCEL"] = "nginx"
    front.stack.stop("web")
    nginx.let_in(front.stack.data)
    front.stack.start("web")
    front.stack.wait_until_it_answers()
    front.settle()
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
    film = next(path for path in media.glob("??/*.mp4")).relative_to(media)
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
