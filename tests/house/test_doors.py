"""Who may import whom. A room not named here may import nothing of ours."""

from pathlib import Path

import pytest

from .sources import ROOT, files, imports, shown

PAGE = {
    "models", "access", "authority", "after_commit", "audit", "strangers", "signin", "search", "vendors.registry", "vendors.options", "vendors.contract",
    "jobs.verbs", "jobs.states", "words", "labels", "cards", "live", "links", "spreadsheet", "takes",
    "days", "tablefile",
}  # fmt: skip
PAGES = (
    "accounts", "clips", "create", "gallery", "history", "library", "recipes", "review", "stacks", "trash", "usage",
)  # fmt: skip

# These could be lifted out and used elsewhere.
PURE = (
    "links",
    "spelling",
    "vendors",
    "sandbox",
    "processes",
    "logs",
    "spreadsheet",
    "days",
    "jobs.states",
    "jobs.pacing",
    "recipes.wording",
)

DOORS = {
    **dict.fromkeys(PURE, set()),
    "keys.vault": set(),
    # Rows and what happens to them.
    "models": {"vendors", "jobs.states", "keys.vault"},
    "access": {"models"},
    "authority": {"models", "access"},
    "after_commit": set(),
    "audit": {"models"},
    "strangers": {"models", "access", "audit"},
    "network": {"vendors"},
    "media": {"models", "network", "access"},
    "uploads": {"models", "network", "access", "media"},  # a film is looked at as a vendor's is
    "jobs": {
        "models",
        "vendors",
        "network",
        "keys.vault",
        "hooks.deliveries",
        "media",
        "access",
        "authority",
        "after_commit",
        "budgets.ceiling",
        "budgets.asking",
    },
    "jobs.worker": {"jobs", "models", "processes"},
    "jobs.orders": {
        "jobs",
        "models",
        "vendors",
        "access",
        "keeping.quota",
        "budgets.ceiling",
        "media.present",
    },
    "jobs.tidy": {"models", "media", "keeping.purge", "keys.erasing", "letters"},
    # What the clock finds due and a worker then does.
    **dict.fromkeys(("jobs.tasks", "jobs.ticker"), {"jobs", "models", "letters"}),
    "letters": {"models", "keys.vault", "jobs.heartbeat", "jobs.leases"},
    "letters.trouble": set(),
    # What is kept, how long and how much of it.
    "keeping.quota": {"models"},
    "keeping": {
        "models",
        "media",
        "keys.vault",
        "jobs.leases",
        "jobs.money",
        "jobs.states",
        "jobs.transitions",
    },
    # Vendors call back, and fetch the pictures of one job.
    "hooks": {"models", "access", "vendors.registry", "media"},
    "hooks.deliveries": {"models", "keys.vault"},  # what they said, sealed
    "tablefile": {"spreadsheet"},
    "search": {"models"},
    # What people read about a job, and see of it.
    "labels": {"vendors.registry", "vendors.contract"},
    "words": {"models", "vendors.contract", "jobs.states", "labels"},
    "cards": {"models", "access", "jobs.states", "words", "labels", "media.present"},
    "live": {"models", "jobs.states", "cards"},
    "takes": {"models", "access", "jobs.states", "words", "labels", "cards"},
    # Pages. They never import each other.
    **dict.fromkeys(PAGES, PAGE),
    "accounts": PAGE | {"keeping.quota", "media.serve", "uploads.receiving"},
    # Which model can do a wish is asked before one is named; how long it takes is said as on its cards.
    "create": PAGE | {"uploads", "media", "keeping.quota", "vendors.offers", "jobs.pacing"},
    # The exception: the words of a template go into the form, or beside what is typed there.
    "create.templated": PAGE | {"create", "recipes.using"},
    "clips": PAGE | {"media"},
    "library": PAGE | {"media.present"},
    # What stops the button is asked by the press; the page beside it only shows and changes.
    **dict.fromkeys(
        ("budgets.ceiling", "budgets.asking", "budgets.reckoning", "budgets.units", "budgets.month"),
        {"budgets", "models", "labels", "usage.sums", "usage.ledger", "jobs.states", "vendors"},
    ),
    "budgets": PAGE,
    "keys": PAGE
    | {
        "keys.vault",
        "jobs.routes",
        "jobs.reach",
        "jobs.purse",
        "network",
    },  # a key is tried out on its vendor
    "templatetags": PAGE | {"create", "recipes", "usage"},
    "admin": PAGE,
    # Wiring.
    "apps": {"checks"},
    "checks": {"links", "keys.vault", "models", "vendors.registry", "network.addresses"},
    "migrations": {"models", "search", "keys.vault", "jobs.states"},
    "management": {""},
}


def covers(prefix: str, module: str) -> bool:
    return not prefix or module == prefix or module.startswith(f"{prefix}.")


def room_of(path: Path) -> str:
    """The most particular entry of DOORS a file falls under: ``jobs.states`` before ``jobs``."""
    module = ".".join(path.relative_to(ROOT / "videos").with_suffix("").parts).removesuffix(".__init__")
    return max((room for room in DOORS if covers(room, module)), key=len, default=module)


def closed_doors(path: Path) -> list[str]:
    room = room_of(path)
    own = room.partition(".")[0]
    allowed = (
        DOORS.get(room, set())
        | ({own} if own == room else set())
        | (set() if room in PURE else {"logs", "spelling"})
    )
    ours = (
        (found, found.target.removeprefix("videos.")) for found in imports(path) if "videos." in found.target
    )
    return [str(found) for found, target in ours if not any(covers(prefix, target) for prefix in allowed)]


def test_every_import_goes_through_an_open_door():
    assert [
        line for path in files("videos") if path != ROOT / "videos/__init__.py" for line in closed_doors(path)
    ] == []


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
