"""What time it is: the database's clock, because leases of several machines are
compared with each other and their own clocks disagree.

SQLite runs inside the process, so its clock is this machine's. PostgreSQL is asked
once a minute, which costs no query in between; from its answer on, time goes by this
machine's steady clock, which nobody sets: a step of the other one changes nothing."""

import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

ASK_EVERY = 60.0
_answer: tuple[datetime, float] | None = None  # the database's time, and our steady clock's then


def now() -> datetime:
    """The database's time, aware, in UTC."""
    global _answer
    if connection.vendor != "postgresql":
        return timezone.now()
    if _answer is None or time.monotonic() - _answer[1] > ASK_EVERY:
        before = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            said = cursor.fetchone()[0]
        _answer = said, (before + time.monotonic()) / 2
    return _answer[0] + timedelta(seconds=time.monotonic() - _answer[1])


def later(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
