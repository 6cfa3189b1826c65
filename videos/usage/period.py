"""A period of whole days in the viewer's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from videos.days import midnight

LONGEST = 366  # days; one bar and one row of a table each


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @classmethod
    def last(cls, days: int) -> "Period":
        """Today and the days before it, ``days`` in all."""
        today = timezone.localdate()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def starts(self) -> datetime:
        return midnight(self.since)

    @property
    def ends(self) -> datetime:
        """The first moment after the period."""
        return midnight(self.until + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]
