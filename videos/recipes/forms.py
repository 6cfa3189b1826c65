"""The form of a template: its words, who may see it, and which model and settings it suits."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import labels, words
from videos.recipes import changes, wording
from videos.vendors import options, registry
from videos.vendors.contract import Option, Problem, Value, Wish

FIELD = "option."
# What a form of words alone cannot be asked: the prompt is checked when it is filled.
ABOUT_OPTIONS = {"prompt", "pictures"}


class RecipeForm(forms.Form):
    """Drawn for one model (or none): its settings are fields of their own, each of which may
    be left to the composer. After ``is_valid``: ``cleaned_data["options"]``."""

    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("What it is for"), max_length=500, required=False, widget=forms.TextInput()
    )
    text = forms.CharField(
        label=_("Words"),
        max_length=changes.TEXT_MOST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "Write {{product}} where something changes from time to time: it becomes a field of its own."
        ),
    )
    private = forms.BooleanField(label=_("Only I see it"), required=False)
    model = forms.ChoiceField(label=_("Model"), required=False)

    def __init__(self, *args, may_hide: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_hide:  # somebody else's shared template: only its author may make it private
            del self.fields["private"]
        self.fields["model"].choices = [("", _("Whatever stands in the form")), *models_by_vendor()]
        self.chosen = registry.MODELS.get(
            self.data.get("model", "") if self.is_bound else self.initial.get("model", "")
        )
        for option in self.chosen.options if self.chosen else ():
            self.fields[FIELD + option.name] = field(option)

    @property
    def settings(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(FIELD)]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if (count := len(wording.variables(text))) > changes.GAPS_MOST:
            raise forms.ValidationError(
                gettext("A template has at most %(most)s different fields; there are %(count)s.")
                % {"most": changes.GAPS_MOST, "count": count}
            )
        return text

    def clean(self) -> dict:
        asked: dict[str, Value] = {}
        for option in self.chosen.options if self.chosen else ():
            typed = self.cleaned_data.get(FIELD + option.name) or ""
            if typed.strip():
                try:
                    asked[option.name] = options.parse_value(option, typed)
                except options.BadValue as bad:
                    self.add_error(FIELD + option.name, words.describe_problem(bad.problem))
        for problem in problems_of(self.chosen, asked) if self.chosen else ():
            self.add_error(FIELD + problem.field, words.describe_problem(problem))
        return self.cleaned_data | {"options": asked}


def problems_of(model, asked: Mapping[str, Value]) -> list[Problem]:
    found = options.check(model, Wish("", asked))
    return [problem for problem in found if problem.field not in ABOUT_OPTIONS]


def field(option: Option) -> forms.Field:
    """A field for one option, which may also be left to the composer."""
    label = labels.option_name(option.name)
    open_ = ("", gettext("as the form has it"))
    if option.legal:
        values = [(str(value), labels.option_value(option.name, value)) for value in option.legal]
        return forms.ChoiceField(label=label, required=False, choices=[open_, *values])
    attrs = {"inputmode": "numeric", "placeholder": open_[1], "autocomplete": "off"}
    return forms.CharField(label=label, required=False, max_length=30, widget=forms.TextInput(attrs))


def models_by_vendor() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (vendor.name, [(model.key, model.name) for model in vendor.models])
        for vendor in registry.VENDORS.values()
    ]


def values_of(model: str, asked: Mapping[str, Value]) -> dict[str, str]:
    """Initial values of the fields for those settings that ``model`` has."""
    known = registry.MODELS.get(model)
    names = [option.name for option in known.options] if known else []
    return {FIELD + name: str(asked[name]) for name in names if name in asked}
