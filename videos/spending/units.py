"""What a budget is of and what it counts, in words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext, ngettext

from videos import labels
from videos.models import Budget, Measure
from videos.vendors import registry


def amount(budget: Budget, value: Decimal) -> str:
    """``12 presses``, ``28 credits``, ``12.5 EUR``."""
    if budget.measure == Measure.PRESSES:
        return ngettext("%(n)s press", "%(n)s presses", int(value)) % {"n": number(budget, value)}
    return f"{number(budget, value)} {unit(budget)}".strip()


def number(budget: Budget, value: Decimal) -> str:
    """The same without its unit. Money is rounded to cents."""
    if budget.measure == Measure.MONEY:
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return labels.amount(value, "")


def unit(budget: Budget) -> str:
    return budget.of if budget.measure == Measure.MONEY else unit_of(budget.of)


def unit_of(vendor: str) -> str:
    """What this vendor calls its money."""
    found = registry.VENDORS.get(vendor)
    return str(labels.UNITS.get(found.unit, found.unit)) if found else ""


def credits(value: Decimal, vendor: str) -> str:
    """``28 credits of (a vendor)``."""
    values = {"amount": f"{labels.amount(value, '')} {unit_of(vendor)}", "vendor": labels.vendor_name(vendor)}
    return gettext("%(amount)s of %(vendor)s") % values


def counted(budget: Budget) -> str:
    """What it counts, without an amount."""
    if budget.measure == Measure.PRESSES:
        return gettext("presses of the button")
    if budget.measure == Measure.MONEY:
        return budget.of
    return f"{labels.vendor_name(budget.of)} · {unit(budget)}"


def scope(budget: Budget) -> str:
    """Whose spending it is about."""
    if budget.person_id:
        return budget.person.shown_name
    if budget.key_id:
        return gettext("Key %(key)s") % {"key": budget.key}
    if budget.project_id:
        return gettext("Project %(project)s") % {"project": budget.project.shown_name}
    return gettext("The whole team")


def title(budget: Budget) -> str:
    """Its scope, and whose credits where that is not said by the unit."""
    if budget.measure != Measure.CREDITS:
        return scope(budget)
    return f"{scope(budget)}, {labels.vendor_name(budget.of)}"
