"""The forms in which a person enters a key. A key is write-only: it is never put back into the page, not
even where the form is shown again."""

import secrets

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.models import Membership, VendorKey
from videos.vendors import registry
from videos.vendors.contract import Vendor

REHEARSAL = "rehearsal-"  # how the stand-in vendors know a key of theirs
LONGEST = 500


def vendors_by_prefix(key: str) -> set[str]:
    """The vendors whose keys begin like this one."""
    return {one.slug for one in registry.VENDORS.values() if one.key_hint and key.startswith(one.key_hint)}


def key_in(typed: str) -> str:
    """The key in what was typed: people copy the whole header out of a vendor's example."""
    key = typed.strip().removeprefix("Authorization:").strip().removeprefix("Bearer ").strip()
    if key and (len(key) < 8 or not all("!" <= letter <= "~" for letter in key)):
        raise forms.ValidationError(_("A key is one word of at least 8 Latin letters, digits and signs."))
    return key


def rehearsal_key(key: str) -> str:
    """A key as the sandbox takes it; a new one where nothing was typed."""
    return key if key.startswith(REHEARSAL) else REHEARSAL + (key or secrets.token_hex(8))


def describe_doubt(vendor: Vendor, key: str) -> str:
    """Why this may be no key of ``vendor``, or "". With a key in the wrong vendor's field, the next press
    would send it to a stranger."""
    others = vendors_by_prefix(key) - {vendor.slug}
    if others and vendor.slug not in vendors_by_prefix(key):
        names = ", ".join(sorted(registry.vendor(slug).name for slug in others))
        return gettext("This looks like a key of %(names)s.") % {"names": names}
    if vendor.key_hint and not key.startswith(vendor.key_hint):
        names = {"vendor": vendor.name, "hint": vendor.key_hint}
        return gettext("Keys of %(vendor)s begin with %(hint)s; this one does not.") % names
    return ""


class LabelForm(forms.ModelForm):
    class Meta:
        model = VendorKey
        fields = ("label",)
        help_texts = {"label": _("So that colleagues tell keys apart. Optional.")}
        widgets = {"label": forms.TextInput(attrs={"autocomplete": "off"})}


class KeyForm(LabelForm):
    vendor = forms.ChoiceField(
        label=_("Vendor"), choices=lambda: [(one.slug, one.name) for one in registry.VENDORS.values()]
    )
    kind = forms.ChoiceField(
        label=_("What it is for"),
        choices=(("real", _("Real work")), ("rehearsal", _("Rehearsal"))),
        widget=forms.RadioSelect,
        help_text=_("For ever: a rehearsal key never reaches a real vendor, a real one never the stand-ins."),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=LONGEST,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Kept sealed and never shown again. For rehearsal you may leave it empty."),
    )
    owner = forms.ChoiceField(
        label=_("Who spends with it"),
        choices=(("team", _("The whole team")), ("me", _("Only I"))),
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label=_("It is right as it is"), required=False)
    field_order = ("vendor", "kind", "key", "label", "owner", "sure")

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.doubtful = False  # shows the box that says "it is right as it is"
        self.fields["kind"].initial = "rehearsal" if member.team.rehearsal_only else "real"
        self.fields["owner"].initial = "team" if access.can(member, "manage") else "me"
        if member.team.rehearsal_only:
            self.fields["kind"].choices = (("rehearsal", _("Rehearsal")),)
        if not access.can(member, "manage"):
            self.fields["owner"].choices = (("me", _("Only I")),)

    def clean_key(self) -> str:
        return key_in(self.cleaned_data["key"])

    def clean(self) -> dict[str, object]:
        data = super().clean()
        vendor, key = data.get("vendor"), data.get("key")
        if vendor is None or key is None or "kind" not in data:
            return data
        if data["kind"] == "rehearsal":
            data["key"] = rehearsal_key(key)
        elif not key:
            self.add_error("key", _("Paste the key here."))
        elif not data.get("sure"):
            self._doubt(registry.vendor(vendor), key)
        return data

    def _doubt(self, vendor: Vendor, key: str) -> None:
        if problem := describe_doubt(vendor, key):
            self.doubtful = True
            self.add_error("key", problem + " " + gettext("Paste it again once you have looked."))


class ReplaceForm(forms.Form):
    """Another key for the account of ``row``."""

    key = forms.CharField(
        label=_("New key"),
        max_length=LONGEST,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sure = forms.BooleanField(label=_("It is right as it is"), required=False)

    def __init__(self, row: VendorKey, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        self.doubtful = False
        self.fields["key"].help_text = (
            gettext("Kept sealed and never shown again. For rehearsal you may leave it empty.")
            if row.rehearsal
            else gettext("Kept sealed and never shown again.")
        )

    def clean_key(self) -> str:
        key = key_in(self.cleaned_data["key"])
        if self.row.rehearsal:
            return rehearsal_key(key)
        if not key:
            raise forms.ValidationError(_("Paste the key here."))
        if key.startswith(REHEARSAL):
            raise forms.ValidationError(
                _("This is a rehearsal key, and what it would replace is a real one.")
            )
        return key

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if "key" in data and not self.row.rehearsal and not data.get("sure"):
            if problem := describe_doubt(registry.vendor(self.row.vendor), data["key"]):
                self.doubtful = True
                self.add_error("key", problem + " " + gettext("Paste it again once you have looked."))
        return data
