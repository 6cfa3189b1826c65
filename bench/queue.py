"""Measures T1: one loop that asks about every due job against one queue task per question;
and T14: our queue settings against the ones django-q2 comes with."""

from bench.deployment import Deployment
from bench.measuring import Row, interleaved
from bench.stub import stub

JOBS, TASKS, NOTHINGS = 1000, 300, 400


def sweep_against_tasks() -> list[Row]:
    with stub() as port, Deployment(port) as deployment:
        base, ours = interleaved(
            lambda: deployment.measure("looks", TASKS)["cpu"],
            lambda: deployment.measure("sweep", JOBS)["cpu"],
        )
    return [
        Row(
            "T1", f"CPU per look with database, {JOBS} due jobs: sweep / one queue task per look",
            f"{base * 1e3:.1f} ms", f"{ours * 1e3:.2f} ms", ours / base, most=1 / 15,
        )
    ]  # fmt: skip


def shipped_against_usual() -> list[Row]:
    with Deployment(1) as shipped, Deployment(1, "bench.usual_settings") as usual:
        usual.measure("nothings", 300)  # its table of results is as full as it ever gets
        base, ours = interleaved(
            lambda: usual.measure("nothings", NOTHINGS)["cpu"],
            lambda: shipped.measure("nothings", NOTHINGS)["cpu"],
        )
    return [
        Row(
            "T14", "tasks per CPU second on SQLite: our queue settings / django-q2's own",
            f"{base * 1e3:.1f} ms a task", f"{ours * 1e3:.1f} ms a task", base / ours, least=4,
        )
    ]  # fmt: skip
