"""The simulation, held to what is known without it. Nothing here is timed."""

import pytest

from bench import waiting


@pytest.mark.parametrize(("sigma", "known"), [(0.15, 12.9), (0.3, 24.0), (0.5, 37.3)])
def test_the_bound_is_the_integral(sigma, known):
    assert waiting.bound(sigma) == pytest.approx(known, abs=0.1)


def test_the_bound_is_the_same_however_fine_the_steps():
    assert waiting.bound(0.3, steps=5_000) == pytest.approx(waiting.bound(0.3, steps=40_000), rel=1e-4)


def test_a_look_every_fifteen_seconds_is_seven_and_a_half_late():
    """Ninety seconds hold six intervals and, on average, half of another one."""
    seen = waiting.fixed(0.3)
    assert seen.mean == pytest.approx(7.5, abs=0.1)
    assert seen.looks == pytest.approx(6.8, abs=0.1)
    assert seen.longest <= 15


def test_a_job_is_seen_by_the_first_look_that_is_not_too_early():
    assert waiting.watch(lambda _elapsed: 10.0, [10.0, 10.5, 25.0]) == [(1, 0.0), (2, 9.5), (3, 5.0)]


def test_the_same_seed_gives_the_same_times():
    assert waiting.times(0.3, 5, seed=1) == waiting.times(0.3, 5, seed=1) != waiting.times(0.3, 5, seed=2)


def test_the_price_is_found_at_which_as_many_looks_are_made(monkeypatch):
    monkeypatch.setattr(waiting, "STUDIOS", 4)
    monkeypatch.setattr(waiting, "_KNOWN", {})
    assert waiting.priced(0.3, 8.0, early=None).looks == pytest.approx(8.0, rel=0.05)
