"""Reads what the keys page shows, in one query."""

from dataclasses import dataclass

from videos import access
from videos.models import Membership, VendorKey
from videos.vendors import registry
from videos.vendors.contract import Vendor


@dataclass(frozen=True, slots=True)
class VendorKeys:
    """The keys of one vendor. ``row.may`` says whether this person may change a key."""

    vendor: Vendor
    rows: list[VendorKey]


def keys_by_vendor(member: Membership) -> list[VendorKeys]:
    """Every vendor with its keys, also vendors without any: the page says where to get one. A key of a
    vendor that the studio no longer knows is not shown, and cannot be spent with."""
    manages = access.can(member, "manage")
    rows: dict[str, list[VendorKey]] = {slug: [] for slug in registry.VENDORS}
    for row in access.keys_for(member).select_related("person").order_by("rehearsal", "id"):
        row.may = manages or row.person_id == member.user_id
        rows.get(row.vendor, []).append(row)
    return [VendorKeys(vendor, rows[slug]) for slug, vendor in registry.VENDORS.items()]
