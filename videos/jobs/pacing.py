"""Computes when to look at a job again. PURE: it is given seconds and reads no clock.

A look costs a call, a late look costs waiting. With completion times of density f and
survival S, the cheapest spacing at the moment t is ``sqrt(2 * price / hazard(t))``,
hazard = f / S, where ``price`` says how many seconds of waiting one call is worth. Where
the hazard changes between two looks, the next one is due when the integral of
``1 / spacing`` reaches one. Never longer than ``most``: a vendor that has become faster
must be noticed. (Fixed spacing wastes up to half of its calls; equal shares of the
distribution have a worse 95th percentile than fixed spacing.)"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

PRIOR_WEIGHT = 0.03  # of a wide prior below the learned times, so that no time ever has hazard zero
SAMPLES_ENOUGH = 10  # below this many samples the prior weighs more
PRIOR_SIGMA = 0.9  # of the logarithm of seconds
STEPS = 320  # points of the grid
GRID_REACH = 6.0  # the grid reaches this many times the slowest sample


@dataclass(frozen=True, slots=True)
class Hazard:
    """The chance per second that a job which is not done by ``times[i]`` is done there."""

    times: tuple[float, ...]
    rates: tuple[float, ...]
    earliest: float = 0.0  # hardly any job was ever done before this many seconds

    def index_at(self, t: float) -> int:
        """The index in ``rates`` of the rate that holds at ``t`` seconds."""
        return max(0, bisect_right(self.times, t) - 1)


def learn(samples: Sequence[float], *, median: float) -> Hazard:
    """Estimate the hazard from past completion times in seconds (any order, may be empty) and the
    ``median`` to assume before anything is known: a kernel density over their logarithms."""
    known = [s for s in samples if s > 0]
    trust = (1 - PRIOR_WEIGHT) * min(1.0, len(known) / SAMPLES_ENOUGH)
    logs = [math.log(s) for s in known]
    width = _bandwidth(logs)
    centre = math.log(sorted(known)[len(known) // 2]) if len(known) >= SAMPLES_ENOUGH else math.log(median)
    kernels = [(log, width, trust / len(logs)) for log in logs] + [(centre, PRIOR_SIGMA, 1 - trust)]
    low = min([*known, median]) / 8
    high = max([*known, median]) * GRID_REACH
    ratio = (high / low) ** (1 / STEPS)
    times = tuple(accumulate(range(STEPS), lambda t, _step: t * ratio, initial=low))
    rates = tuple(_rate(math.log(t), t, kernels) for t in times)
    earliest = math.exp(min(log - 2 * width for log in logs)) if len(known) >= SAMPLES_ENOUGH else 0.0
    return Hazard((0.0, *times), (rates[0], *rates), earliest)


def next_look(
    hazard: Hazard,
    elapsed: float,
    *,
    price: float = 0.25,
    least: float = 1.0,
    most: float = 15.0,
    early: float | None = None,
) -> float:
    """Seconds until the next look at a job that was not done ``elapsed`` seconds after it
    was accepted. ``early``: the longest wait before the earliest time ever seen, for
    accounts whose rate limit is tight; everywhere else ``most`` holds from the start."""
    step, waited, due = least / 4, 0.0, 0.0
    if early is not None and elapsed < hazard.earliest:
        most = max(most, min(early, hazard.earliest - elapsed))
    times, rates = hazard.times, hazard.rates
    index = hazard.index_at(elapsed)
    while waited < most:
        middle = elapsed + waited + step / 2
        while index + 1 < len(times) and times[index + 1] <= middle:
            index += 1
        due += step * math.sqrt(rates[index] / (2 * price))
        waited += step
        if due >= 1:
            break
    return min(max(waited, least), most)


def push_ahead_by(silent: float, *, least: float, most: float) -> float:
    """How far the due time of a job that is being asked about is pushed ahead: ``least``, doubled until
    it is as long as the job has been without an answer; at most ``most``. All in seconds."""
    pause = least
    while pause < min(silent, most):
        pause *= 2
    return min(pause, max(least, most))


def after_error(errors: int, *, first: float, most: float) -> float:
    """Seconds until the next try: ``first``, doubled with each of ``errors`` tries in a row that brought
    no answer, at most ``most``."""
    return min(first * 2 ** min(errors, 16), most)


def usual_range(samples: Sequence[float]) -> tuple[float, float] | None:
    """The range in seconds in which four of five jobs were done; None for fewer than five samples."""
    if len(samples) < 5:
        return None
    ordered = sorted(samples)
    last = len(ordered) - 1
    return ordered[round(last * 0.1)], ordered[round(last * 0.9)]


def _bandwidth(logs: Sequence[float]) -> float:
    """The kernel width by Silverman's rule; a wide one for fewer than two samples."""
    if len(logs) < 2:
        return 0.25
    mean = sum(logs) / len(logs)
    spread = math.sqrt(sum((x - mean) ** 2 for x in logs) / (len(logs) - 1))
    return max(0.04, 1.06 * spread * len(logs) ** -0.2)


def _rate(log_t: float, t: float, kernels: Sequence[tuple[float, float, float]]) -> float:
    """The hazard per second at ``t``, density over survival, of log-normal ``kernels`` (centre, width,
    weight)."""
    density = survival = 0.0
    for centre, width, weight in kernels:
        z = (log_t - centre) / width
        density += weight * math.exp(-z * z / 2) / (width * math.sqrt(2 * math.pi))
        survival += weight * math.erfc(z / math.sqrt(2)) / 2
    return density / t / max(survival, 1e-12)
