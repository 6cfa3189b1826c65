"""The form with which a person imports a result that was made elsewhere."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.models import Membership
from videos.vendors import registry


class ImportForm(forms.Form):
    """Names a task at a vendor. The key decides which vendor is asked; ``model`` only names what the result
    was made with."""

    key = forms.ChoiceField(
        label=_("Key"), help_text=_("The one it was made with: a vendor shows a task to its own account.")
    )
    model = forms.ChoiceField(label=_("Model"))
    task_id = forms.CharField(
        label=_("Task id"),
        max_length=200,
        help_text=_("From the vendor's own console, or from the tool that made it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    prompt = forms.CharField(
        label=_("Prompt"),
        max_length=20_000,
        required=False,
        help_text=_("Optional: what was asked for, so that it is found again."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = {str(one.pk): one for one in access.usable_keys(member)}
        vendors = [registry.vendor(slug) for slug in dict.fromkeys(one.vendor for one in self.keys.values())]
        self.fields["key"].choices = [(pk, key_label(one)) for pk, one in self.keys.items()]
        self.fields["model"].choices = [
            (vendor.name, [(model.key, model.name) for model in vendor.models]) for vendor in vendors
        ]

    def clean(self) -> dict[str, object]:
        data = super().clean()
        key = self.keys.get(data.get("key", ""))
        if key and "model" in data and registry.MODELS[data["model"]].vendor != key.vendor:
            vendor = registry.vendor(key.vendor).name
            self.add_error(
                "model", gettext("This key is of %(vendor)s: choose a model of theirs.") % {"vendor": vendor}
            )
        return data

    def wish(self) -> dict[str, object]:
        """The arguments of videos.jobs.verbs.bring_in; call it once the form is valid."""
        data = self.cleaned_data
        return {
            "key": self.keys[data["key"]],
            "model": registry.MODELS[data["model"]],
            "task_id": data["task_id"],
            "prompt": data["prompt"],
        }


def key_label(key) -> str:
    """A key with its vendor's name, as a choice."""
    name = f"{registry.vendor(key.vendor).name} · {key}"
    return gettext("%(key)s (rehearsal)") % {"key": name} if key.rehearsal else name
