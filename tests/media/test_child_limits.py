"""The limits of the child, on machines that allow less than it is meant to have."""

import errno
import resource
import signal
import subprocess
from dataclasses import asdict

import pytest

from tests.media.films import film
from tests.media.probing import ask_child
from videos.media import child, probe_child
from videos.media.probe import Limits, probe


@pytest.mark.parametrize(
    ("what", "most"),
    [("RLIMIT_AS", 700 << 20), ("RLIMIT_CPU", 10), ("RLIMIT_FSIZE", 1 << 20), ("RLIMIT_NOFILE", 32)],
)
def test_on_a_machine_that_allows_less_a_good_film_is_a_good_film(tmp_path, what, most):
    """As a service manager or ``ulimit`` sets it. Who is not root may not ask for more again."""
    path = film(tmp_path / "a.mp4")
    question = {"path": str(path), "kind": "video", "poster": "", "limits": asdict(Limits())}
    assert ask_child(question, (getattr(resource, what), most))["width"] == 320


@pytest.mark.parametrize(("what", "most"), [("RLIMIT_AS", 90 << 20), ("RLIMIT_FSIZE", 100)])
def test_what_too_little_of_a_machine_keeps_from_opening_is_no_broken_film(tmp_path, what, most):
    path = film(tmp_path / "a.mp4", size=(3840, 2160), frames=2)
    question = {"path": str(path), "kind": "video", "poster": str(tmp_path / "b"), "limits": asdict(Limits())}
    said = ask_child(question, (getattr(resource, what), most))
    assert said.keys() == {"errno"}


def test_nobody_asks_for_more_than_a_machine_allows(monkeypatch):
    """What the system would answer with a refusal, and the child with no answer at all."""
    asked = {}
    monkeypatch.setattr(
        probe_child.resource, "getrlimit", lambda what: (-1, 50 << 20 if what == resource.RLIMIT_AS else -1)
    )
    monkeypatch.setattr(probe_child.resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr(probe_child.signal, "alarm", lambda seconds: None)
    limits = asdict(Limits())
    probe_child.apply_limits(limits)
    assert asked[resource.RLIMIT_AS] == (50 << 20, 50 << 20)
    assert asked[resource.RLIMIT_CPU] == (limits["cpu"], limits["cpu"] + 1)
    assert probe_child.has_lower_limits(limits)
    monkeypatch.undo()
    assert not probe_child.has_lower_limits(limits | {"memory": 1 << 20})


def test_a_child_that_somebody_else_kills_says_nothing_about_the_film(tmp_path, monkeypatch):
    """The system, when its memory runs out."""
    killed = subprocess.CompletedProcess([], -signal.SIGKILL)
    monkeypatch.setattr(child.subprocess, "run", lambda *_of, **_more: killed)
    with pytest.raises(OSError) as fault:
        probe(film(tmp_path / "a.mp4"), "video")
    assert fault.value.errno == errno.ENOMEM
