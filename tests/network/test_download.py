"""Fetching a film by a stranger's link: whole, ours, or clearly not."""

import builtins
import errno
import subprocess
import sys
import time

import pytest

from tests.network.downloads import FILM, SHA, TAG, fails, fetch, ranges
from tests.network.faults import answers, bomb, drips, endless, head, raw, server, silent
from tests.ports import free_port
from videos.network.download import Downloaded, DownloadError, download


@pytest.fixture
def part(tmp_path):
    return tmp_path / "film.part"


def test_a_film_arrives_whole_without_credentials(part):
    seen = []
    with server(ranges()) as cdn:
        got = fetch(cdn, part, renew=seen.append)
    assert got == Downloaded(len(FILM), SHA, TAG, "video/mp4", True)
    assert part.read_bytes() == FILM
    assert seen[-1] == len(FILM)
    assert seen == sorted(seen)
    sent = cdn.heard[0].headers
    assert sent["accept-encoding"] == "identity"
    assert not {"authorization", "cookie", "range"} & set(sent)


def test_f34_a_reset_half_way_is_continued(part):
    with server(ranges(cut_at=150_000)) as cdn:
        lost = fails(cdn, part)
        assert (lost.kind, lost.etag) == ("network", TAG)
        had = part.stat().st_size
        assert 0 < had <= 150_000
        assert fetch(cdn, part, etag=lost.etag).sha256 == SHA
    assert part.read_bytes() == FILM
    assert cdn.heard[1].headers["range"] == f"bytes={had}-"
    assert cdn.heard[1].headers["if-range"] == TAG


@pytest.mark.parametrize("etag", [None, "", 'W/"v1"', "v1", '"a"\r\nx: "y"'])
def test_f34_without_a_strong_tag_it_starts_over(part, etag):
    part.write_bytes(b"half of another file")
    with server(ranges()) as cdn:
        assert fetch(cdn, part, etag=etag).sha256 == SHA
    assert "range" not in cdn.heard[0].headers
    assert part.read_bytes() == FILM


def test_f34_a_changed_file_starts_over(part):
    part.write_bytes(b"x" * 1000)
    with server(ranges(etag='"v2"')) as cdn:
        got = fetch(cdn, part, etag=TAG)
    assert (got.sha256, got.etag, part.read_bytes()) == (SHA, '"v2"', FILM)


LIES = {
    "another tag": head(206, content_range=f"bytes 1000-{len(FILM) - 1}/{len(FILM)}", etag='"v2"'),
    "another place": head(206, content_range=f"bytes 0-{len(FILM) - 1}/{len(FILM)}", etag=TAG),
    "no place": head(206, etag=TAG),
    "not satisfiable": head(416, content_range=f"bytes */{len(FILM)}"),
    "failed condition": head(412),
}


@pytest.mark.parametrize("name", LIES)
def test_f34_a_continuation_that_does_not_fit_starts_over(part, name):
    def behave(heard, connection):
        if "range" in heard.headers:
            connection.sendall(LIES[name] + FILM[1000:])
        else:
            answers(body=FILM, etag=TAG)(heard, connection)

    part.write_bytes(b"x" * 1000)
    with server(behave) as cdn:
        assert fetch(cdn, part, etag=TAG).sha256 == SHA
    assert part.read_bytes() == FILM


def test_f34_a_part_longer_than_the_file_starts_over(part):
    part.write_bytes(FILM + b"more")

    def behave(heard, connection):
        if "range" in heard.headers:
            connection.sendall(head(416, content_range=f"bytes */{len(FILM)}", content_length=0))
        else:
            answers(body=FILM)(heard, connection)

    with server(behave) as cdn:
        assert fetch(cdn, part, etag=TAG).sha256 == SHA


