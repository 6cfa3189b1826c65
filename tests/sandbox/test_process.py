"""As a process of its own: it starts without Django, stops at once, and leaves nobody behind."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.sandbox.asking import client
from videos.sandbox.running import Sandbox

ROOT = Path(__file__).resolve().parents[2]
STARTS = {"module": ["-m", "videos.sandbox"], "command": ["manage.py", "sandbox"]}


@pytest.fixture(params=STARTS)
def process(request, tmp_path):
    options = ["--port", "0", "--data", str(tmp_path), "--speed", "1"]
    running = subprocess.Popen(
        [sys.executable, *STARTS[request.param], *options], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "STUDIO_DATA": str(tmp_path)},
    )  # fmt: skip
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_two_seconds_even_while_it_renders_and_somebody_waits(process, number):
    url = re.search(r"http://\S+", process.stdout.readline())[0]
    sandbox = Sandbox(url)
    assert httpx.get(f"{url}/healthz", trust_env=False).json()["ok"] is True
    client(sandbox, "seedanceapi-org").post("/v1/generate", json={"prompt": "A long film", "duration": "12"})
    waiting = client(sandbox, "acedata")
    waiting.timeout = 0.2
    body = {"model": "doubao-seedance-1-0-pro-250528", "content": [{"type": "text", "text": "A wait"}]}
    with pytest.raises(httpx.TimeoutException):
        waiting.post("/seedance/videos", json=body)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    begun = time.monotonic()
    process.send_signal(number)
    assert process.wait(5) == 0
    assert time.monotonic() - begun < 2
    assert psutil.wait_procs(children, timeout=2)[1] == []


@pytest.mark.long
def test_a_worker_does_not_outlive_a_killed_sandbox(process):
    url = re.search(r"http://\S+", process.stdout.readline())[0]
    client(Sandbox(url), "seedanceapi-org").post("/v1/generate", json={"prompt": "Orphaned", "duration": "4"})
    end = time.monotonic() + 10
    while not (children := psutil.Process(process.pid).children()) and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    assert psutil.wait_procs(children, timeout=15)[1] == []


@pytest.mark.parametrize("options", [["--speed", "0"], ["--port", "99999"]])
def test_a_senseless_option_is_a_sentence(options):
    done = subprocess.run(
        [sys.executable, "-m", "videos.sandbox", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_imports_nothing_of_ours_and_no_django():
    code = (
        "import sys, videos.sandbox.server, videos.sandbox.film.worker;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'httpx', 'numpy')"
        " or m.startswith('videos.') and not m.startswith('videos.sandbox')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]"
