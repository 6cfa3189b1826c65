"""A34: whether a request came by https is our proxies' word, and gunicorn has none of its own."""

import http.client
import os
import subprocess
import time
from pathlib import Path

import pytest
from django.test import RequestFactory

from tests.ports import free_port
from videos.management.commands.run import Deployment, programs

ROOT = Path(__file__).resolve().parents[2]
LIES = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl"}


@pytest.fixture
def port(tmp_path):
    """A server as ``make run`` starts it, in front of a small application."""
    place = Deployment(ROOT, tmp_path, "http://127.0.0.1", None, free_port())
    web = next(program for program in programs(place) if program.name == "web")
    command = ["tests.attacks.scheme_app:scheme" if word == "studio.wsgi" else word for word in web.command]
    server = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))
    yield place.port
    server.terminate()
    server.wait(20)


def ask(port: int, headers: dict[str, str]) -> str:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("GET", "/", headers=headers)
            return line.getresponse().read().decode()
        except ConnectionRefusedError:
            time.sleep(0.05)
        finally:
            line.close()
    raise AssertionError("gunicorn did not start")


def test_a34_no_header_makes_it_https(port):
    assert ask(port, {}) == "http"
    for name, value in LIES.items():
        assert ask(port, {name: value}) == "http"


@pytest.mark.parametrize(("header", "secure"), [(None, False), (("HTTP_X_FORWARDED_PROTO", "https"), True)])
def test_a34_with_a_proxy_of_ours_its_word_counts(settings, header, secure):
    """``STUDIO_PROXY_COUNT`` sets this header; without proxies it is not set."""
    settings.SECURE_PROXY_SSL_HEADER = header
    request = RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"})
    assert request.is_secure() is secure
