"""``make dev``: what ``make run`` starts, started again when code changes."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from videos.management.commands.run import Deployment, programs, watched

ROOT = Path(__file__).resolve().parents[2]
PLACE = Deployment(ROOT, Path("data"), "http://127.0.0.1:8000", "http://127.0.0.1:8001", 8000)


def test_the_same_programs_run_each_watched():
    plain = {program.name: program for program in programs(PLACE)}
    started = {program.name: program for program in watched(PLACE)}
    assert list(started) == list(plain) == ["web", "worker", "sandbox"]
    assert started["web"].command[-2:] == ("runserver", "127.0.0.1:8000")
    for name in ("worker", "sandbox"):
        assert "watchfiles" in started[name].command
        assert shlex.join(plain[name].command) in started[name].command


def test_the_toolbar_needs_debug():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}
    done = subprocess.run(
        [sys.executable, "-c", "import studio.settings"],
        cwd=ROOT,
        env=environment | {"STUDIO_DEBUG_TOOLBAR": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "STUDIO_DEBUG_TOOLBAR shows every query" in done.stderr
