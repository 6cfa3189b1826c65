"""Several people in the same instant, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(calls: list[Callable], *expected: type[Exception]) -> list:
    """What each call gave, or which of the ``expected`` exceptions it raised."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(n: int, call: Callable) -> None:
        try:
            gate.wait()
            results[n] = call()
        except expected as raised:
            results[n] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
