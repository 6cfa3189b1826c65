"""Many prompts as text: a line each, or a table with a header. What a person typed or a
spreadsheet wrote goes in, rows of cells come out; what they mean is said in ``rows.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from videos import spreadsheet
from videos.create.places import ROLES
from videos.vendors.contract import OPTION_NAMES

MOST = 100  # rows of one press
COLUMNS = ("prompt", *OPTION_NAMES, *ROLES)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is what an editor or a spreadsheet calls it, from 1; ``pictures`` are (role,
    name) in order; ``cells`` are the settings that are filled in."""

    number: int
    prompt: str
    cells: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """``unknown``: columns that mean nothing here, by name. ``tabled``: it has a header.
    ``unreadable``: it cannot be read as the table that it begins as."""

    rows: tuple[Row, ...] = ()
    unknown: tuple[str, ...] = ()
    tabled: bool = False
    unreadable: bool = False


def read(text: str) -> Read:
    text = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if not _has_header(text):
        lines = enumerate(text.split("\n"), 1)
        return Read(tuple(Row(number, line.strip()) for number, line in lines if line.strip()))
    try:
        found = spreadsheet.table(text)
    except ValueError:
        return Read(tabled=True, unreadable=True)
    names = [cell.strip().casefold() for cell in found[0][1]]
    unknown = tuple(dict.fromkeys(name for name in names if name and name not in COLUMNS))
    return Read(tuple(_row(number, names, cells) for number, cells in found[1:]), unknown, tabled=True)


def _has_header(text: str) -> bool:
    """Does the first line name the columns? One of them is ``prompt``."""
    first = text.lstrip("\n \t").partition("\n")[0]
    try:
        found = spreadsheet.table(first)
    except ValueError:
        return False
    return bool(found) and "prompt" in [cell.strip().casefold() for cell in found[0][1]]


def _row(number: int, names: list[str], cells: list[str]) -> Row:
    prompt, asked, pictures = "", {}, []
    for name, cell in zip(names, (cell.strip() for cell in cells), strict=False):
        if name == "prompt":
            prompt = cell
        elif name in ROLES:
            pictures += [(name, one.strip()) for one in cell.split("|") if one.strip()]
        elif name in OPTION_NAMES and cell:
            asked[name] = cell
    return Row(number, prompt, asked, tuple(pictures))


def written(rows: list[Row]) -> str:
    """Rows as a table that ``read`` reads: the columns that any of them needs."""
    names = [name for name in OPTION_NAMES if any(name in row.cells for row in rows)]
    roles = [role for role in ROLES if any(role == own for row in rows for own, _name in row.pictures)]
    lines = [["prompt", *names, *roles]]
    for row in rows:
        pictures = ["|".join(name for own, name in row.pictures if own == role) for role in roles]
        lines.append([row.prompt, *(row.cells.get(name, "") for name in names), *pictures])
    return spreadsheet.written(lines)
