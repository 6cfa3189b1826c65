"""Reads what a person wishes for, from an address or the command line, before any model is chosen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from videos import labels
from videos.create.form_state import FormState
from videos.models import Rate
from videos.vendors import offers, options
from videos.vendors.contract import Picture
from videos.vendors.offers import DOLLARS, MEDIA, Requirements, TeamPrices

ANY = ("", _("any"))
PICTURES = {
    "video": [
        ("", _("none")),
        ("start", _("Start")),
        ("start-end", _("Start and end")),
        ("reference", _("References")),
    ],
    "still": [("", _("none")), ("reference", _("References"))],
}
OTHER = {"video": "still", "still": "video"}
ONLY = {
    "video": ("seconds", "audio", "films"),
    "still": ("count",),
}  # fields that the other medium does not have
MOST = Decimal("99999")


def number_field(label, most: int, least: int = 1) -> forms.IntegerField:
    """An optional whole number from ``least`` to ``most``."""
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)


class FinderForm(forms.Form):
    """The wishes as fields. ``query`` may be partial: what is not in it does not matter. ``rates`` are the
    team's prices per credit."""

    medium = forms.ChoiceField(label=_("Make a"), required=False, choices=list(labels.MEDIA.items()))
    seconds = number_field(_("Length"), 60)
    aspect_ratio = forms.ChoiceField(label=_("Shape"), required=False)
    resolution = forms.ChoiceField(label=_("Resolution at least"), required=False)
    audio = forms.ChoiceField(
        label=_("Sound"), required=False, choices=[ANY, ("yes", _("yes")), ("no", _("no"))]
    )
    count = number_field(_("How many"), 10)
    pictures = forms.ChoiceField(label=_("Pictures"), required=False)
    references = number_field(_("Reference pictures"), 20, 0)
    films = number_field(_("Reference films"), 20, 0)
    seed = number_field(_("Seed"), 2**32 - 1, -1)
    price = forms.DecimalField(
        label=_("At most"),
        required=False,
        min_value=0,
        max_value=MOST,
        max_digits=11,
        decimal_places=6,
        localize=True,
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, query: Mapping[str, str], rates: Iterable[Rate] = ()):
        medium = query.get("medium") if query.get("medium") in MEDIA else MEDIA[0]
        super().__init__({**query, "medium": query.get("medium") or medium})
        self.medium, self.rates = medium, list(rates)
        for name, choices in _choices(medium).items():
            self.fields[name].choices = choices
            if self.data.get(name) in dict(_choices(OTHER[medium])[name]).keys() - dict(choices).keys():
                self.data[name] = ""  # the medium was changed a moment ago
        known = dict.fromkeys([*(rate.currency for rate in self.rates), DOLLARS])
        self.fields["currency"].choices = [(one, one) for one in known]
        if self.pictures_are == "reference" and not (self.data.get("references") or self.data.get("films")):
            self.data["references"] = "1"
        for name in ONLY[OTHER[medium]]:
            del self.fields[name]
        self.is_valid()

    @property
    def paid_in(self) -> str:
        """The currency that was chosen, else the first that the team entered a rate in."""
        return self.cleaned_data.get("currency") or self.fields["currency"].choices[0][0]

    @property
    def pictures_are(self) -> str:
        return self.data.get("pictures", "")

    @property
    def want(self) -> Requirements:
        """The wishes as vendors.offers reads them; call it once the form is valid."""
        data = self.cleaned_data
        found = {name: data.get(name) for name in ("seconds", "seed", "count")}
        found |= {"aspect_ratio": data["aspect_ratio"] or None}
        found |= {"audio": {"yes": True, "no": False}.get(data.get("audio"))}
        answered = {name: value for name, value in found.items() if value is not None}
        return Requirements(self.medium, answered, data["resolution"], self._pictures(), data["price"])

    def _pictures(self) -> tuple[Picture, ...]:
        roles = self.cleaned_data["pictures"]
        if roles != "reference":
            return tuple(Picture(role) for role in roles.split("-") if role)
        stills, films = (self.cleaned_data.get(name) or 0 for name in ("references", "films"))
        return (*(Picture("reference"),) * stills, *(Picture("reference", media="video"),) * films)

    def payment(self, estimates: Mapping[str, Decimal] | None = None) -> TeamPrices:
        """What a credit costs in the chosen currency, and the team's own estimates."""
        rates = {rate.vendor: rate.per_credit for rate in self.rates if rate.currency == self.paid_in}
        return TeamPrices(self.paid_in, rates, estimates or {})

    @property
    def asked(self) -> dict[str, str]:
        """The fields that were filled in, as query parameters."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}


def _choices(medium: str) -> dict[str, list[tuple[str, object]]]:
    return {
        "aspect_ratio": [ANY, *((one, one) for one in offers.shapes(medium))],
        "resolution": [ANY, *((one, one) for one in offers.sizes(medium))],
        "pictures": PICTURES[medium],
    }


def wishes_of(sheet: FormState) -> dict[str, str]:
    """The wishes that stand in the composer, as query parameters. An option that is off counts as not asked
    for: most people leave sound off because they do not care, and every model can make a film without it.
    """
    values = {**sheet.model.fixed, **options.complete(sheet.model, sheet.options)}
    shape, roles = str(values.get("aspect_ratio", "")), [role for role, _upload in sheet.pictures]
    films = sum(upload.media == "video" for _role, upload in sheet.pictures)
    found = {
        "medium": sheet.model.medium,
        "seconds": values.get("seconds"),
        "aspect_ratio": shape if ":" in shape else "",
        "resolution": values.get("resolution"),
        "audio": "yes" if values.get("audio") is True else "",
        "count": values.get("count") if values.get("count") != 1 else "",
        "seed": values.get("seed"),
        "pictures": "start-end" if "end" in roles else roles[0] if roles else "",
        "references": roles.count("reference") - films,
        "films": films,
    }
    return {
        name: str(value)
        for name, value in found.items()
        if value not in (None, "", 0) or name == "seed" and value == 0
    }
