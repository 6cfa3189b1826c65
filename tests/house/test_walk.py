"""The walk through the code in docs/architecture.md names functions that exist."""

import ast
import re

import pytest

from .sources import ROOT

TEXT = (ROOT / "docs/architecture.md").read_text()
STEPS = sorted(set(re.findall(r"`([a-z_/]+\.py):([A-Za-z_.]+)`", TEXT)))


def names(path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return found


def test_the_walk_has_its_steps():
    assert len(STEPS) >= 15


@pytest.mark.parametrize(("file", "name"), STEPS)
def test_every_function_of_the_walk_exists(file, name):
    places = [
        path for path in (ROOT / "videos").rglob(file.rpartition("/")[2]) if str(path).endswith(f"/{file}")
    ]
    assert any(name in names(path) for path in places), f"{file} has no {name}"


@pytest.mark.parametrize(
    "file", sorted(set(re.findall(r"`((?:videos|studio|tests|docs)/[\w/.-]+\.\w+)`", TEXT)))
)
def test_every_file_that_is_named_exists(file):
    assert (ROOT / file).exists()
