"""A50: what is installed is what was locked, byte for byte."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
PACKAGE = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,._-]+\])?==[^ ;]+( ; [^\\]+)? \\$")


def entries(text: str) -> list[list[str]]:
    """Each package with the lines that belong to it, comments left out."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            if line[0] != " ":
                found.append([])
            found[-1].append(line)
    return found


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a50_every_package_is_locked_to_its_hashes(path):
    """One version of each, by name from the index and from nowhere else."""
    packages = entries(path.read_text())
    assert packages
    for first, *hashes in packages:
        assert PACKAGE.match(first), first
        assert hashes and all(re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line) for line in hashes), (
            first
        )


def test_a50_the_lists_are_all_that_is_installed():
    """And each installation demands the hashes; no other index is named anywhere."""
    makefile = (ROOT / "Makefile").read_text()
    installs = [line for line in makefile.splitlines() if re.search(r"\bpip install\b", line)]
    assert installs and all("--require-hashes" in line for line in installs)
    everything = makefile + "".join(path.read_text() for path in LISTS)
    assert not re.search(r"--(extra-)?index-url|--find-links|git\+|https?://[^ ]+\.(whl|tar\.gz)", everything)
