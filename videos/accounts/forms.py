"""The forms in which people edit their profile and their team, and invite others."""

import zoneinfo
from datetime import datetime

from django import forms
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.accounts import proved_addresses
from videos.models import Invite, Membership, Project, Role, Team, Theme, User
from videos.models.email_addresses import clean_email


def language_choices() -> list[tuple[str, object]]:
    names = [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("Like my browser")), *names]


def zone_choices() -> list[tuple[str, object]]:
    """Time zones by continent, as the IANA names have them; the rest of that list is for machines."""
    places: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        continent, slash, city = name.partition("/")
        if slash and continent not in ("Etc", "SystemV", "US"):
            places.setdefault(continent, []).append((name, city.replace("_", " ").replace("/", ", ")))
    return [("", _("Like my browser")), ("UTC", "UTC"), *places.items()]


class AddressInput(forms.TextInput):
    """An input for an e-mail address, without ``type="email"``: Chromium rewrites the domain, and sends
    ``strasse.example``, which is somebody else's, for ``straße.example``."""

    def __init__(self, autocomplete: str):
        super().__init__(
            {
                "inputmode": "email",
                "autocomplete": autocomplete,
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        )


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, required=False)
    theme = forms.ChoiceField(label=_("Look"), choices=Theme, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "shortcuts")
        help_texts = {
            "name": _("As your colleagues know you."),
            "shortcuts": _(
                "Keys that act by themselves where nobody types, as K plays a film. "
                "Off: a key alone only ever types."
            ),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.their_time: datetime = timezone.localtime()

    def clean_name(self) -> str:
        return self.cleaned_data["name"].strip()


class OwnIds:
    """Gives the fields of each form ids of their own, because several forms stand on one page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class TeamForm(OwnIds, forms.ModelForm):
    class Meta:
        model = Team
        fields = ("name",)
        labels = {"name": _("Name of the team")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "organization"})}


class ProjectForm(OwnIds, forms.ModelForm):
    class Meta:
        model = Project
        fields = ("name",)
        labels = {"name": _("Name of the project")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}


def roles_to_give(member: Membership) -> list[tuple[str, object]]:
    """The roles that this person may give; only owners make owners."""
    return [(role, label) for role, label in Role.choices if role != Role.OWNER or access.can(member, "own")]


class RoleForm(OwnIds, forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_to_give(member)


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=Invite._meta.get_field("email").max_length,
        help_text=_("Optional. With it, the link works for this address only."),
        widget=AddressInput(autocomplete="off"),
    )
    field_order = ("email", "role")

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(member, *args, **kwargs)
        self.fields["role"].initial = Role.MAKER
        if not proved_addresses.can_prove():
            self.fields["email"].help_text = _(
                "Leave it empty: this studio sends no letters, so nobody who makes an account can prove an address."
            )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        return clean_email(email) if email else ""
