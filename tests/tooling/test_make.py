"""The two commands, from a fresh clone."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from .test_run import Terminal, environment

ROOT = Path(__file__).resolve().parents[2]


def test_help_names_every_target():
    makefile = (ROOT / "Makefile").read_text()
    promised = set(re.search(r"\.PHONY: (.*)", makefile).group(1).split()) - {"test-machine"}
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+) +\S", said, re.MULTILINE)) == promised


@pytest.mark.long
@pytest.mark.alone
def test_make_run_in_a_fresh_clone(tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    env = environment(tmp_path / "var")
    terminal = Terminal(["make", "-C", str(clone), "run"], env)
    terminal.read_until("Open http://.* sign in as .*@", 300)
    everybody = terminal.everybody()
    terminal.press(b"\x03")
    terminal.wait(40)
    assert not [process for process in everybody if process.is_running()]
    os.close(terminal.terminal)
    again = subprocess.run(["make", "-C", str(clone), "-n", "run"], env=env, capture_output=True, text=True)
    assert "pip" not in again.stdout
