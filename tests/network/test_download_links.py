"""Where a link to a file may lead: nowhere inside, whatever it redirects to."""

import socket

import pytest

from tests.network.doors import Names
from tests.network.downloads import FILM, SHA, fails, fetch
from tests.network.faults import answers, server
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
        "http://vendor.example/film.mp4",
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
