"""Amounts for machines are plain decimals, wherever one is written."""

import ast
from decimal import Decimal

import pytest

from tests.house.sources import ROOT, files, shown
from videos import labels
from videos.management.commands.generate import charge
from videos.models import Job

FIGURES = [("30", "30"), ("3E+1", "30"), ("28.000000", "28"), ("0.500000", "0.5"), ("0.00000001", "0.00000001"),
           ("1E+7", "10000000"), ("0", "0"), ("0E-6", "0")]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), FIGURES)
def test_an_amount_has_no_powers_of_ten(value, written):
    assert labels.figure(Decimal(value)) == written


@pytest.mark.parametrize(("value", "written"), FIGURES)
def test_generate_prints_amounts_as_plain_decimals(value, written):
    assert charge(Job(charge=Decimal(value), unit="credits"))["amount"] == written
    assert charge(Job(estimate=Decimal(value), unit="credits"))["amount"] == written


def test_only_these_files_take_zeros_off_a_decimal():
    """``Decimal.normalize()`` makes 3E+1 of 30: whoever calls it has to write ``:f``, as these do."""
    found = {
        shown(path)
        for path in files("videos")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "normalize"
        and not node.args  # unicodedata.normalize has two
    }
    assert found == {"videos/labels.py", "videos/vendors/catalogue.py"}
    assert ROOT.joinpath("videos/vendors/catalogue.py").read_text().count("normalize()") == 1
