"""Who does not read, or reads slowly, keeps no thread of the server; who reads gets every byte."""

import contextlib
import http.client
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from studio.line import SECURITY_HEADERS
from tests.attacks import scheme_app
from tests.ports import free_port
from videos.management.commands.run import Deployment, programs

ROOT = Path(__file__).resolve().parents[2]
MANY = 40  # more than two processes of sixteen threads
PATIENCE = settings.DURATIONS["request_silence"]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A server as ``make run`` starts it, in front of a small application."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "film").write_bytes(b"y" * scheme_app.SIZE)
    place = Deployment(ROOT, folder, "http://127.0.0.1", None, free_port())
    web = next(program for program in programs(place) if program.name == "web")
    command = ["tests.attacks.scheme_app:much" if word == "studio.wsgi" else word for word in web.command]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"SERVED_FILE": str(folder / "film")})
    for _try in range(400):
        with contextlib.suppress(ConnectionRefusedError), called(place.port, b""):
            break
        time.sleep(0.05)
    yield place.port
    server.terminate()
    server.wait(20)


@contextlib.contextmanager
def called(port: int, *words: bytes, buffer: int = 4096):
    """A line on which this was said; the system holds ``buffer`` bytes of what comes."""
    with socket.socket() as line:
        line.settimeout(20)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.connect(("127.0.0.1", port))
        line.sendall(b"".join(words))
        yield line


def get(way: str, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET /%b HTTP/1.1" % way.encode(), b"Host: x", *headers, b"", b""])


def answers_within(port: int, seconds: float, path: str = "/page") -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    line.request("GET", path)
    assert line.getresponse().read() == b"ok"
    line.close()


def length_until_it_ends(line: socket.socket, pause: float = 0.0, most: int = 65536) -> int:
    heard = 0
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(most):
            heard += len(part)
            time.sleep(pause)
    return heard


WAYS = [
    "film",
    pytest.param("words", marks=pytest.mark.long),
    pytest.param("drip", marks=pytest.mark.long),
]


@pytest.mark.parametrize("way", WAYS)
def test_forty_who_do_not_read_hold_nobody_up_and_are_hung_up_on(port, way):
    with contextlib.ExitStack() as lines:
        silent = [lines.enter_context(called(port, get(way))) for _one in range(MANY)]
        time.sleep(0.2)
        for _try in range(4):
            answers_within(port, 3)
        time.sleep(PATIENCE + 1)
        assert all(length_until_it_ends(line) < scheme_app.SIZE for line in silent)


@pytest.mark.parametrize("way", WAYS)
def test_who_reads_slowly_and_goes_on_gets_every_byte(port, way):
    """Half a megabyte a quarter of the patience: the floor is less than a third of that."""
    with called(port, get(way, b"Connection: close"), buffer=1_000_000) as line:
        head = line.recv(40)
        heard, began = len(head), time.monotonic()
        while time.monotonic() - began < PATIENCE * 1.5:
            heard += sum(len(line.recv(50_000, socket.MSG_WAITALL)) for _ten in range(10))
            time.sleep(PATIENCE / 4)
        heard += length_until_it_ends(line)
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert scheme_app.SIZE < heard < scheme_app.SIZE + 5000


@pytest.mark.long
def test_who_reads_less_than_the_floor_is_hung_up_on(port):
    with called(port, get("film")) as line:
        assert length_until_it_ends(line, pause=PATIENCE / 20, most=2000) < 2_000_000


@pytest.mark.long
def test_two_answers_on_one_line_come_one_after_the_other_whoever_sends_them(port):
    with called(port, get("film"), get("words"), get("page", b"Connection: close"), buffer=1_000_000) as line:
        time.sleep(0.5)
        heard = b""
        while part := line.recv(1_000_000):
            heard += part
    answers = heard.split(b"HTTP/1.1 200 OK\r\n")[1:]
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert [len(body) for body in bodies] == [scheme_app.SIZE, scheme_app.SIZE, 2]
    assert set(bodies[0] + bodies[1]) == {ord("y")} and bodies[2] == b"ok"


BEGUN = b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"


@pytest.mark.parametrize(
    "begun", [b"", b"GET /healthz/live HT", get("page", b"Connection: close"), BEGUN, BEGUN + b"\r\n"]
)
def test_forty_who_say_nothing_or_half_or_stay_hold_nobody_up(port, begun):
    with contextlib.ExitStack() as lines:
        for _one in range(MANY):
            lines.enter_context(called(port, begun))
        answers_within(port, 3, "/healthz/live")
        answers_within(port, 5)


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"GET / HTTP/9.9\r\n\r\n", b"400"), (get("x" * 9000), b"414"), (get("page", b"a b: c"), b"400")],
)
def test_a32_what_the_server_refuses_by_itself_is_guarded_too(port, said, status):
    with called(port, said) as line:
        heard = b""
        while part := line.recv(4096):
            heard += part
    assert heard.startswith(b"HTTP/1.1 " + status)
    assert all(header + b"\r\n" in heard.partition(b"\r\n\r\n")[0] + b"\r\n" for header in SECURITY_HEADERS)


@pytest.mark.long
def test_a_body_that_drips_is_given_up_and_what_still_comes_is_no_request(port):
    began, heard = time.monotonic(), b""
    with called(port, BEGUN.replace(b"page", b"length"), b"\r\n") as line:
        line.settimeout(PATIENCE / 20)
        with contextlib.suppress(OSError):
            while time.monotonic() - began < PATIENCE * 3:
                line.sendall(b"x")
                with contextlib.suppress(TimeoutError):
                    heard += line.recv(4096)
                time.sleep(PATIENCE / 20)
    assert heard.count(b"HTTP/1.1 ") == 1 and b"HTTP/1.1 200" in heard
