"""``python -m tests.chaos``: see ``make help``. The environment says how: JOBS, LASTS (seconds),
SEED, DATABASE (sqlite or postgres), TASK=naive."""

import os
import random
import sys

from tests.chaos.run import Plan, run


def main() -> int:
    given = os.environ
    jobs = int(given.get("JOBS") or 60)
    plan = Plan(
        seed=int(given.get("SEED") or random.SystemRandom().randrange(10_000)),
        jobs=jobs,
        seconds=float(given.get("LASTS") or jobs),
        database=given.get("DATABASE") or "sqlite",
        task=given.get("TASK", ""),
    )
    print(
        f"seed {plan.seed}: {plan.jobs} jobs on {plan.database}, kills for {plan.seconds:.0f} s", flush=True
    )
    report = run(plan, lambda line: print(line, flush=True))
    told = [] if plan.task == "naive" else [report.log[-20_000:]]
    print("\n".join([*told, *report.lines()]).strip())
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
