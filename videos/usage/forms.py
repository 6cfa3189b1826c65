"""The form of the usage page: which days, grouped by what. Everything is in the address."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from videos.days import day_field
from videos.models import Team
from videos.usage.period import LONGEST, Period

SPANS = (("7", _("7 days")), ("30", _("30 days")), ("custom", _("Other days")))
GROUPINGS = (
    ("person", _("Person")),
    ("project", _("Project")),
    ("model", _("Model")),
    ("vendor", _("Vendor")),
    ("key", _("Key")),
)


class UsageForm(forms.Form):
    """Which days, grouped by what, rehearsals or real money. A value that cannot be read is reported beside
    its field, and the last 30 days are shown."""

    days = forms.ChoiceField(choices=SPANS, required=False)
    by = forms.ChoiceField(choices=GROUPINGS, required=False)
    rehearsal = forms.ChoiceField(choices=(("0", ""), ("1", "")), required=False)
    since = day_field(_("From"))
    until = day_field(_("To"))

    def __init__(self, team: Team, query):
        super().__init__(query)
        self.team = team
        self.is_valid()

    def clean(self):
        period = self._period()
        if period.until < period.since:
            self.add_error("until", _("This day is before the first one."))
        elif (period.until - period.since).days >= LONGEST:
            self.add_error("until", _("At most a year at once."))

    def _period(self) -> Period:
        if self.span != "custom":
            return Period.last(int(self.span))
        until = self.cleaned_data.get("until") or Period.last(1).until
        return Period(self.cleaned_data.get("since") or until - timedelta(days=29), until)

    @property
    def span(self) -> str:
        """``7``, ``30`` or ``custom``; custom wherever a day is given."""
        named = self.cleaned_data.get("since") or self.cleaned_data.get("until")
        return "custom" if named else self.cleaned_data.get("days") or "30"

    @property
    def period(self) -> Period:
        return Period.last(30) if self.errors else self._period()

    @property
    def grouping(self) -> str:
        return self.cleaned_data.get("by") or "person"

    @property
    def rehearses(self) -> bool:
        """Whether rehearsals are shown. A team that only rehearses has nothing else to see."""
        return (self.cleaned_data.get("rehearsal") or str(int(self.team.rehearsal_only))) == "1"
