"""What a vendor says it took, as money or not at all (docs/vendors/between.md, A7-10)."""

import json
from decimal import Decimal

import pytest

from tests.vendors.asking import reply
from tests.vendors.recorded import recording, recordings
from videos.vendors.contract import Charge, Finished
from videos.vendors.reading import amount


@pytest.mark.parametrize(
    ("value", "want"),
    [(28, "28"), ("0.500000", "0.500000"), (Decimal("1.5"), "1.5"), (0, "0"), (True, None), (None, None), (1.5, None),
     ("NaN", None), ("sNaN", None), ("Infinity", None), (-1, None), ("1e400", None), ("abc", None), ("", None), ([], None),
     ("99999999.999999", "99999999.999999"), ("99999999.9999999", None), (10**8, None), ("1e999999999", None),
     ("0e400000", "0"), ("1e-999999999", None), ("0.30000000000000004", "0.3")],
)  # fmt: skip
def test_trap_a7_10_money_is_decimal_and_fits_its_column_or_is_not_there(value, want):
    assert (None if want is None else Decimal(want)) == amount(value)


# Where each vendor says what it took: (vendor, the place in a finished answer, its refund's).
SAYING = [
    ("defapi", "data.consumed", ""),
    ("seedance2ai", "credits_used", "credits_refunded"),
    ("seedanceapi-org", "data.consumed_credits", ""),
]


@pytest.mark.parametrize(("slug", "place", "refund"), SAYING)
@pytest.mark.parametrize(
    ("raw", "odd"),
    [(b"100000000", "100000000"), (b"-5", "-5"), (b"1e30", "1E+30"), (b'"NaN"', "NaN"), (b"9" * 60, "9" * 40),
     (b'"1e99999999999999999999"', "1e99999999999999999999"), (b'"0.0000001"', "0.0000001")],
)  # fmt: skip
def test_trap_a7_10_an_amount_that_cannot_be_right_costs_no_answer(slug, place, refund, raw, odd):
    told = recording(slug, "check-finished")
    read = told.vendor.read_check

    def answered(at: str, **more: object) -> Finished:
        tree = json.loads(told.body())
        branch = tree["data"] if at.startswith("data.") else tree
        branch.update({at.split(".")[-1]: "here", **more})
        return read(reply(200, json.dumps(tree).encode().replace(b'"here"', raw)))

    found = answered(place)
    assert (found.outputs, found.charge) == (told.read().outputs, Charge(None, found.charge.refunded, odd))
    if refund:
        assert answered(refund, credits_used=28).charge == Charge(Decimal(28), None, odd)


def test_trap_a7_10_every_vendor_that_says_an_amount_is_tried():
    saying = {told.slug for told in recordings("check-finished*") if told.read().charge}
    assert saying == {slug for slug, _, _ in SAYING}
