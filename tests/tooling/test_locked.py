"""A50: what is installed is what was locked, byte for byte."""

import re
import tomllib
from importlib import metadata
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


def test_a50_the_bill_names_everything_that_runs_and_who_needs_it():
    """docs/operating.md: what an auditor reads. Asked of what is installed here, not of the list."""
    text = (ROOT / "requirements/run.txt").read_text()
    listed = {re.match(r"[a-z0-9._-]+", first)[0]: first for first, *_hashes in entries(text)}
    named = [
        name(one) for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]
    seen: set[str] = set()
    while named:
        if (one := named.pop()) in seen:
            continue
        seen.add(one)
        assert f"{one}==" in listed[one] or f"{one}[" in listed[one], one
        named += [
            name(need)
            for need in metadata.requires(one) or []
            if "extra ==" not in need and installed(name(need))
        ]
    assert len(seen) > 15
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "    # via" not in block] == []


def name(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def installed(package: str) -> bool:
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def test_a50_the_lists_are_all_that_is_installed():
    """And each installation demands the hashes; no other index is named anywhere."""
    makefile = (ROOT / "Makefile").read_text()
    installs = [line for line in makefile.splitlines() if re.search(r"\bpip install\b", line)]
    assert installs and all("--require-hashes" in line for line in installs)
    everything = makefile + "".join(path.read_text() for path in LISTS)
    assert not re.search(r"--(extra-)?index-url|--find-links|git\+|https?://[^ ]+\.(whl|tar\.gz)", everything)
