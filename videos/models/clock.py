"""What time it is: the database's clock, because leases of several machines are
compared with each other and their own clocks disagree.

SQLite runs inside the process, so its clock is this machine's. PostgreSQL is asked
once a minute how far this machine is off, which costs no query in between."""

import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

ASK_EVERY = 60.0
_offset = timedelta(0)
_asked_at: float | None = None


def now() -> datetime:
    """The database's time, aware, in UTC."""
    global _offset, _asked_at
    if connection.vendor == "postgresql":
        tick = time.monotonic()
        if _asked_at is None or tick - _asked_at > ASK_EVERY:
            before = timezone.now()
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                answer = cursor.fetchone()[0]
            _offset = answer - (before + (timezone.now() - before) / 2)
            _asked_at = tick
        return timezone.now() + _offset
    return timezone.now()


def later(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
