"""Reads the ``Retry-After`` header: how long a vendor asks us to stay away. PURE."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds(header: str, now: datetime, *, most: float) -> float | None:
    """The wait in seconds, at most ``most``. ``header`` is seconds or an HTTP date (RFC 9110, 10.2.3).
    None where it says nothing usable; 0 counts as that, because it would have us ask again at once,
    for ever."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), most) or None
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    wait = (when - now).total_seconds()
    return min(wait, most) if wait > 0 else None
