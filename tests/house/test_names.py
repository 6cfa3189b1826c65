"""Names that have one home, and words that have none."""

import ast
import re
import subprocess

import pytest

from .sources import ROOT, files, shown

# The path of a vendor's document is a citation, not knowledge.
VENDOR = re.compile(r"(?<!docs/vendors/)\b(?:acedata|defapi|seedance2ai|seedanceapi)", re.IGNORECASE)
MACHINE = re.compile(r"/(?:home|Users|root|tmp)/\w|\.\./shared")
LEFT_BEHIND = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b")


def lines_with(pattern, paths):
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if pattern.search(line):
                yield f"{shown(path)}:{number}: {line.strip()}"


def tracked():
    """Text files under version control; the vendors' documents are theirs and stay as they came."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in listed.split("\0"):
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".sh", ".po", ""}
            and path.is_file()
        ):
            if not name.startswith("docs/vendors/"):
                yield path


def test_a_vendor_is_named_only_at_home():
    """A sixth vendor is a file and a registry line: nobody else may know one by name."""
    homes = ("videos/vendors/", "videos/sandbox/", "videos/migrations/", "studio/settings.py")
    paths = [*files("videos", "studio"), *files("templates", suffix=".html"), *files("static", suffix=".js")]
    paths += files("static", suffix=".css")
    assert list(lines_with(VENDOR, (path for path in paths if not shown(path).startswith(homes)))) == []


def test_no_machine_is_named():
    assert list(lines_with(MACHINE, tracked())) == []


def test_nothing_is_left_behind():
    assert list(lines_with(LEFT_BEHIND, tracked())) == []


def test_requirements_name_no_host():
    """Hashes say what is installed; where from is the business of the machine."""
    assert list(lines_with(re.compile(r"https?:|file:|^--"), files("requirements", suffix=".txt"))) == []


def test_every_requirement_has_a_hash():
    for path in files("requirements", suffix=".txt"):
        for entry in re.split(r"\n(?=\S)", path.read_text()):
            assert entry.startswith("#") or "--hash=sha256:" in entry, (
                f"{shown(path)}: {entry.splitlines()[0]}"
            )


@pytest.mark.parametrize(
    "name", ["utils", "helpers", "common", "misc", "base", "manager", "managers", "services"]
)
def test_no_file_is_called_by_what_it_is_not(name):
    assert [
        shown(path) for path in files("videos", "studio", "tests") if name in path.with_suffix("").parts
    ] == []


def test_a_file_fits_on_a_few_screens():
    """Past 300 lines it is two rooms. Settings are one file on purpose; migrations are written by Django."""
    lengths = {
        shown(path): len(path.read_text().splitlines())
        for path in files("videos", "studio", "tests", "bench")
        if "migrations" not in path.parts and path != ROOT / "studio/settings.py"
    }
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_test_steps_aside():
    """What a test needs and does not find makes it fail; what takes minutes is marked ``long``."""
    aside = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in files("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in aside
    ]
    assert found == []
