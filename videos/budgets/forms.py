"""The forms of the budgets page."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.models import BudgetRequest, Measure, Membership
from videos.spending import units
from videos.vendors import registry

LEAST = Decimal("0.000001")
MOST = Decimal("9999999")


def amount_field(**more) -> forms.DecimalField:
    """An amount with six decimals, as a vendor's credits have."""
    defaults = {
        "max_digits": 14,
        "decimal_places": 6,
        "min_value": LEAST,
        "max_value": MOST,
        "localize": True,
    }
    return forms.DecimalField(**defaults | {"label": _("Amount")} | more)


def limit_field() -> forms.DecimalField:
    """An amount that may be zero: a budget of nothing is a limit too."""
    return amount_field(label=_("For each month"), min_value=0)


def vendors() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in registry.VENDORS.values()]


def vendors_credits() -> list[tuple[str, str]]:
    return [(f"credits:{slug}", f"{name}: {units.unit_of(slug)}") for slug, name in vendors()]


def with_currency(form: forms.Form, data: dict[str, object]) -> dict[str, object]:
    """Requires a currency where the amount is money."""
    if data.get("unit") == "money:" and not data.get("currency") and "currency" not in form.errors:
        form.add_error("currency", gettext("Which currency?"))
    return data


def unit_of(data: dict[str, object]) -> tuple[str, str]:
    """``measure`` and ``of``, as the rows store them."""
    measure, _colon, of = data["unit"].partition(":")
    return measure, data["currency"].upper() if measure == Measure.MONEY else of


def currency_field(**more) -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=_("Currency"),
        max_length=3,
        help_text=_("Three letters: EUR, USD, CNY."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 4}),
        **more,
    )


class BudgetForm(forms.Form):
    """A new budget. ``scope`` becomes ``person``, ``key`` or ``project``; ``unit`` becomes ``measure`` and
    ``of``, the arguments of videos.budgets.changes.start."""

    scope = forms.ChoiceField(label=_("For"))
    unit = forms.ChoiceField(label=_("Counts"))
    currency = currency_field(required=False)
    amount = limit_field()

    def __init__(self, member: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = [row.user for row in access.members_of(member)]
        self.rows = {
            "person": {str(one.pk): one for one in people},
            "key": {str(one.pk): one for one in access.keys_for(member)},
            "project": {str(one.pk): one for one in access.projects_for(member)},
        }
        names = (_("One person"), _("One key"), _("One project"))
        groups = [
            (name, [(f"{kind}:{pk}", str(one)) for pk, one in rows.items()])
            for name, (kind, rows) in zip(names, self.rows.items(), strict=True)
            if rows
        ]
        self.fields["scope"].choices = [("team:", _("The whole team")), *groups]
        self.fields["unit"].choices = [
            ("presses:", _("Presses of the button, rehearsals included")),
            ("money:", _("Money, in the currency below")),
            (_("A vendor's own credits"), vendors_credits()),
        ]

    def clean(self) -> dict[str, object]:
        return with_currency(self, super().clean())

    def columns(self) -> dict[str, object]:
        """The arguments of videos.budgets.changes.start; call it once the form is valid."""
        data = self.cleaned_data
        kind, _colon, pk = data["scope"].partition(":")
        measure, of = unit_of(data)
        scope = {kind: self.rows[kind][pk]} if kind in self.rows else {}
        return {"measure": measure, "of": of, "amount": data["amount"], **scope}


class AmountForm(forms.Form):
    amount = limit_field()


class AskForm(forms.Form):
    amount = amount_field(label=_("How much more this month"))
    why = forms.CharField(label=_("What for"), max_length=BudgetRequest._meta.get_field("why").max_length)


class AnswerForm(forms.Form):
    """The answer to a request. ``granted`` is read for "approve" alone."""

    decision = forms.ChoiceField(label=_("Answer"), choices=[("approve", ""), ("decline", "")])
    granted = amount_field(label=_("How much"), required=False)
    note = forms.CharField(
        label=_("A word to them"), required=False, max_length=BudgetRequest._meta.get_field("note").max_length
    )

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if data.get("decision") == "approve" and not data.get("granted") and "granted" not in self.errors:
            self.add_error("granted", gettext("How much is it raised by?"))
        return data


class RateForm(forms.Form):
    """The price of a vendor's credit. An empty price removes the rate."""

    vendor = forms.ChoiceField(label=_("Vendor"), choices=vendors)
    currency = currency_field()
    per_credit = amount_field(
        label=_("Price of one credit"),
        max_digits=16,
        decimal_places=8,
        min_value=Decimal("0.00000001"),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="rate-%s", **kwargs)  # three forms on one page

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()


class EstimateForm(forms.Form):
    """The team's own estimate for a model. An empty amount removes the estimate."""

    model = forms.ChoiceField(
        label=_("Model"),
        choices=lambda: [
            (vendor.name, [(model.key, model.name) for model in vendor.models])
            for vendor in registry.VENDORS.values()
        ],
    )
    amount = amount_field(label=_("Your estimate, in credits per press"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="estimate-%s", **kwargs)


class ThresholdForm(forms.Form):
    """The sum from which a press has to be confirmed. An empty sum removes it."""

    unit = forms.ChoiceField(
        label=_("Counts"),
        choices=lambda: [
            (_("A vendor's own credits"), vendors_credits()),
            ("money:", _("Money, in the currency below")),
        ],
    )
    currency = currency_field(required=False)
    amount = amount_field(label=_("Ask from this sum on"), min_value=0, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="threshold-%s", **kwargs)

    def clean(self) -> dict[str, object]:
        return with_currency(self, super().clean())

    def columns(self) -> dict[str, object]:
        """The arguments of videos.budgets.changes.set_threshold; call it once the form is valid."""
        measure, of = unit_of(self.cleaned_data)
        return {"measure": measure, "of": of, "amount": self.cleaned_data["amount"]}