SPOILED = {
    "length lies high": (raw(head(content_length=1000) + b"x" * 900), "network"),
    "chunks cut": (raw(head(transfer_encoding="chunked") + b"5\r\nhello\r\n"), "network"),
    "empty": (answers(body=b""), "network"),
    "nothing": (raw(b""), "network"),
    "server error": (answers(503), "network"),
    "not modified": (answers(304), "network"),
    "range nobody asked for": (raw(head(206, content_range="bytes 0-1/5") + b"xx"), "network"),
    "bomb": (bomb(2), "too_big"),
    "too big": (answers(body=b"x" * (1 << 20) + b"y"), "too_big"),
    "too big unannounced": (endless(), "too_big"),
    "forbidden": (answers(403), "gone"),
    "not found": (answers(404), "gone"),
    "gone": (answers(410), "gone"),
}


def test_a_reason_is_a_code_and_repeats_nothing_of_the_answer(part):
    with server(raw(b"SSH-2.0-<script>\r\n\r\n")) as cdn:
        assert fails(cdn, part).reason == "cut"
    port = free_port()
    for url, reason in ((f"http://127.0.0.1:{port}/", "connect"), ("https://no-such-cdn.invalid/", "dns")):
        with pytest.raises(DownloadError) as caught:
            trusted = frozenset({("127.0.0.1", port)})
            download(url, part, trusted=trusted, cap=9, deadline=5, idle=5, renew=lambda _: None)
        assert (caught.value.kind, caught.value.reason) == ("network", reason)


@pytest.mark.parametrize("name", SPOILED)
def test_f34_f35_a_spoiled_answer_has_its_kind(part, name):
    behaviour, kind = SPOILED[name]
    with server(behaviour) as cdn:
        assert fails(cdn, part).kind == kind
    assert kind != "too_big" or not part.exists()


def test_f34_a_length_that_lies_low_gives_what_was_announced(part):
    with server(raw(head(content_length=900) + b"x" * 1000)) as cdn:
        assert fetch(cdn, part).bytes == 900


def test_f34_an_unknown_length_is_told(part):
    with server(raw(head(etag=TAG) + FILM)) as cdn:
        got = fetch(cdn, part)
    assert (got.sha256, got.sized) == (SHA, False)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (silent(), "idle"),
        (drips(head(content_length=9999), b"x"), "deadline"),
        (drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "deadline"),
    ],
)
def test_f34_a_slow_server_is_left(part, behaviour, reason):
    began = time.monotonic()
    with server(behaviour) as cdn:
        lost = fails(cdn, part, idle=0.4, deadline=0.9)
    assert (lost.kind, lost.reason) == ("stalled", reason)
    assert time.monotonic() - began < 4


def test_f36_a_lost_lease_ends_the_download(part):
    class LeaseLost(Exception):
        pass

    def renew(total):
        if total > 100_000:
            raise LeaseLost

    with server(ranges()) as cdn, pytest.raises(LeaseLost):
        fetch(cdn, part, renew=renew)
    assert part.stat().st_size < len(FILM)


def test_f22_a_full_disk_is_told_and_leaves_nothing(part, monkeypatch):
    class FullDisk:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda path, *how: FullDisk(real(path, *how)))
    with server(ranges()) as cdn:
        lost = fails(cdn, part)
    assert (lost.kind, lost.reason) == ("disk_full", "ENOSPC")
    assert not part.exists()


MEMORY = """
import resource, sys
from pathlib import Path
from tests.ports import free_port
from videos.network.download import DownloadError, download
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, port = peak(), int(sys.argv[1])
try:
    download(f"http://127.0.0.1:{port}/", Path(sys.argv[2]), trusted=frozenset({("127.0.0.1", port)}),
             cap=200 << 20, deadline=30, idle=5, renew=lambda _: None)
except DownloadError as error:
    print(error.kind, peak() - before)
"""


def test_a9_memory_does_not_grow_with_the_file(part):
    with server(endless()) as cdn:
        said = subprocess.run(
            [sys.executable, "-c", MEMORY, str(cdn.port), str(part)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout.split()
    assert said[0] == "too_big"
    assert int(said[1]) < 64
