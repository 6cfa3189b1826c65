"""What the vendor's ledger says beside what the studio says. Pure: rows and charges in, breaches
out, so that a test can show that each kind of breach would be seen."""

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.house import MOVING
from tests.chaos.vendor import Charge

FREE = ("none", "not_charged")  # money that the studio says was never spent
ENDS = ("succeeded", "failed", "canceled", "unknown", "lost", "download_failed")


@dataclass(frozen=True, slots=True)
class Found:
    """One job as the studio has it. ``sha256`` is of the file that lies in the store, "" for none;
    ``poster``: whether it has one there."""

    token: str
    prompt: str
    state: str
    money: str
    task: str = ""
    sha256: str = ""
    poster: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Each breach is a list of sentences; a run passes when all are empty."""

    jobs: int
    charges: int
    states: Counter
    unknown_charged: int
    breaches: dict[str, list[str]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not any(self.breaches.values())


def reckon(jobs: list[Found], accepted: set[str], ledger: list[Charge], films: dict[str, str]) -> Verdict:
    """``accepted``: tokens for which a person was told yes. ``films``: task to the hash of what was
    made of it."""
    paid = Counter(charge.prompt for charge in ledger)
    theirs = {charge.task: charge.prompt for charge in ledger}
    known = {job.prompt for job in jobs}
    unknown = [job for job in jobs if job.state == "unknown"]
    breaches = {
        "double charges": [f"{prompt}: {count} charges" for prompt, count in paid.items() if count > 1],
        "charged and said to be free": [
            told(job) for job in jobs if paid[job.prompt] and (job.state in ("failed", "canceled") or job.money in FREE)
        ],
        "stuck": [told(job) for job in jobs if job.state in MOVING],
        "lost": [
            *(f"{token} was accepted and is not there" for token in accepted - {job.token for job in jobs}),
            *(f"{prompt} was charged and is not there" for prompt in paid if prompt not in known),
            *(told(job) for job in jobs if job.state in ("lost", "download_failed")),
        ],
        "wrong files": [told(job) for job in jobs if job.state == "succeeded" and not right(job, theirs, films)],
    }  # fmt: skip
    return Verdict(
        len(jobs), len(ledger), Counter(job.state for job in jobs),
        sum(bool(paid[job.prompt]) for job in unknown), breaches,
    )  # fmt: skip


def right(job: Found, theirs: dict[str, str], films: dict[str, str]) -> bool:
    """It was paid for under its own prompt, and what lies here is what was made of it."""
    return theirs.get(job.task) == job.prompt and job.sha256 == films[job.task] and job.poster


def told(job: Found) -> str:
    return f"{job.prompt}: {job.state}, money {job.money}, task {job.task or 'none'}"


def table(verdict: Verdict) -> list[str]:
    found = verdict.states
    unknown = f" ({verdict.unknown_charged} of them charged)" if found["unknown"] else ""
    ends = [
        f"{state} {found[state]}{unknown if state == 'unknown' else ''}" for state in ENDS if found[state]
    ]
    lines = [f"jobs      {verdict.jobs}: {', '.join(ends)}", f"charges   {verdict.charges}", ""]
    for what, cases in verdict.breaches.items():
        lines.append(f"  {what:<30}{len(cases):>4}")
        lines += [f"      {case}" for case in cases[:20]]
    return lines
