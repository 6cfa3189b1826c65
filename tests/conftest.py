"""What every test may use, and the table of times at the end of a run."""

from collections import Counter

import pytest
from django.core.management import call_command
from hypothesis import settings

pytest_plugins = ("tests.people", "tests.stack", "tests.browsing", "tests.cast")


# The same examples in every quick run, so that red and green mean something about the change; new
# ones in the long run. A failure prints what replays it.
settings.register_profile("quick", derandomize=True, print_blob=True)
settings.register_profile("long", print_blob=True)


def pytest_configure(config):
    settings.load_profile("long" if config.getoption("markexpr").startswith("long") else "quick")


def pytest_sessionstart(session):
    """Catalogues are not in version control as the studio reads them; a clone has none yet."""
    if not hasattr(session.config, "workerinput"):
        call_command("catalogues")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What uses the studio of real processes goes to one worker: one studio is started, and the other
    worker has a core for what only computes."""
    for item in items:
        if "stack" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("stack"))


def pytest_terminal_summary(terminalreporter):
    """Seconds per folder, so that a slow room is seen before the whole run is slow."""
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                folder = report.nodeid.partition("::")[0].rpartition("/")[0]
                seconds[folder] += report.duration
    terminalreporter.section("time per folder")
    for folder, spent in seconds.most_common():
        terminalreporter.line(f"{spent:8.1f} s  {folder}")
