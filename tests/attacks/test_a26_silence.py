"""A26: who falls silent in the middle of a request keeps no thread of the server."""

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from studio.line import REQUEST_PIECE
from tests.ports import free_port
from videos.management.commands.run import Deployment, programs

ROOT = Path(__file__).resolve().parents[2]
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"


@pytest.fixture
def port(tmp_path):
    """A server as ``make run`` starts it, in front of a small application."""
    place = Deployment(ROOT, tmp_path, "http://127.0.0.1", None, free_port())
    web = next(program for program in programs(place) if program.name == "web")
    command = ["tests.attacks.scheme_app:length" if word == "studio.wsgi" else word for word in web.command]
    server = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))
    yield place.port
    server.terminate()
    server.wait(20)


def connected(port: int) -> socket.socket:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("gunicorn did not start")


def until_it_ends(line: socket.socket) -> tuple[bytes, float]:
    began, heard = time.monotonic(), b""
    while part := line.recv(4096):
        heard += part
    return heard, time.monotonic() - began


@pytest.mark.parametrize("begun", [b"POST / HT", HEAD, HEAD + b"\r\n", HEAD + b"\r\n" + b"x" * 10])
def test_a26_a_request_that_stalls_ends(port, begun):
    silence = settings.DURATIONS["request_silence"]
    with connected(port) as line:
        line.sendall(begun)
        heard, took = until_it_ends(line)
    assert silence * 0.8 < took < silence * 4 + 5
    assert not heard or heard.startswith(b"HTTP/1.1 ")


def test_a26_one_that_is_slow_and_goes_on_arrives(port):
    silence = settings.DURATIONS["request_silence"]
    with connected(port) as line:
        line.sendall(HEAD.replace(b"100", b"600000") + b"Connection: close\r\n\r\n")
        for _tenth in range(10):
            time.sleep(silence / 4)
            line.sendall(b"x" * REQUEST_PIECE)
        heard, _took = until_it_ends(line)
    assert heard.startswith(b"HTTP/1.1 200") and b"\r\n600000\r\n" in heard
