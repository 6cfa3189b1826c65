"""Summarises the money of each vendor: what it charged, and what else is held, possibly charged, written
off or refunded."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from videos import labels
from videos.spending.ledger import Balance, Place


@dataclass(frozen=True, slots=True)
class VendorTotal:
    """One vendor. ``charged`` with its unit; ``notes``: what else there is to know, amounts first."""

    vendor: str
    charged: str
    notes: list[str]


def vendor_totals(found: Mapping[tuple[str, str], Balance]) -> list[VendorTotal]:
    """The vendors that anything was asked of, by name."""
    shown = [
        VendorTotal(labels.vendor_name(vendor), *describe_balance(one, unit))
        for (vendor, unit), one in found.items()
    ]
    return sorted(shown, key=lambda total: total.vendor)


def describe_balance(one: Balance, unit: str) -> tuple[str, list[str]]:
    """The charged amount with its unit, and a sentence for each other amount that is not zero."""
    sentences = {
        "estimated": gettext("%(amount)s of it by the price list: the vendor did not say"),
        Place.HELD: gettext("%(amount)s under way"),
        Place.POSSIBLY: gettext("%(amount)s possibly charged"),
        Place.WRITTEN_OFF: gettext("%(amount)s written off, possibly charged"),
        Place.REFUNDED: gettext("%(amount)s given back"),
    }
    amounts = {name: getattr(one, name) for name in sentences}
    notes = [
        sentence % {"amount": labels.amount(amounts[name], unit)}
        for name, sentence in sentences.items()
        if amounts[name]
    ]
    if one.unpriced:
        text = ngettext(
            "%(n)s request without a known price", "%(n)s requests without a known price", one.unpriced
        )
        notes.append(text % {"n": one.unpriced})
    return labels.amount(one.charged, unit), notes
