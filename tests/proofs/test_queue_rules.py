"""What follows from table 2.1 for our own code: rules, and a test for each."""

import ast
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.house.sources import files, shown
from tests.jobs.engine import due, fresh, press
from videos.jobs.running import drive, worker
from videos.models import clock
from videos.states import State

# SystemExit is what the queue's own timeout is made of.
EVERYTHING = {"BaseException", "SystemExit", "TimeoutException"}


def caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def test_q5_nothing_that_a_task_runs_swallows_everything():
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in files("videos", "studio")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and caught(node) & EVERYTHING
    ]
    assert found == []


@pytest.mark.parametrize(
    "code", ["except:", "except BaseException:", "except (ValueError, SystemExit) as error:"]
)
def test_q5_the_rule_sees_each_way_to_swallow_everything(code):
    handler = next(
        node
        for node in ast.walk(ast.parse(f"try:\n    pass\n{code}\n    pass"))
        if isinstance(node, ast.ExceptHandler)
    )
    assert caught(handler) & EVERYTHING


@pytest.mark.django_db
@pytest.mark.parametrize("state", drive.STEPS)
def test_q19_a_step_that_raises_has_moved_its_next_time_before(member, keys, monkeypatch, state):
    """Nudged a hundred times it runs once: a fault cannot spin."""
    runs = []

    def breaks(job, by):
        runs.append(job.pk)
        raise RuntimeError("a mistake of ours")

    job = press(member)
    type(job).objects.filter(pk=job.pk).update(state=state)
    monkeypatch.setitem(drive.STEPS, State(state), breaks)
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)
    with pytest.raises(RuntimeError):
        drive.drive(due(job).pk)
    for _nudge in range(100):
        drive.drive(job.pk)
    assert len(runs) == 1
    assert fresh(job).next_at >= at + timedelta(seconds=5)


def test_q20_the_long_loop_lets_dead_connections_go_each_turn(tmp_path, settings, monkeypatch):
    """A database that went away and came back: the ticker finds it again."""
    settings.DURATIONS = settings.DURATIONS | {"ticker": 0}
    done = []
    supervisor = worker.Supervisor(tmp_path)
    supervisor.clusters = []

    def tick():
        done.append("tick")
        if len(done) > 6:
            supervisor.stop()
        if len(done) < 5:
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(worker, "close_old_connections", lambda: done.append("let go"))
    monkeypatch.setattr(worker.ticker, "tick", tick)
    monkeypatch.setattr(worker.leases, "revoke", lambda _name: None)
    loop = threading.Thread(target=supervisor.run, daemon=True)
    loop.start()
    loop.join(20)
    assert not loop.is_alive()
    assert done == ["let go", "tick"] * (len(done) // 2)
