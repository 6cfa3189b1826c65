"""F22 for real: a studio whose whole data folder lies on a small disk that fills up, to the last byte,
while films are being made, and is emptied again."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.chaos.presses import Presses, ask, wishes
from tests.chaos.scene import order, scene, settled, sings, until

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("faults")]
SIZE, RESERVE = 120_000_000, 40_000_000  # bytes
PAGES = (
    "/t/unit-0/",
    "/t/unit-0/usage/",
    "/t/unit-0/prompts/",
    "/t/unit-0/pictures/",
    "/t/unit-0/keys/",
    "/healthz/live",
)


@pytest.fixture
def disk(tmp_path):
    """A disk of its own, which takes the right to mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leaving: int) -> None:
    """All but ``leaving`` bytes of it."""
    with open(folder / "ballast", "ab", buffering=0) as file, contextlib.suppress(OSError):
        while (room := free(folder) - leaving) > 0:
            file.write(b"\0" * min(room, 1_000_000))


def free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def waiting(house) -> int:
    return house.rows("SELECT count(*) FROM videos_job WHERE state = 'queued' AND waiting_for = 'disk'")[0][0]


@pytest.mark.long
@pytest.mark.alone
def test_f22_a_disk_that_fills_up_and_is_emptied_again(disk):
    with scene(disk, seconds=(600, 600), pages=True, STUDIO_DISK_RESERVE=str(RESERVE)) as (house, vendor):
        until(lambda: sings(house), "both clusters work")
        order(house, 3)
        until(lambda: len(vendor.ledger) == 3, "three are being made")
        fill(disk, RESERVE - 5_000_000)  # less than what has to stay free, and room to write rows
        order(house, 3, first=3)
        until(lambda: waiting(house) == 3, "the next three wait for the disk")
        assert len(vendor.ledger) == 3, "nothing is bought that could not be kept"
        fill(disk, 0)
        vendor.hurry()  # what was paid for is done, and cannot be fetched
        statuses, wanted = set(), wishes(10, 1, 1)[6:]
        ends = time.monotonic() + 30
        with Presses(house, wanted, 0) as presses:
            while time.monotonic() < ends:
                fill(disk, 0)  # logs and checkpoints make a little room now and then
                for path in PAGES:
                    status, page, _headers = ask(house, path)
                    statuses.add(status)
                    assert status in (200, 503, 507), (path, status, page[:500])
                    assert "Traceback" not in page
            assert 500 not in statuses and len(vendor.ledger) == 3
            (disk / "ballast").unlink()
            until(lambda: presses.done, "whoever pressed is told yes, now or after another try")
        assert presses.refused == []
        until(lambda: vendor.hurry() or not house.moving(), "what waited is sent, made and fetched")
        verdict = settled(house, vendor)
        assert verdict.holds, verdict.breaches
        assert verdict.states == {"succeeded": 10} and len(vendor.ledger) == 10
        assert "Every credit is in exactly one place." in house.manage("audit")
        assert "Every file that a row names is there." in house.manage("files")
