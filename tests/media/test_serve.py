"""Handing out files: ranges by RFC 9110, and headers that keep a file a file."""

import http.client
import os
import socket
import subprocess
import sys
import time

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tests.ports import free_port
from videos.media.serve import FileMissing, read_range, safe_name, serve

# Closing a response makes Django look after its database connections, if an earlier test opened one.
pytestmark = pytest.mark.django_db

DATA = bytes(range(256)) * 40
SIZE = len(DATA)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "ab" / "abcd.mp4"
    file.parent.mkdir()
    file.write_bytes(DATA)
    return file


def ask(path, *, method="GET", download_name=None, accel="", fresh=0, **headers):
    sent = {"HTTP_" + name.upper(): value for name, value in headers.items()}
    request = RequestFactory().generic(method, "/f", **sent)
    return serve(
        request,
        path,
        content_type="video/mp4",
        etag="abc",
        download_name=download_name,
        accel=accel,
        fresh=fresh,
    )


def body(response):
    data = b"".join(response) if response.streaming else response.content
    response.close()
    return data


RANGES = {
    "bytes=0-0": (206, slice(0, 1)),
    "bytes=-1": (206, slice(SIZE - 1, SIZE)),
    "bytes=0-": (206, slice(0, SIZE)),
    "bytes=5-2": (200, slice(0, SIZE)),
    "bytes=999999999-": (416, None),
    "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)): (200, slice(0, SIZE)),
    "bytes=abc": (200, slice(0, SIZE)),
    "bytes=100-199": (206, slice(100, 200)),
    f"bytes={SIZE - 1}-": (206, slice(SIZE - 1, SIZE)),
    f"bytes={SIZE}-": (416, None),
    "bytes=10-999999999": (206, slice(10, SIZE)),
    "bytes=-999999999": (206, slice(0, SIZE)),
    "bytes=-0": (416, None),
    "bytes=-": (200, slice(0, SIZE)),
    "bytes=": (200, slice(0, SIZE)),
    "bytes=0-0,2-2": (200, slice(0, SIZE)),
    "items=0-1": (200, slice(0, SIZE)),
    "bytes=1-2-3": (200, slice(0, SIZE)),
    "bytes=٣-٤": (200, slice(0, SIZE)),
    "BYTES=0-1": (206, slice(0, 2)),
    "bytes=" + "9" * 400 + "-": (200, slice(0, SIZE)),
}


@pytest.mark.parametrize("header", RANGES, ids=lambda header: header[:24])
def test_a27_a_range_gives_exactly_its_bytes(path, header):
    status, span = RANGES[header]
    response = ask(path, range=header)
    data = body(response)
    assert response.status_code == status
    assert data == (DATA[span] if span else b"")
    if span:
        assert response["Content-Length"] == str(len(data))
        assert response["Accept-Ranges"] == "bytes"
    if status == 206:
        assert response["Content-Range"] == f"bytes {span.start}-{span.stop - 1}/{SIZE}"
    elif status == 416:
        assert response["Content-Range"] == f"bytes */{SIZE}"
    else:
        assert "Content-Range" not in response


