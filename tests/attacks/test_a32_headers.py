"""A32 and A35: what every reply tells the browser, and what it may keep."""

import pytest
from django.test import Client
from django.urls import include, path, reverse
from django.views.decorators.http import require_GET

from tests.attacks.doors import DOORS
from tests.attacks.replies import MEDIA, STRICT, guarded, policy

pytestmark = pytest.mark.django_db


def test_a32_every_reply_is_guarded_whoever_asks_and_whatever_comes_of_it(house):
    """Those to what a door is for are looked at where everybody knocks, in the walk of A13."""

    def is_guarded(name):
        door, strict = DOORS[name], {"enforce_csrf_checks": True}
        url = door.url(name, house.ours)
        for who in ("anonymous", "stranger", "owner"):
            guarded(house.client(who).options(url))
            if door.method == "POST":
                guarded(house.client(who).get(url))
                guarded(house.client(who, **strict).post(url))

    house.each([name for name in DOORS if name not in MEDIA], is_guarded)


@require_GET
def broken(request):
    raise RuntimeError("zq9: a secret that no page may show")


urlpatterns = [path("", include("studio.urls")), path("broken/", broken)]


def test_a32_so_are_errors(house, settings):
    settings.ROOT_URLCONF = __name__
    for who in ("anonymous", "owner"):
        client = house.client(who)
        client.raise_request_exception = False
        failed = client.get("/broken/")
        assert failed.status_code == 500 and "zq9" not in failed.content.decode()
        guarded(failed)
        guarded(client.get("/no/such/page/"))
        assert policy(client.get("/", headers={"Host": "evil.example"})) == STRICT
        guarded(client.post("/healthz/live"))
    too_much = house.client("owner").post(
        reverse("generate", args=["northlight"]), {"prompt": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    )
    assert too_much.status_code == 400
    guarded(too_much)


def test_a32_so_is_the_way_to_https(settings):
    """It leads to the public address, whatever host and port the request names."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "studio.example"
    for host in ("testserver", "testserver:1234", "evil.example"):
        answer = Client().get("/me/", headers={"Host": host})
        assert (answer.status_code, answer.url) == (301, "https://studio.example/me/")
        assert policy(answer) == STRICT


@pytest.mark.parametrize("name", MEDIA)
def test_a32_films_and_pictures_are_no_pages_and_nobody_elses(house, name):
    door = DOORS[name]
    for more in ({}, {"headers": {"Range": "bytes=0-3"}}, {"headers": {"Range": "bytes=999-"}}):
        answer = house.client("owner").get(door.url(name, house.ours), **more)
        assert answer.status_code in (200, 206, 416)
        assert policy(answer) == {"default-src": "'none'", "sandbox": ""}
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"].partition("/")[0] in ("video", "image", "text")
        assert "html" not in answer.headers["Content-Type"] and "svg" not in answer.headers["Content-Type"]
        minutes = name in ("clip_poster", "upload_poster", "upload_file")
        assert answer.headers["Cache-Control"] == f"private, {'max-age=300' if minutes else 'no-cache'}"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a35_signing_out_leaves_nothing_to_come_back_to(house):
    client = house.client("owner")
    pages = {
        name: door.url(name, house.ours)
        for name, door in DOORS.items()
        if door.method == "GET" and door.expects["anonymous"] == 302 and door.expects["owner"] == 200
    }
    films = {name: pages.pop(name) for name in MEDIA if name in pages}
    assert len(pages) > 8 and len(films) == 5
    etags = {name: client.get(url).headers["ETag"] for name, url in films.items()}
    assert all("no-store" in client.get(url).headers["Cache-Control"] for url in pages.values())
    out = client.post(reverse("account_logout"))
    assert out.headers["Clear-Site-Data"] == '"cache"'  # the films, that browsers keep by their names
    for name, url in (pages | films).items():
        known = {"If-None-Match": etags[name]} if name in etags else {}
        assert client.get(url, headers=known).status_code == 302


def test_a35_a_page_is_never_kept_by_htmx(house):
    page = house.client("owner").get(reverse("gallery", args=["northlight"])).content.decode()
    assert (
        '"historyCacheSize": 0' in page
        and '"allowEval": false' in page
        and '"selfRequestsOnly": true' in page
    )


def test_a35_nothing_is_cleared_while_somebody_stays(house):
    assert "Clear-Site-Data" not in house.client("owner").get(reverse("profile")).headers
    assert "Clear-Site-Data" not in Client().get(reverse("account_login")).headers
