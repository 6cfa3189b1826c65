"""Lists how a take can be made larger, and computes what drafts saved: several cheap takes first, then only
the kept one at full size.

Pure, except that prices come from the check of a whole order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from videos.models import Job
from videos.states import Money
from videos.vendors import options
from videos.vendors.contract import Model, Value, Wish

NOT_TAKEN = (Money.NOT_CHARGED, Money.REFUNDED)


@dataclass(frozen=True, slots=True)
class Step:
    """One way to make a take larger: ``name`` is the option that grows, ``value`` what it becomes.
    ``same``: the vendor is given the seed that this take was made from."""

    name: str
    value: Value
    wish: dict[str, Value]
    same: bool

    @property
    def key(self) -> str:
        """The step as a form names it."""
        return f"{self.name}:{self.value}"


def larger_steps(model: Model, asked: dict[str, Value]) -> list[Step]:
    """What can grow in this wish, in the model's own order: a higher resolution, a better tier."""
    now, seed = options.complete(model, asked), asked.get("seed")
    same = model.option("seed") is not None and isinstance(seed, int) and seed >= 0
    found = []
    for name in ("resolution", "tier"):
        option = model.option(name)
        legal = option.legal if option else ()
        if now.get(name) not in legal:
            continue
        for value in legal[legal.index(now[name]) + 1 :]:
            wish = {**asked, name: value}
            if not [problem for problem in options.check(model, Wish("", wish)) if problem.field == name]:
                found.append(Step(name, value, wish, same))
    return found


def amount_paid(job: Job) -> Decimal | None:
    """What this take cost, by the vendor's answer or else by its published price; None where neither is
    known."""
    if job.money in NOT_TAKEN:
        return Decimal(0)
    if job.charge is not None:
        return job.charge - (job.refunded or 0)
    return job.estimate


def amount_saved(drafts: Sequence[Job], full: Sequence[Job]) -> Decimal | None:
    """What all takes would have cost at full size, less what was paid for ``drafts`` and for those that
    were made ``full``. None where a price is not published, or nothing was saved."""
    amounts = [amount_paid(job) for job in [*drafts, *full]]
    if None in amounts or any(job.estimate is None for job in [*drafts, *full]):
        return None
    difference = full[-1].estimate * len(drafts) - sum(amounts, Decimal(0))
    return difference if difference > 0 else None
