"""Who may import whom: rooms lie in layers, and a room may import the rooms below it."""

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from .sources import ROOT, files, imports, shown

# From the ground up. Rooms of one layer know nothing of each other.
LAYERS = (
    {
        "after_commit", "days", "links", "logs", "processes", "sandbox", "search", "signin", "spelling",
        "spreadsheet", "states", "vault", "vendors",
    },
    {"checks", "labels", "media", "models", "network", "tablefile"},
    {
        "access", "apps", "audit", "heartbeat", "leases", "live", "migrations", "quota", "spending", "uploads",
        "words",
    },
    {"authority", "cards", "foreign_ids", "hooks", "letters"},
    {"jobs", "takes"},
    {
        "accounts", "budgets", "clips", "create", "gallery", "history", "keeping", "keys", "library", "recipes",
        "stacks", "trash", "usage",
    },
    {"management", "templatetags"},
)  # fmt: skip
ABOVE = {room: height for height, layer in enumerate(LAYERS) for room in layer}

# A page imports no other page. The one exception: the words of a template go into the form.
SAME_LAYER = {("create.templated", "recipes.using")}

# These see less than their layer would let them.
VERBS = {"jobs.verbs", "jobs.pacing"}  # what a person can do with generations, and when a film may be ready
OF_THE_ENGINE = {
    **dict.fromkeys(LAYERS[5], VERBS),
    # A key is tried out on its vendor, and erased when nothing needs it any more.
    "keys": {"jobs.account", "jobs.retention.erasing", "jobs.running.reach"},
    # A restore parks what may have been sent; a backup leaves nothing out that a row names.
    "keeping": {"jobs.money", "jobs.retention.unused", "jobs.transitions"},
}
TALKS = {"jobs", "keys", "management", "network"}  # who may use videos/network
# These import nothing of ours and could be lifted out, though their room does.
PURE = {
    "jobs.account.retry_after",
    "jobs.pacing",
    "letters.mail_errors",
    "recipes.wording",
}


def covers(prefix: str, module: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "videos").with_suffix("").parts).removesuffix(".__init__")


def ours() -> list[tuple[str, str, str]]:
    """Every import of one module of ours by another: who, whom, and where it stands."""
    modules = {module_of(path) for path in files("videos")}
    found = []
    for path in files("videos"):
        for each in imports(path):
            if each.target.startswith("videos."):
                target = each.target.removeprefix("videos.")
                whole = target if target in modules else target.rpartition(".")[0]
                found.append((module_of(path), whole or target, str(each)))
    return [(who, whom, where) for who, whom, where in found if who != whom]


def forbidden(who: str, whom: str) -> bool:
    room, other = who.partition(".")[0], whom.partition(".")[0]
    if who in PURE:
        return True
    if room == other:
        return False
    if other == "jobs" and room in OF_THE_ENGINE:
        return not any(covers(known, whom) for known in OF_THE_ENGINE[room])
    if other == "network" and room not in TALKS:
        return True
    return ABOVE[other] >= ABOVE[room] and (who, whom) not in SAME_LAYER


def test_every_room_has_a_layer():
    rooms = {module_of(path).partition(".")[0] for path in files("videos")} - {"__init__", ""}
    assert rooms == set(ABOVE)
    assert len(ABOVE) == sum(map(len, LAYERS))


def test_a_room_imports_only_rooms_below_it():
    assert [where for who, whom, where in ours() if forbidden(who, whom)] == []


def test_every_exception_is_needed():
    met = {(who, whom) for who, whom, _where in ours()}
    assert met >= SAME_LAYER
    for room, known in OF_THE_ENGINE.items():
        if known is not VERBS:
            for part in known:
                assert any(covers(room, who) and covers(part, whom) for who, whom in met), (room, part)
    assert {module_of(path) for path in files("videos")} >= PURE


def test_no_folder_and_no_file_is_part_of_a_ring():
    """In every folder, its files and its folders (each taken as one) import each other in one
    direction only: whoever reads them has an order to read them in."""
    rings = []
    inside = defaultdict(lambda: defaultdict(set))
    for who, whom, _where in ours():
        one, other = who.split("."), whom.split(".")
        depth = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
        if depth is not None:
            inside[tuple(one[:depth])][one[depth]].add(other[depth])
    for folder, graph in inside.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            rings.append((".".join(folder), error.args[1]))
    assert rings == []


def test_only_its_own_command_knows_the_sandbox():
    allowed = {"videos/management/commands/sandbox.py"}
    knows = [
        str(found)
        for path in files("videos", "studio")
        for found in imports(path)
        if covers("videos.sandbox", found.target) and not shown(path).startswith("videos/sandbox/")
    ]
    assert [line for line in knows if line.partition(":")[0] not in allowed] == []


def test_no_import_hides_in_a_function():
    """An import inside a function dodges a cycle between two rooms; the cycle is what is wrong.
    ``apps.py`` is Django's own exception: nothing may load before ``ready()``."""
    hidden = [
        str(found)
        for path in files("videos", "studio")
        for found in imports(path)
        if found.inside_function and covers("videos", found.target) and path.name != "apps.py"
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("httpx", ["videos/network/"]),
        ("aiohttp", ["videos/network/", "videos/sandbox/"]),
        ("django_q", ["videos/jobs/"]),
        ("cryptography", ["videos/vault.py"]),
        ("av", ["videos/media/", "videos/sandbox/"]),
        ("PIL", ["videos/media/", "videos/sandbox/"]),
        ("pillow_heif", []),
        ("requests", []),
        ("urllib.request", ["videos/sandbox/"]),
    ],
)
def test_a_library_has_one_home(library, rooms):
    strangers = [
        str(found)
        for path in files("videos", "studio")
        for found in imports(path)
        if covers(library, found.target) and not shown(path).startswith(tuple(rooms))
    ]
    assert strangers == []


@pytest.mark.parametrize("room", ["vendors", "processes"])
def test_pure_rooms_use_the_standard_library_only(room):
    import sys

    outside = [
        str(found)
        for path in files(f"videos/{room}")
        for found in imports(path)
        if found.target.partition(".")[0] not in {*sys.stdlib_module_names, "videos"}
    ]
    assert outside == []


@pytest.mark.parametrize(
    "tool", ["os", "io", "logging", "random", "secrets", "time", "socket", "pathlib", "uuid"]
)
def test_vendors_see_no_clock_no_chance_no_machine(tool):
    found = [
        str(found)
        for path in files("videos/vendors")
        for found in imports(path)
        if covers(tool, found.target)
    ]
    assert found == []
