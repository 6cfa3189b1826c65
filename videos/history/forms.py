"""The filters of the prompt history. Every filter is in the address, so that a filtered list can be sent to
a colleague."""

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.days import day_field
from videos.models import Membership, Project, User
from videos.search.words import LONGEST
from videos.vendors import registry


class FilterForm(forms.Form):
    """Search words, person, vendor, project and days. Archived projects are among the choices: last, and
    named so."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody")
    )
    vendor = forms.ChoiceField(label=_("Vendor"), required=False)
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("Every project")
    )
    since = day_field(_("From"))
    until = day_field(_("To"))

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = access.members_of(member).order_by().values("user")
        self.fields["person"].queryset = User.objects.filter(pk__in=people).order_by("name", "email")
        # Archived projects are filters too; they come last, and are named so.
        self.fields["project"].queryset = access.projects_known(member).order_by(
            F("archived_at").asc(nulls_first=True), "name", "id"
        )
        self.fields["project"].label_from_instance = lambda project: project.shown_name
        vendors = [(one.slug, one.name) for one in registry.VENDORS.values()]
        self.fields["vendor"].choices = [("", _("Every vendor")), *vendors]
