"""Every variable the settings read is in docs/settings.md, and nothing else is."""

import ast
import re

from .sources import ROOT, files, imports

VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
READERS = {"address", "hosts_and_ports", "optional_secret", "secret"}


def is_reader(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id == "env"
    return isinstance(function, ast.Name) and function.id in READERS | {"env"}


def variables_read() -> set[str]:
    tree = ast.parse((ROOT / "studio/settings.py").read_text())
    names = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and is_reader(call.func)
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    # The vendors' addresses are read in a loop over a table of names.
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return names | {
        value for value in constants if isinstance(value, str) and re.fullmatch("VENDOR_[A-Z0-9_]+", value)
    }


def variables_documented() -> set[str]:
    rows = re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert len(rows) == len(set(rows)), "a variable is explained twice"
    return set(rows)


def test_every_variable_is_documented_and_every_documented_one_is_read():
    assert variables_read() == variables_documented()


def test_the_environment_is_read_in_one_file():
    readers = [
        str(found)
        for path in files("videos", "studio")
        if path != ROOT / "studio/settings.py" and "processes" not in path.parts
        for found in imports(path)
        if found.target in {"environ", "os.environ", "os.getenv"}
    ]
    reached = [
        f"{path}:{node.lineno}"
        for path in files("videos")
        if "processes" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert readers + reached == []
