"""What can be turned while the sandbox runs."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from videos.sandbox.refusals import Reason, Refusal

OUTAGES = ("503", "500", "overloaded", "drop", "empty", "html")
WISHES = {"speed", "outage", "rate", "flat", "revoked", "hurry"}


@dataclass(slots=True)
class Controls:
    """What scripts and the control page can switch. ``outage``: per vendor, how it is out of order. ``rate``: per vendor, requests a
    minute and account. ``flat``: seedanceapi.dev answers its errors with HTTP 200,
    which its document leaves open. ``revoked``: keys that no longer work."""

    speed: float
    outage: dict[str, str] = field(default_factory=dict)
    rate: dict[str, int] = field(default_factory=dict)
    flat: bool = False
    revoked: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def state(self) -> dict[str, Any]:
        names = ("speed", "outage", "rate", "flat", "revoked")
        return {name: getattr(self, name) for name in names}

    def turn(self, wish: dict[str, Any], vendors: set[str]) -> str:
        """Applies a JSON object whole or not at all; returns what is wrong with it, or ``""``."""
        if unknown := set(wish) - WISHES:
            return f"unknown: {', '.join(sorted(unknown))}"
        new = self.state() | {name: value for name, value in wish.items() if name != "hurry"}
        problem = _problem(new, vendors)
        if not problem:
            for name, value in new.items():
                setattr(self, name, value)
        return problem

    def count(self, vendor: str, account: str) -> None:
        """Counts one request. Raises Refusal (BUSY) when the account is over the vendor's rate."""
        if vendor not in self.rate:
            return
        now, window = time.monotonic(), 60 / self.speed
        seen = self.seen[vendor, account]
        while seen and seen[0] < now - window:
            seen.popleft()
        if len(seen) >= self.rate[vendor]:
            wait = max(1, round(seen[0] + window - now))
            raise Refusal(Reason.BUSY, "Too many requests", retry_after=wait)
        seen.append(now)


def _problem(new: dict[str, Any], vendors: set[str]) -> str:
    """Returns what is wrong with a whole new state, or ``""``."""
    speed, outage, rate, revoked = new["speed"], new["outage"], new["rate"], new["revoked"]
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 < speed <= 10_000:
        return "speed must be a number above 0"
    if not isinstance(outage, dict) or not all(k in vendors and v in OUTAGES for k, v in outage.items()):
        return f"outage must map a vendor to one of {', '.join(OUTAGES)}"
    if not isinstance(rate, dict) or not all(
        k in vendors and type(v) is int and v > 0 for k, v in rate.items()
    ):
        return "rate must map a vendor to requests a minute"
    if not isinstance(new["flat"], bool):
        return "flat must be true or false"
    if not isinstance(revoked, list) or not all(isinstance(key, str) for key in revoked):
        return "revoked must be a list of keys"
    return ""