@pytest.mark.parametrize(
    ("if_range", "status"),
    [('"abc"', 206), ('"old"', 200), ('W/"abc"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200), ("abc", 200)],
)
def test_a27_a_stale_if_range_gives_the_whole(path, if_range, status):
    response = ask(path, range="bytes=0-0", if_range=if_range)
    assert (response.status_code, len(body(response))) == (status, 1 if status == 206 else SIZE)


def test_a_head_has_the_headers_of_the_whole(path):
    response = ask(path, method="HEAD", range="bytes=0-0")
    response.close()
    assert (response.status_code, response["Content-Length"]) == (200, str(SIZE))
    assert response["ETag"] == '"abc"'


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_a_known_file_is_not_sent_again(path, known):
    response = ask(path, if_none_match=known, range="bytes=0-0")
    assert (response.status_code, response["ETag"], response.content) == (304, '"abc"', b"")
    assert response["Cache-Control"] == "private, no-cache"


def test_another_tag_gives_the_file(path):
    assert body(ask(path, if_none_match='"x"')) == DATA


@pytest.mark.parametrize(
    "more", [{}, {"range": "bytes=0-0"}, {"range": "bytes=99999999-"}, {"accel": "nginx"}]
)
def test_every_reply_keeps_the_file_a_file(path, more):
    response = ask(path, **more)
    response.close()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_glance_is_kept_for_minutes_and_asked_for_by_its_tag_afterwards(path):
    for known in ({}, {"if_none_match": '"abc"'}):
        response = ask(path, fresh=300, **known)
        response.close()
        assert (response["Cache-Control"], response["ETag"]) == ("private, max-age=300", '"abc"')


def test_an_empty_file_and_a_missing_one(path):
    path.write_bytes(b"")
    assert ask(path, range="bytes=0-").status_code == 416
    assert body(ask(path)) == b""
    path.unlink()
    with pytest.raises(FileMissing):
        ask(path)


def test_nginx_gets_the_address_and_no_bytes(path):
    response = ask(path, accel="nginx", range="bytes=0-0")
    assert (response.status_code, response["X-Accel-Redirect"], response.content) == (
        200,
        "/_files/ab/abcd.mp4",
        b"",
    )
    assert response["Content-Type"] == "video/mp4"


NAMES = {
    "a film.mp4": "a film.mp4",
    "片子 – Größe.mp4": "片子 – Größe.mp4",
    "../../etc/passwd": "_.._etc_passwd",
    'a"; filename="evil.exe': "a_; filename=_evil.exe",
    "a\r\nSet-Cookie: x.mp4": "aSet-Cookie_ x.mp4",
    "film\u202e4pm.exe.mp4": "film4pm.exe.mp4",
    "": "file",
    "...": "file",
    "x" * 300 + ".mp4": "x" * 116 + ".mp4",
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:16])
def test_a19_a_download_has_a_harmless_name(path, name):
    assert safe_name(name) == NAMES[name]
    response = ask(path, download_name=name or "...")
    response.close()
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]


def test_a_name_in_any_language_is_encoded_as_rfc_6266_says(path):
    response = ask(path, download_name="片.mp4")
    response.close()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E7%89%87.mp4"
    assert "Content-Disposition" not in ask(path, accel="nginx")


@given(st.one_of(st.text(), st.from_regex(r"bytes=[0-9, -]*")), st.integers(0, 1 << 40))
def test_a27_any_range_is_within_the_file(header, size):
    span = read_range(header, size)
    assert span is None or span == (0, 0) or 0 <= span[0] < span[1] <= size


def test_a_range_of_nothing_is_no_range():
    assert read_range("", 10) is None
    assert read_range("bytes=0-", 0) == (0, 0)


def test_a_real_gunicorn_sends_exact_lengths_on_one_connection(path):
    """One byte too many or too few would spoil the next reply on the line."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "2", "-b", f"127.0.0.1:{port}"]
        + ["--log-level", "error", "tests.media.serving_app:application"],
        env={"PATH": os.environ["PATH"], "SERVED_FILE": str(path)},
    )
    try:
        line = connect(port)
        for header, (status, span) in RANGES.items():
            if not header.isascii():
                continue
            line.request("GET", "/film", headers={"Range": header})
            reply = line.getresponse()
            assert (reply.status, reply.read()) == (status, DATA[span] if span else b"")
        line.request("HEAD", "/film")
        reply = line.getresponse()
        assert (reply.status, reply.length, reply.read()) == (200, 0, b"")
        line.request("GET", "/film", headers={"If-None-Match": '"abc"'})
        assert line.getresponse().status == 304
        line.close()
    finally:
        server.terminate()
        server.wait(10)


def test_a_player_that_went_away_is_an_error_of_the_line(path):
    """As gunicorn sends it; any other error it would log with a traceback."""
    ours, theirs = socket.socketpair()
    theirs.close()
    wanted = ask(path, range="bytes=3-6").file_to_stream
    with ours, pytest.raises(BrokenPipeError):
        ours.sendfile(wanted, offset=3, count=4)
    wanted.seek(4)
    assert wanted.read() == DATA[4:7]
    wanted.close()


def connect(port):
    give_up = time.monotonic() + 15
    while time.monotonic() < give_up:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return line
    raise AssertionError("gunicorn did not start")
