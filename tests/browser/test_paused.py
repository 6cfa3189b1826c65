"""A film that somebody pauses goes on, however long ago the server hung up."""

import contextlib
import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from tests.media import wav
from tests.ports import free_port


@pytest.fixture
def served(tmp_path):
    wav.write(tmp_path / "long.wav")
    port = free_port()
    web = [sys.executable, "-m", "gunicorn", "tests.media.wav_app:application", "--bind", f"127.0.0.1:{port}"]
    web += ["--worker-class", "studio.line.PatientWorker", "--threads", "4", "--no-control-socket"]
    server = subprocess.Popen(web, env=os.environ | {"SERVED_FILE": str(tmp_path / "long.wav")})
    for _try in range(400):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.05)
    yield port, psutil.Process(server.pid)
    server.terminate()
    server.wait(20)


def held_open(server: psutil.Process, port: int) -> int:
    lines = [line for one in server.children() for line in one.net_connections("tcp")]
    return sum(line.status == "ESTABLISHED" and line.laddr.port == port for line in lines)


@pytest.mark.long
def test_a_film_that_was_paused_goes_on_after_the_server_hung_up(served, visitors):
    port, server = served
    page = visitors.arrive()
    page.goto(f"http://127.0.0.1:{port}/")
    asked = []
    page.on(
        "request",
        lambda request: asked.append(request.headers.get("range")) if "sound" in request.url else None,
    )
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")
    page.evaluate("document.querySelector('video').pause()")
    ends = time.monotonic() + 30
    while held_open(server, port) and time.monotonic() < ends:
        time.sleep(0.2)
    assert not held_open(server, port), "nobody was hung up on"
    buffered = page.evaluate(
        "(() => { const b = document.querySelector('video').buffered; return b.end(b.length - 1); })()"
    )
    assert buffered < wav.SECONDS - 60, "the player holds all of it"
    page.evaluate(f"document.querySelector('video').currentTime = {buffered} - 2")
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function(f"document.querySelector('video').currentTime > {buffered} + 3", timeout=30_000)
    assert page.evaluate("document.querySelector('video').error") is None
