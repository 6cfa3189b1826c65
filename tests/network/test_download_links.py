"""Where a link to a file may lead: nowhere inside, whatever it redirects to."""

import socket

import pytest

from tests.network.doors import Names, certificate
from tests.network.downloads import FILM, SHA, fails, fetch
from tests.network.faults import answers, server
from videos.network import client
from videos.network.download import DownloadError, download


@pytest.fixture
def part(tmp_path):
    return tmp_path / "film.part"


def test_a_redirect_is_followed_three_times_and_not_four(part):
    def behave(heard, connection):
        left = int(heard.target.removeprefix("/hop/"))
        if left:
            return answers(302, location=f"/hop/{left - 1}")(heard, connection)
        return answers(body=FILM)(heard, connection)

    with server(behave) as cdn:
        assert fetch(cdn, part, path="/hop/3").sha256 == SHA
        assert fails(cdn, part, path="/hop/4").reason == "redirects"


def test_a5_a_loop_of_redirects_ends(part):
    with server(answers(307, location="/film.mp4")) as cdn:
        assert fails(cdn, part).reason == "redirects"
    assert len(cdn.heard) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://[::1]/",
        "//127.0.0.1:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "http://vendor.example:8080/film.mp4",
        "https://vendor.example:8443/film.mp4",
        "https://user:pass@vendor.example/film.mp4",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[broken",
        "https://2130706433/",
    ],
)
def test_a5_a_redirect_to_an_inner_place_is_blocked(part, location):
    with server(answers()) as canary:
        with server(answers(302, location=location.format(port=canary.port))) as cdn:
            assert fails(cdn, part).kind == "blocked"
    assert canary.connections == 0
    assert not part.exists()


def test_a1_a_link_to_an_inner_place_is_blocked(part):
    with server(answers()) as canary:
        for url in (canary.url, f"https://127.0.0.1:{canary.port}/", "https://[::1]/", "https://localhost/"):
            with pytest.raises(DownloadError) as caught:
                download(url, part, cap=9, deadline=2, idle=2, renew=lambda _: None)
            assert caught.value.kind == "blocked"
    assert canary.connections == 0


def test_a3_a_name_that_resolves_inside_is_blocked(part, monkeypatch):
    Names(monkeypatch, cdn_example=[["127.0.0.1"]])
    with pytest.raises(DownloadError) as caught:
        download("https://cdn.example/f.mp4", part, cap=9, deadline=2, idle=2, renew=lambda _: None)
    assert (caught.value.kind, caught.value.reason) == ("blocked", "loopback")


def test_a5_a_public_link_does_not_lead_to_a_trusted_inner_host(part, monkeypatch):
    """Trust is for links that begin there, not for strangers that point there."""
    with server(answers(body=FILM)) as inner, server(answers(302, location=f"{inner.url}/")) as public:
        real = socket.socket.connect
        monkeypatch.setattr(socket.socket, "connect", lambda sock, _: real(sock, ("127.0.0.1", public.port)))
        Names(monkeypatch, cdn_example=[["8.8.8.8"]])
        with pytest.raises(DownloadError) as caught:
            download(
                "http://cdn.example/f.mp4",
                part,
                https_only=False,
                trusted=inner.trusted,
                cap=1 << 20,
                deadline=3,
                idle=2,
                renew=lambda _: None,
            )
    assert (caught.value.kind, len(public.heard), inner.connections) == ("blocked", 1, 0)


def test_a5_nor_to_one_that_is_trusted_by_name(part, monkeypatch):
    """The name looks public; only the trust that the link does not have would let its address in."""
    with server(answers(302, location="https://studio.example/")) as public:
        real = socket.socket.connect
        monkeypatch.setattr(socket.socket, "connect", lambda sock, _: real(sock, ("127.0.0.1", public.port)))
        Names(monkeypatch, cdn_example=[["8.8.8.8"]], studio_example=[["10.0.0.5"]])
        trusted = frozenset({("studio.example", 443)})
        with pytest.raises(DownloadError) as caught:
            download("http://cdn.example/f.mp4", part, https_only=False, trusted=trusted, cap=9, deadline=3, idle=2, renew=lambda _: None)  # fmt: skip
    assert (caught.value.kind, len(public.heard)) == ("blocked", 1)


ODD = [
    "/my film.mp4?t=a b",
    '/"f".mp4',
    "/f[1].mp4?x[]=|",
    r"/a\b.mp4",
    "/100%.mp4",
    "/片.mp4",
    "/a/../f.mp4",
]
SENT = [
    "/my%20film.mp4?t=a%20b",
    "/%22f%22.mp4",
    "/f%5B1%5D.mp4?x%5B%5D=%7C",
    "/a%5Cb.mp4",
    "/100%25.mp4",
    "/%E7%89%87.mp4",
    "/a/../f.mp4",
]


