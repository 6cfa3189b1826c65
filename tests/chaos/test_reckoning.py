"""A harness that cannot fail is none: each kind of breach is seen, and a clean run is not blamed."""

from dataclasses import replace

import pytest

from tests.chaos.reckoning import Found, reckon, table
from tests.chaos.vendor import Charge

GOOD = Found("token-1", "A bell", "succeeded", "charged", "task-1", "hash-1", poster=True)
PAID = [Charge("vendor", "A bell", "task-1")]
FILMS = {"task-1": "hash-1", "task-2": "hash-2"}


def breached(jobs, ledger=PAID, accepted=("token-1",)):
    verdict = reckon(jobs, set(accepted), ledger, FILMS)
    return {what for what, cases in verdict.breaches.items() if cases}


def test_what_was_paid_once_and_is_here_is_no_breach():
    assert breached([GOOD]) == set()


@pytest.mark.parametrize(
    ("job", "what"),
    [
        (replace(GOOD, state="failed"), {"charged and said to be free"}),
        (replace(GOOD, state="canceled"), {"charged and said to be free"}),
        (replace(GOOD, money="not_charged"), {"charged and said to be free"}),
        (replace(GOOD, state="running"), {"stuck"}),
        (replace(GOOD, state="queued", money="none"), {"stuck", "charged and said to be free"}),
        (replace(GOOD, state="lost"), {"lost"}),
        (replace(GOOD, state="download_failed"), {"lost"}),
        (replace(GOOD, sha256=""), {"wrong files"}),
        (replace(GOOD, sha256="hash-2"), {"wrong files"}),
        (replace(GOOD, poster=False), {"wrong files"}),
        (replace(GOOD, task="task-2", sha256="hash-2"), {"wrong files"}),
    ],
)  # fmt: skip
def test_each_breach_is_seen(job, what):
    assert breached([job]) == what


def test_a_second_charge_is_seen():
    assert breached([GOOD], [*PAID, Charge("vendor", "A bell", "task-2")]) == {"double charges"}


def test_what_is_not_there_is_seen():
    assert breached([], [], ["token-1"]) == {"lost"}
    assert breached([], PAID, []) == {"lost"}


def test_what_nobody_knows_is_counted_with_those_that_were_charged():
    unknown = replace(GOOD, state="unknown", money="possibly", task="")
    free = replace(unknown, token="token-2", prompt="Another bell")
    verdict = reckon([unknown, free], {"token-1", "token-2"}, PAID, FILMS)
    assert (verdict.holds, verdict.states["unknown"], verdict.unknown_charged) == (True, 2, 1)
    assert "unknown 2 (1 of them charged)" in table(verdict)[0]
