"""One run: presses, cruelties, then quiet until nothing moves any more, then the reckoning."""

import contextlib
import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.house import House
from tests.chaos.kills import Cruelty
from tests.chaos.presses import Presses, fetch_again, wishes
from tests.chaos.reckoning import Found, Verdict, reckon, table
from tests.chaos.vendor import Vendor, open_for_business
from tests.media.films import film
from tests.postgres import Server, server

JOBS_PER_TEAM = 15  # each team has its own accounts: their limits must not make a run long
SOMETHING = 5.0  # seconds in which something should have happened to some job
STUCK_AFTER = 240.0  # seconds in which nothing at all happened; a cluster restarted in vain may get 96


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds``: how long people press and things are killed; what it takes until all jobs have
    ended comes on top. ``pause``: seconds between two cruelties, at least and at most. ``kills``:
    at least so many; 0: each way once."""

    seed: int
    jobs: int = 60
    seconds: float = 60.0
    database: str = "sqlite"
    task: str = ""
    pause: tuple[float, float] = (1.0, 4.0)
    kills: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    plan: Plan
    verdict: Verdict
    took: float
    hits: Counter
    fates: Counter
    pressed_again: int
    fetched_again: int  # films that three killed downloaders had given up on, by one press each
    troubles: list[str]  # what else went wrong, a sentence each
    log: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict.holds and not self.troubles

    def lines(self) -> list[str]:
        plan, counted = (
            self.plan,
            lambda counter: ", ".join(f"{name} {n}" for name, n in sorted(counter.items())),
        )
        who = "a naive task: post, then save" if plan.task == "naive" else "the studio"
        return [
            f"seed      {plan.seed}; {who} on {plan.database}, {self.took:.0f} s",
            f"kills     {self.hits.total()}: {counted(self.hits)}",
            f"requests  {self.fates.total()}: {counted(self.fates)}",
            f"presses   {self.pressed_again} repeated because nobody answered, {self.fetched_again} to fetch a film again",
            *table(self.verdict),
            *self.troubles,
            "",
            "PASSED" if self.passed else f"BREACHED; SEED={plan.seed} repeats its faults and the order of its kills",
        ]  # fmt: skip


def run(plan: Plan, say: Callable[[str], None] = lambda line: None) -> Report:
    with tempfile.TemporaryDirectory(prefix="studio-chaos-") as place:
        folder = Path(place)
        vendor = Vendor(plan.seed, film(folder / "film.mp4", size=(160, 90), frames=6).read_bytes())
        teams = -(-plan.jobs // JOBS_PER_TEAM)
        with database_of(plan) as postgres, open_for_business(vendor):
            url = postgres.url if postgres else ""
            house = House(folder, vendor.url, teams=teams, database=url, CHAOS_TASK=plan.task)
            with house:
                return cruel(plan, house, vendor, Cruelty(house, plan.seed, postgres), say)


@contextlib.contextmanager
def database_of(plan: Plan) -> Iterator[Server | None]:
    if plan.database == "sqlite":
        yield None
    else:
        with server() as one:
            yield one


def cruel(plan: Plan, house: House, vendor: Vendor, cruelty: Cruelty, say: Callable[[str], None]) -> Report:
    began = time.monotonic()
    with Presses(house, wishes(plan.jobs, house.teams, plan.seed), plan.seconds * 0.8) as presses:
        while not over(plan, cruelty, presses, house, time.monotonic() - began):
            let_something_happen(house, cruelty.dice.uniform(*plan.pause))
            hit, passed = cruelty.deal(), time.monotonic() - began
            say(f"{passed:6.1f} s  {hit:<18} {len(presses.accepted)} pressed, {house.moving()} moving")
        cruelty.be_kind()
        stuck = wait_until_quiet(house, vendor, presses)
        fetched = fetch_again(house)
        stuck += wait_until_quiet(house, vendor, presses) if fetched else []
    proof = audit(house)
    verdict = reckon(
        jobs_in(house), presses.accepted, vendor.ledger, {task: vendor.sha256(task) for task in vendor.tasks}
    )
    troubles = [*presses.refused, *stuck, *proof]
    return Report(
        plan, verdict, time.monotonic() - began, cruelty.hits, vendor.fates, presses.again, fetched, troubles,
        "" if verdict.holds and not troubles else house.log("worker"),
    )  # fmt: skip


def let_something_happen(house: House, pause: float) -> None:
    """So that a slow machine is hit as often per job as a fast one, and not per second."""
    before, ends = house.events(), time.monotonic() + SOMETHING
    time.sleep(pause)
    while house.events() == before and house.moving() and time.monotonic() < ends:
        time.sleep(0.2)


def over(plan: Plan, cruelty: Cruelty, presses: Presses, house: House, passed: float) -> bool:
    """Enough was dealt, and the time is up or there is nothing left to be cruel to."""
    enough = cruelty.hits.total() >= (plan.kills or len(cruelty.ways))
    return enough and (passed > plan.seconds or (presses.done and not house.moving()))


def wait_until_quiet(house: House, vendor: Vendor, presses: Presses) -> list[str]:
    """However long it takes, as long as something happens."""
    seen, since = -1, time.monotonic()
    while not (presses.done and not vendor.calling and not house.moving()):
        if (now := house.events()) != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > STUCK_AFTER:
            return [f"nothing happened for {STUCK_AFTER:.0f} s"]
        time.sleep(0.5)
    return []


def audit(house: House) -> list[str]:
    """The studio's own proof that every credit is in one place."""
    try:
        house.manage("audit")
    except AssertionError as error:
        return [str(error)]
    return []


def jobs_in(house: House) -> list[Found]:
    found = house.rows("""
        SELECT job.client_token, prompt.text, job.state, job.money, job.vendor_task_id, output.file, output.poster
        FROM videos_job job JOIN videos_prompt prompt ON prompt.id = job.prompt_id
        LEFT JOIN videos_output output ON output.job_id = job.id ORDER BY job.id
    """)
    return [
        Found(token, prompt, state, money, task or "", sha256(house, file), stored(house, poster).is_file())
        for token, prompt, state, money, task, file, poster in found
    ]


def stored(house: House, name: str | None) -> Path:
    return house.data / "media" / (name or "nothing")


def sha256(house: House, name: str | None) -> str:
    path = stored(house, name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
