"""What a budget is of and what it counts, in words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext, ngettext

from videos import labels
from videos.models import Budget, Measure
from videos.vendors import registry


def amount(budget: Budget, value: Decimal) -> str:
    """``12 presses``, ``28 credits of (a vendor)``, ``12.5 EUR``."""
    if budget.measure == Measure.PRESSES:
        shown = labels.amount(value, "")
        return ngettext("%(n)s press", "%(n)s presses", int(value)) % {"n": shown}
    if budget.measure == Measure.MONEY:
        return labels.amount(value.quantize(Decimal("0.01"), ROUND_HALF_UP), budget.of)
    return credits(value, budget.of)


def credits(value: Decimal, vendor: str) -> str:
    found = registry.VENDORS.get(vendor)
    values = {
        "amount": labels.amount(value, found.unit if found else ""),
        "vendor": labels.vendor_name(vendor),
    }
    return gettext("%(amount)s of %(vendor)s") % values


def counted(budget: Budget) -> str:
    """What it counts, without an amount."""
    if budget.measure == Measure.PRESSES:
        return gettext("presses of the button")
    if budget.measure == Measure.MONEY:
        return budget.of
    found = registry.VENDORS.get(budget.of)
    return f"{labels.vendor_name(budget.of)} · {labels.UNITS.get(found.unit, found.unit) if found else ''}"


def scope(budget: Budget) -> str:
    """Whose spending it is about."""
    if budget.person_id:
        return budget.person.shown_name
    if budget.key_id:
        return gettext("Key %(key)s") % {"key": budget.key}
    if budget.project_id:
        return gettext("Project %(project)s") % {"project": budget.project.name}
    return gettext("The whole team")
