"""A month is a calendar month where the studio is (its TIME_ZONE), the same for everybody:
a budget must not begin anew earlier for whoever sits further east."""

from datetime import date, datetime

from django.utils import timezone

from videos.models import clock


def this_month() -> date:
    """Its first day."""
    return timezone.localtime(clock.now(), timezone.get_default_timezone()).date().replace(day=1)


def begins(month: date) -> datetime:
    """The first moment of the month whose first day this is."""
    return datetime(month.year, month.month, 1, tzinfo=timezone.get_default_timezone())
