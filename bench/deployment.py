"""Sets up a studio of its own to measure in: a data folder, an environment, and child processes
that load Django with them. Each side of a measurement is a fresh process, so that neither finds the
other's caches warm."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
OWN_VARIABLES = ("STUDIO_", "VENDOR_", "FIELD_", "REDIS_", "EMAIL_", "DATABASE_", "DJANGO_")


class Deployment:
    """A temporary studio: ``with Deployment(vendor=port) as deployment: deployment.measure("sweep", 1000)``. Durations are the
    shipped ones; ``settings`` names the module, ``vendor`` the port of the stub."""

    def __init__(self, vendor: int, settings: str = "studio.settings") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="studio-bench-")
        self.data = Path(self._folder.name)
        self._env = {
            name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)
        } | {
            "DJANGO_SETTINGS_MODULE": settings,
            "STUDIO_DATA": str(self.data),
            "STUDIO_DEMO": "0",
            "STUDIO_SANDBOX_URL": f"http://127.0.0.1:{vendor}",
            "STUDIO_LOG_LEVEL": "ERROR",
        }

    def __enter__(self) -> Self:
        self._run("manage.py", "migrate", "--verbosity", "0")
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def measure(self, side: str, *arguments: object) -> dict[str, Any]:
        """Runs one workload (a function of bench/workloads.py) in its own process; returns its result."""
        return json.loads(self._run("-m", "bench.workloads", side, *map(str, arguments)).splitlines()[-1])

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self._env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
