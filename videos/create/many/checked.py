"""Checks all rows of a batch together: what each would send, why it cannot, and what all of them cost."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from videos import access, labels, words
from videos.create import image_slots
from videos.create.many.form import BatchForm
from videos.create.many.rows import BatchOrders
from videos.create.many.table import Row
from videos.jobs import verbs
from videos.models import Membership
from videos.vendors import registry
from videos.vendors.contract import Price


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the page shows it. ``asked`` is what will be sent, in words; ``offer``: its prompt joined
    with the cells beyond its columns, where these may belong to it."""

    number: int
    prompt: str
    asked: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[str, str], ...]  # (name, address of its thumbnail)
    price: str
    reasons: tuple[str, ...]
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """The result of the check. ``reasons`` are about all rows together; ``wrong`` counts rows that have
    reasons of their own. ``price`` is one for all, empty where none is known; ``seen`` is a hash of what
    was checked: the button beside it starts this and nothing else."""

    lines: tuple[Line, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    price: str
    seen: str
    rehearsal: bool

    @property
    def wrong(self) -> int:
        return sum(bool(line.reasons) for line in self.lines)

    @property
    def offers(self) -> int:
        return sum(bool(line.offer) for line in self.lines)

    @property
    def fine(self) -> bool:
        return bool(self.lines) and not self.reasons and not self.wrong


def review(member: Membership, typed: BatchForm, found: BatchOrders, more: Sequence = ()) -> Review:
    """Checks the orders. ``more``: reasons that the press itself gave, as (number of the order, problem)."""
    together = verbs.review_all(member, found.orders) if found.orders else verbs.CheckedTogether(())
    reasons = [*found.reasons, *together.reasons, *more]
    common = list(dict.fromkeys(words.describe_problem(problem) for row, problem in reasons if row is None))
    own = [
        tuple(dict.fromkeys(words.describe_problem(problem) for row, problem in reasons if row == n))
        for n in range(len(found.orders))
    ]
    if common_to_all := set.intersection(*map(set, own)) if len(own) > 1 else set():
        # A reason that all rows share (no key, no public address) is shown once, not a hundred times.
        common += [sentence for sentence in own[0] if sentence in common_to_all]
        own = [tuple(one for one in reasons_of_row if one not in common_to_all) for reasons_of_row in own]
    lines = tuple(
        line(member, row, one, reasons_of_row, found.offers.get(row.number))
        for row, one, reasons_of_row in zip(found.rows, together.orders, own, strict=True)
    )
    return Review(
        lines=lines,
        reasons=(*typed.refused, *(words.describe_problem(one) for one in typed.sheet.problems), *common),
        warnings=tuple(words.describe_warning(one) for one in together.warnings),
        price=total(member, together.orders),
        seen=seal_of(together.orders),
        rehearsal=any(one.key is not None and one.key.rehearsal for one in together.orders),
    )


def line(
    member: Membership, row: Row, checked: verbs.Checked, reasons: tuple[str, ...], offer: Row | None
) -> Line:
    """Builds what the page shows of one row."""
    unit = registry.vendor(checked.model.vendor).unit
    return Line(
        number=row.number,
        prompt=checked.wish.prompt,
        asked=tuple(labels.described(checked.wish.options)),
        pictures=tuple(
            (upload.name, image_slots.thumbnail(member, upload)) for _role, upload in checked.order.pictures
        ),
        price=labels.price(checked.price, unit),
        reasons=reasons,
        offer=offer.prompt if offer else "",
    )


def seal_of(orders: Sequence[verbs.Checked]) -> str:
    """A hash of what was checked. Another word, setting, picture, key or price gives another hash."""
    content = [
        (
            one.order.model,
            one.key and one.key.pk,
            one.order.project and one.order.project.pk,
            one.order.prompt,
            sorted(one.wish.options.items()),
            [(role, upload.pk) for role, upload in one.order.pictures],
            str(one.price and one.price.amount),
        )
        for one in orders
    ]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def total(member: Membership, orders: Sequence[verbs.Checked]) -> str:
    """One price for all rows: the known prices added up (they are in one unit), and how many are not known.
    The team's own estimate is marked as one."""
    if not orders:
        return ""
    unit = registry.vendor(orders[0].model.vendor).unit
    known = [one.price for one in orders if one.price is not None]
    unknown = len(orders) - len(known)
    usd = (
        sum((price.usd for price in known), Decimal(0))
        if all(price.usd is not None for price in known)
        else None
    )
    amount = sum((price.amount for price in known), Decimal(0))
    if not known:
        own = access.own_estimate(member, orders[0].model.key)
        if own is None:
            return ""
        values = {"amount": labels.amount(own.amount * unknown, unit)}
        return gettext("%(amount)s (your estimate)") % values
    text = labels.price(Price(amount, usd), unit)
    if unknown:
        text = ngettext(
            "%(price)s, and %(count)s whose cost is unknown until done",
            "%(price)s, and %(count)s whose cost is unknown until done",
            unknown,
        ) % {"price": text, "count": unknown}
    return text
