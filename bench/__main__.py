"""Runs the measurements and prints one table: ``python -m bench [NAME ...]``."""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench import connections, films, queue, waiting
from bench.measuring import ROUNDS, Row, machine, table

MEASUREMENTS: dict[str, Callable[[], list[Row]]] = {
    "T1": queue.sweep_against_tasks,
    "T2": connections.near_the_ideal,
    "T3": connections.no_pool_blow_up,
    "T4": connections.against_a_client_per_look,
    "T5": waiting.near_the_bound,
    "T6": waiting.as_many_looks,
    "T12": films.against_the_command_line,
    "T14": queue.shipped_against_usual,
    "T15": films.made_to_stored,
}


def main(names: list[str]) -> None:
    print(f"{datetime.now(UTC):%d %B %Y}, {machine()}. Medians of {ROUNDS} interleaved rounds.\n")
    rows: list[Row] = []
    for name in names or MEASUREMENTS:
        began = time.monotonic()
        rows += MEASUREMENTS[name]()
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    if missed := [row for row in rows if not row.kept]:
        print(f"\n{len(missed)} of {len(rows)} rows miss their target.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the documents claim.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(MEASUREMENTS))
    given = parser.parse_args().names
    if unknown := set(given) - set(MEASUREMENTS):
        parser.error(f"no measurement {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
    main(given)
