"""The vendors' room touches nothing: standard library, no clock, chance, files or environment."""

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "videos" / "vendors"
FILES = sorted(ROOM.glob("**/*.py"))
ALLOWED = {
    "collections", "collections.abc", "dataclasses", "decimal", "enum", "functools", "itertools", "json", "math", "re",
    "types", "typing", "urllib.parse",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "open",
    "print",
    "input",
    "exec",
    "eval",
    "compile",
    "__import__",
    "breakpoint",
    "hash",
    "id",
}

files = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@files
def test_imports_only_pure_modules_and_its_own_room(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= ALLOWED
        if isinstance(node, ast.ImportFrom):
            assert node.level == 1 or node.module in ALLOWED, ast.unparse(node)


@files
def test_calls_nothing_that_reaches_outside(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, ast.unparse(node)


@files
def test_catches_only_named_errors_and_fits_on_two_screens(path):
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None and "Exception" not in ast.unparse(node.type)
    assert len(text.splitlines()) <= 300


def test_one_vendors_file_knows_no_other():
    names = {"seedanceapi_org", "seedanceapi_dev", "defapi", "acedata", "seedance2ai", "seedance2ai_stills"}
    for path in FILES:
        if path.stem == "registry":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found = {alias.name for alias in node.names} | {node.module or ""}
                family = {
                    name
                    for name in names
                    if path.stem.startswith("seedance2ai") and name.startswith("seedance2ai")
                }
                assert not found & (names - family), path.name
