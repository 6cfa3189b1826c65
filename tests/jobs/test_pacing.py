"""When to ask again: PURE, on drawn completion times with fixed seeds."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videos.jobs.pacing import after_error, learn, next_look, push_ahead_by, usual_range

LEAST, MOST = 1.0, 15.0
SAMPLES = st.lists(st.floats(0.01, 20_000), max_size=30)


def drawn(seed, count, median=90.0, sigma=0.35):
    chance = random.Random(seed)
    return [median * math.exp(chance.gauss(0, sigma)) for _ in range(count)]


def watched(hazard, done, price=0.25, first=8.0):
    """Looks until one sees the end; how many there were and how late the last one came."""
    at, looks = first, 1
    while at < done:
        at += next_look(hazard, at, price=price, least=LEAST, most=MOST)
        looks += 1
    return looks, at - done


@given(SAMPLES, st.floats(0, 100_000), st.floats(0.001, 10))
@settings(max_examples=40, deadline=None)
def test_a_pause_is_never_too_short_nor_too_long(samples, elapsed, price):
    wait = next_look(learn(samples, median=90), elapsed, price=price, least=LEAST, most=MOST)
    assert LEAST <= wait <= MOST


def test_before_anything_ever_came_a_tight_account_may_wait_longer_but_not_past_that_moment():
    hazard = learn(drawn(1, 60, median=300, sigma=0.1), median=90)
    assert hazard.earliest > 150
    wait = next_look(hazard, 10, least=LEAST, most=MOST, early=60)
    assert MOST < wait <= 60
    assert next_look(hazard, hazard.earliest - 20, least=LEAST, most=MOST, early=60) <= 20
    assert next_look(hazard, 10, least=LEAST, most=MOST) <= MOST


@pytest.mark.parametrize("faster", [0.5, 0.25, 0.1])
def test_a_vendor_that_became_faster_is_noticed_within_the_longest_pause(faster):
    """The heartbeat: learned from the past, and wrong now."""
    hazard = learn(drawn(2, 100), median=90)
    for done in drawn(3, 100, median=90 * faster):
        _looks, late = watched(hazard, max(done, 8.5))
        assert late <= MOST


def test_it_beats_asking_every_ten_seconds():
    """Fewer calls and a smaller delay at once, on times it was not taught (T6's property)."""
    hazard, ends = learn(drawn(4, 200), median=90), drawn(5, 400)
    ours = [watched(hazard, done) for done in ends]
    fixed = [(math.ceil((done - 8) / 10) + 1, (8 - done) % 10) for done in ends if done > 8]
    calls, late = (sum(column) / len(ours) for column in zip(*ours, strict=True))
    fixed_calls, fixed_late = (sum(column) / len(fixed) for column in zip(*fixed, strict=True))
    assert late < fixed_late
    cheap = [watched(hazard, done, price=2.0) for done in ends]
    assert sum(looks for looks, _late in cheap) / len(cheap) < fixed_calls
    assert calls < 4 * fixed_calls


def test_a_dear_call_is_made_less_often():
    hazard = learn(drawn(6, 100), median=90)
    looks = [watched(hazard, 120, price=price)[0] for price in (0.1, 0.5, 2.5, 10)]
    assert looks == sorted(looks, reverse=True)
    assert looks[0] > looks[-1]


def test_nothing_is_ever_impossible():
    """All came at 60 s exactly; one that takes an hour is still looked at, and one at 5 s seen."""
    hazard = learn([60.0] * 50, median=90)
    assert next_look(hazard, 3600, least=LEAST, most=MOST) <= MOST
    assert all(rate >= 0 and math.isfinite(rate) for rate in hazard.rates)


def test_errors_double_the_pause_up_to_a_limit():
    pauses = [after_error(errors, first=10, most=300) for errors in range(8)]
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert after_error(10**9, first=10, most=300) == 300


def test_an_estimate_needs_five_samples():
    assert usual_range([60, 61, 62, 63]) is None
    low, high = usual_range(drawn(7, 100))
    assert 40 < low < 90 < high < 180


@pytest.mark.parametrize(
    ("silent", "pause"), [(0, 15), (14, 15), (15, 15), (16, 30), (31, 60), (61, 90), (1e9, 90), (-5, 15)]
)
def test_how_far_a_job_is_pushed_ahead_while_it_is_asked_about(silent, pause):
    assert push_ahead_by(silent, least=15, most=90) == pause
