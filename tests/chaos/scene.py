"""A house and its vendor for one test that does one deliberate harm."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from tests.chaos.dialects import DIALECTS
from tests.chaos.house import House
from tests.chaos.presses import wishes
from tests.chaos.reckoning import Verdict, reckon
from tests.chaos.run import jobs_in
from tests.chaos.vendor import Vendor, open_for_business
from tests.media.films import film

PATIENCE = 240.0  # seconds that a busy machine may take over what takes a few
NO_KEY, WITH_KEY = DIALECTS[0].model, DIALECTS[1].model  # without and with an idempotency key

# What the form does, for as many as are wanted, in one process. Prompts are those of presses.py.
ORDER = """
from videos.jobs.verbs import GenerationRequest, start
from videos.models import Membership
members = list(Membership.objects.select_related("team", "user").order_by("team_id"))
for team, model, token, prompt in {orders!r}:
    start(members[team], GenerationRequest(model=model, prompt=prompt, client_token=token))
"""


@contextlib.contextmanager
def scene(folder: Path, seconds: tuple[float, float] = (0.3, 1.0), **house) -> Iterator[tuple[House, Vendor]]:
    """A vendor that does nothing wrong by itself and makes a film in ``seconds``."""
    vendor = Vendor(
        1, film(folder / "film.mp4", size=(160, 90), frames=6).read_bytes(), calm=True, seconds=seconds
    )
    with open_for_business(vendor), House(folder, vendor.url, **house) as one:
        yield one, vendor


def order(house: House, count: int, *models: str, first: int = 0) -> list[str]:
    """Order ``count`` films as somebody at the form would; of ``models`` in turn, or of all. Their
    prompts."""
    wanted = wishes(first + count, house.teams, 1)[first:]
    orders = [
        (wish.team, models[n % len(models)] if models else wish.model, wish.token, wish.prompt)
        for n, wish in enumerate(wanted)
    ]
    house.manage("shell", "--no-imports", "--verbosity", "0", "--command", ORDER.format(orders=orders))
    return [wish.prompt for wish in wanted]


def until(happened: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < ends, f"{what}: not within {patience:.0f} s"
        time.sleep(0.1)


def settled(house: House, vendor: Vendor) -> Verdict:
    """The reckoning once nothing moves any more."""
    until(lambda: not house.moving(), "every job has ended")
    jobs = jobs_in(house)
    return reckon(
        jobs, {job.token for job in jobs}, vendor.ledger, {task: vendor.sha256(task) for task in vendor.tasks}
    )


def state_of(house: House, prompt: str) -> str:
    rows = house.rows(f"""
        SELECT job.state FROM videos_job job JOIN videos_prompt prompt ON prompt.id = job.prompt_id
        WHERE prompt.text = '{prompt}'
    """)
    return rows[0][0] if rows else ""


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def sings(house: House) -> bool:
    """Both clusters have shown that they work since the worker was started."""
    return all(house.parts(name, "worker") and house.parts(name, "pusher") for name in ("studio", "media"))
