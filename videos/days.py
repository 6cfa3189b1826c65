"""Reads a day from an address or a form, and computes the moment at which that day begins."""

from datetime import date, datetime, time

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

# Far enough for everybody; the day before and the day after it are still in the calendar, in every
# time zone. `datetime` raises OverflowError beyond the years 1 and 9999.
DAY_RANGE = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1)))


def day_field(label) -> forms.DateField:
    """An optional date field, limited to the years 2000 to 2100."""
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=DAY_RANGE)


def midnight(day: date) -> datetime:
    """The beginning of a day in the viewer's time zone. Where clocks are put forward at midnight, that
    moment does not exist; the moment at which they are put forward is returned then."""
    return timezone.make_aware(datetime.combine(day, time.min))
