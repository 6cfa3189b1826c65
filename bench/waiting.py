"""Simulates T5 and T6: how late a finished film is noticed, with how many status calls: no
clock, no network, seeded. Completion times are lognormal, which is an assumption.

With density f and survival S of the completion time, looks spaced tau(t) cost the integral of
S / tau in questions and of f * tau / 2 in delay, so no spacing has a product of the two below
(integral of sqrt(f * S)) ** 2 / 2."""

import math
import random
import statistics
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from bench.measuring import Row
from videos.jobs import pacing

MEDIAN = 90.0
STUDIOS, JOBS, LEARNED = 60, 500, 30
EARLY = 60.0  # what the engine passes for vendors with a tight rate limit (videos/jobs/watching/observe.py)
FIXED = 15.0  # the loop in the vendors' own documents
SIGMAS = (0.15, 0.3, 0.5)
SIGMA = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """The result of a simulation. Per job: status calls, mean and longest delay in seconds."""

    looks: float
    mean: float
    longest: float


def times(sigma: float, count: int, seed: int, drift: float = 1.0) -> list[float]:
    chance = random.Random(seed)
    return [drift * chance.lognormvariate(math.log(MEDIAN), sigma) for _ in range(count)]


def bound(sigma: float, steps: int = 20_000) -> float:
    """Returns the least possible product of delay (seconds) and status calls."""
    top, total = MEDIAN * math.exp(8 * sigma), 0.0
    for n in range(steps):
        t = (n + 0.5) * top / steps
        z = (math.log(t) - math.log(MEDIAN)) / sigma
        density = math.exp(-z * z / 2) / (t * sigma * math.sqrt(2 * math.pi))
        total += math.sqrt(density * math.erfc(z / math.sqrt(2)) / 2) * top / steps
    return total * total / 2


def watch(wait: Callable[[float], float], jobs: list[float]) -> list[tuple[int, float]]:
    """Returns (status calls, delay) of each job. The times of the looks do not depend on the job, so
    they are worked out once."""
    looks = [wait(0.0)]
    while looks[-1] < max(jobs):
        looks.append(looks[-1] + wait(looks[-1]))
    found = ((bisect_left(looks, done), done) for done in jobs)
    return [(at + 1, looks[at] - done) for at, done in found]


def summed(seen: list[tuple[int, float]]) -> Seen:
    delays = [delay for _looks, delay in seen]
    return Seen(statistics.fmean(looks for looks, _delay in seen), statistics.fmean(delays), max(delays))


def fixed(sigma: float) -> Seen:
    jobs = [t for n in range(STUDIOS) for t in times(sigma, JOBS, seed=1000 + n)]
    return summed(watch(lambda _elapsed: FIXED, jobs))


def learned(sigma: float, *, price: float, early: float | None = None, drift: float = 1.0) -> Seen:
    """Simulates many studios that each know their last 30 jobs; ``drift``: the vendor has since become
    so many times slower."""
    seen = []
    for n, hazard in enumerate(_hazards(sigma)):

        def wait(elapsed: float, hazard: pacing.Hazard = hazard) -> float:
            return pacing.next_look(hazard, elapsed, price=price, early=early)

        seen += watch(wait, times(sigma, JOBS, seed=1000 + n, drift=drift))
    return summed(seen)


def _hazards(sigma: float) -> list[pacing.Hazard]:
    if sigma not in _KNOWN:
        _KNOWN[sigma] = [pacing.learn(times(sigma, LEARNED, seed=n), median=MEDIAN) for n in range(STUDIOS)]
    return _KNOWN[sigma]


_KNOWN: dict[float, list[pacing.Hazard]] = {}


def priced(sigma: float, looks: float, *, early: float | None) -> Seen:
    """Simulates the policy at the price where it asks as often as ``looks``."""
    low, high = 0.01, 20.0
    for _halving in range(14):
        price = math.sqrt(low * high)
        seen = learned(sigma, price=price, early=early)
        low, high = (price, high) if seen.looks > looks else (low, price)
    return seen


def near_the_bound() -> list[Row]:
    rows = []
    for sigma in SIGMAS:
        least, seen = bound(sigma), learned(sigma, price=0.5, early=EARLY)
        rows.append(
            Row(
                "T5", f"looks x mean delay / the bound, spread {sigma}, learned from {LEARNED} jobs",
                f"{least:.1f}", f"{seen.looks:.1f} x {seen.mean:.1f} s = {seen.looks * seen.mean:.1f}",
                seen.looks * seen.mean / least, most=1.35,
            )
        )  # fmt: skip
    for drift, said in ((1 / 1.6, "faster"), (1.6, "slower")):
        seen = learned(SIGMA, price=0.25, drift=drift)
        rows.append(
            Row(
                "T5", f"longest delay / 15 s, the vendor became 1.6 times {said}, default heartbeat",
                f"{FIXED:g} s", f"{seen.longest:.1f} s; {seen.looks:.1f} looks, mean {seen.mean:.1f} s",
                seen.longest / FIXED, most=1.0,
            )
        )  # fmt: skip
    return rows


def as_many_looks() -> list[Row]:
    base, shipped = fixed(SIGMA), learned(SIGMA, price=0.25)
    ours = priced(SIGMA, base.looks, early=EARLY)
    assert abs(ours.looks / base.looks - 1) <= 0.05, f"{ours.looks} looks are not {base.looks}"
    every = f"{base.mean:.2f} s, {base.looks:.1f} looks"
    return [
        Row(
            "T6", f"mean delay at the same number of looks: learned / every {FIXED:g} s, spread {SIGMA}",
            every, f"{ours.mean:.2f} s, {ours.looks:.1f} looks", ours.mean / base.mean, most=0.65,
        ),
        Row(
            "", "the same at the price and heartbeat that are shipped, where looks are not short",
            every, f"{shipped.mean:.2f} s, {shipped.looks:.1f} looks", shipped.mean / base.mean,
        ),
    ]  # fmt: skip
