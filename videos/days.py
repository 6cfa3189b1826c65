"""A day that an address names: the field that reads it, and the moment at which it begins."""

from datetime import date, datetime, time

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

# Far enough for everybody; the day before and the day after it are still in the calendar, in every
# time zone. `datetime` raises OverflowError beyond the years 1 and 9999.
DAY_RANGE = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1)))


def day_field(label) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=DAY_RANGE)


def midnight(day: date) -> datetime:
    """The beginning of a day where the viewer is. Where clocks are put forward at midnight, there is
    none: it is then the moment at which they are."""
    return timezone.make_aware(datetime.combine(day, time.min))
