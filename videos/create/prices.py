"""Computes the price on the button: one price for all takes that a press makes."""

from django.utils.translation import gettext

from videos import access, labels
from videos.jobs import verbs
from videos.models import Membership
from videos.vendors.contract import Model, Price


def own_estimate(member: Membership, model: Model, unit: str, takes: int = 1) -> str:
    """What the team itself expects so many presses to cost, marked as its own estimate; empty where it
    entered none."""
    found = access.own_estimate(member, model.key)
    if found is None:
        return ""
    return gettext("%(amount)s (your estimate)") % {"amount": labels.amount(found.amount * takes, unit)}


def total(checked: verbs.CheckedTogether) -> Price | None:
    """The price of all takes together; they are of one model and so in one unit. None where no price is
    published."""
    prices = [one.price for one in checked.orders]
    if None in prices:
        return None
    usd = [price.usd for price in prices]
    return Price(sum(price.amount for price in prices), None if None in usd else sum(usd))


def shown_amount(checked: verbs.CheckedTogether) -> str:
    """The amount that a form was drawn with, as text: it is sent back with the press and compared with the
    amount of that moment."""
    price, count = total(checked), len(checked.orders)
    if price is None:
        return f"x{count}" if count > 1 else ""  # the number of takes alone: no price is known
    return labels.figure(price.amount)
