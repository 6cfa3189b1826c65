"""A web process that stands still (SIGSTOP, a machine that swaps): the others answer, and it is replaced."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.attacks.test_slow_readers import answers_within, called, get
from tests.ports import free_port
from videos.management.commands.run import Deployment, programs

ROOT = Path(__file__).resolve().parents[2]
GIVEN_UP = 30  # seconds; gunicorn's own --timeout


@pytest.fixture
def web(tmp_path):
    """gunicorn as ``make run`` starts it, in front of a small application; its port and its process."""
    place = Deployment(ROOT, tmp_path, "http://127.0.0.1", None, free_port())
    program = next(program for program in programs(place) if program.name == "web")
    command = ["tests.attacks.scheme_app:much" if word == "studio.wsgi" else word for word in program.command]
    server = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))
    for _try in range(400):
        with contextlib.suppress(ConnectionRefusedError), called(place.port, b""):
            break
        time.sleep(0.05)
    process = psutil.Process(server.pid)
    while len(process.children()) < 2:
        time.sleep(0.05)
    answers_within(place.port, 20)
    yield place.port, process
    server.terminate()
    server.wait(40)


@pytest.mark.long
def test_one_that_stands_still_leaves_the_others_and_goes_on_where_it_stood(web):
    port, server = web
    stopped, _other = server.children()
    stopped.send_signal(signal.SIGSTOP)
    for _try in range(40):
        answers_within(port, 3)
        answers_within(port, 3, "/healthz/live")
    stopped.send_signal(signal.SIGCONT)
    for _try in range(10):
        answers_within(port, 3)


@pytest.mark.long
def test_when_all_stand_still_they_are_replaced_and_who_waits_is_answered(web):
    port, server = web
    before = server.children()
    for one in before:
        one.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with called(port, get("page", b"Connection: close")) as waiting:
        waiting.settimeout(GIVEN_UP * 2)
        assert waiting.recv(100).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < GIVEN_UP + 15
    answers_within(port, 3)
    while {one.pid for one in before} & {one.pid for one in server.children()}:
        assert time.monotonic() - began < GIVEN_UP * 2, "one stands still for ever"
        time.sleep(0.2)
    answers_within(port, 3)
