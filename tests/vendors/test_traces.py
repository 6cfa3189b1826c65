"""What a vendor's support finds an answer by (docs/vendors/acedata.md, 2-21)."""

import re

import pytest

from tests.vendors.recorded import DOCUMENTS, recording


@pytest.mark.parametrize(
    "name", ["check-failed", "check-finished-flat", "callback-failed", "submit-unclear-api-error"]
)
def test_trap_2_21_an_answer_is_traced_whatever_it_says(name):
    told = recording("acedata", name)
    outcome = told.read()
    assert getattr(outcome, "outcome", outcome).trace_id in told.body().decode()
    assert getattr(outcome, "outcome", outcome).trace_id


def test_trap_2_21_no_other_vendor_has_one():
    texts = {
        path.stem for path in DOCUMENTS.glob("*.txt") if re.search("trace|request.id", path.read_text(), re.I)
    }
    assert texts == {"acedata"}
