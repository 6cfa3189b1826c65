"""F8: how long to stay away, in every way a vendor may say it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.jobs.account.retry_after import seconds

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7), (" 7 ", 7), ("0", None), ("00", None), ("999999999", 3600), ("9" * 400, 3600),
        ("", None), ("-1", None), ("garbage", None), ("7s", None), ("1.5", None), ("٧", None), ("²", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 3600),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), None),
        ("Sat, 21 Nov 2026 12:00:30", 30),
        ("Sat, 99 Nov 2026 12:00:30 GMT", None),
    ],
)  # fmt: skip
def test_f8_every_form(header, wait):
    assert seconds(header, NOW, most=3600) == wait


@given(st.text(max_size=60))
def test_whatever_it_says_it_is_bounded(header):
    wait = seconds(header, NOW, most=3600)
    assert wait is None or 0 < wait <= 3600