@pytest.mark.parametrize(("path", "sent"), list(zip(ODD, SENT, strict=True)))
def test_an_odd_link_arrives_at_the_server_encoded_and_otherwise_as_it_was(part, path, sent):
    with server(answers(body=FILM)) as cdn:
        assert fetch(cdn, part, path=path).sha256 == SHA
    assert cdn.heard[0].target == sent


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        *zip([path.encode() for path in ODD[:6]], SENT[:6], strict=True),
        ("/café.mp4".encode("latin-1"), "/caf%E9.mp4"),
        (b"/%2f%E7.mp4?sig=%2B", "/%2f%E7.mp4?sig=%2B"),
        (b"film two.mp4", "/film%20two.mp4"),
        (b"?part=2 of 3", "/old.mp4?part=2%20of%203"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_so_does_where_a_redirect_leads(part, location, sent, whole):
    def behave(heard, connection):
        if heard.target != "/old.mp4":
            return answers(body=FILM)(heard, connection)
        full = heard.headers["host"].encode() if whole and location.startswith(b"/") else b""
        there = b"http://" + full + location if full else location
        connection.sendall(b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: " + there + b"\r\n\r\n")

    with server(behave) as cdn:
        assert fetch(cdn, part, path="/old.mp4").sha256 == SHA
    assert cdn.heard[1].target == sent


def public(url, part, **more):
    asked = {"cap": 1 << 20, "deadline": 3, "idle": 2, "renew": lambda _: None}
    return download(url, part, **(asked | more))


@pytest.fixture
def at_8888(monkeypatch):
    """Who dials the public address 8.8.8.8 reaches this port; which ports were dialled."""

    real = socket.socket.connect

    def lead(port):
        dialled = []

        def connect(sock, address):
            dialled.append(address[:2])
            return real(sock, ("127.0.0.1", port))

        monkeypatch.setattr(socket.socket, "connect", connect)
        Names(monkeypatch, cdn_example=[["8.8.8.8"]])
        return dialled

    return lead


@pytest.fixture
def certified(monkeypatch, tmp_path):
    """The other side's half of a certificate for cdn.example that this process accepts."""
    theirs, ours = certificate(tmp_path, "cdn.example")
    monkeypatch.setattr(client, "tls_context", lambda: ours)
    return theirs


def test_an_http_link_is_fetched_over_https_from_the_same_host(part, at_8888, certified):
    theirs = certified
    with server(answers(body=FILM), tls=theirs) as cdn:
        dialled = at_8888(cdn.port)
        assert public("http://cdn.example/my film.mp4?s=%2f", part).sha256 == SHA
    assert (dialled, cdn.heard[0].target) == ([("8.8.8.8", 443)], "/my%20film.mp4?s=%2f")
    assert cdn.heard[0].headers["host"] == "cdn.example"


def test_a_redirect_from_https_to_http_stays_https(part, at_8888, certified):
    theirs = certified

    def behave(heard, connection):
        if heard.target == "/old":
            return answers(302, location="http://cdn.example/new")(heard, connection)
        return answers(body=FILM)(heard, connection)

    with server(behave, tls=theirs) as cdn:
        dialled = at_8888(cdn.port)
        assert public("https://cdn.example/old", part).sha256 == SHA
    assert {port for _, port in dialled} == {443}


def test_where_https_does_not_give_it_the_reason_is_the_http_link(part, at_8888, certified):
    theirs = certified
    with server(answers(body=FILM)) as plain:  # https is spoken to a server that has none
        at_8888(plain.port)
        with pytest.raises(DownloadError) as caught:
            public("http://cdn.example/f.mp4", part)
    assert (caught.value.kind, caught.value.reason) == ("not_https", "tls")
    for status in (403, 404, 503):
        with server(answers(status), tls=theirs) as cdn:
            at_8888(cdn.port)
            for scheme, kind in (
                ("http", "network" if status == 503 else "not_https"),
                ("https", "network" if status == 503 else "gone"),
            ):
                with pytest.raises(DownloadError) as caught:
                    public(f"{scheme}://cdn.example/f.mp4", part)
                assert (caught.value.kind, caught.value.reason) == (kind, f"status_{status}")


@pytest.mark.parametrize("url", ["http://10.0.0.9/f.mp4", "http://localhost/f.mp4", "http://[::1]/f.mp4"])
def test_a1_an_http_link_to_an_inner_place_is_blocked_as_before(part, url):
    with pytest.raises(DownloadError) as caught:
        public(url, part)
    assert caught.value.kind == "blocked"
