"""What lies beside the copies and says what they are. ``complete.json`` is written last:
a folder without it is no backup, whatever else is in it."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from videos import vault

FORMAT = 1
COMPLETE, MANIFEST, MEDIA = "complete.json", "media.jsonl", "media"
# What a restore needs besides, and no backup contains: whoever finds the folder can spend nothing.
BESIDE = ("FIELD_ENCRYPTION_KEYS", "STUDIO_ACCOUNT_PEPPER")
_PROBE = b"opens with the right encryption keys"


class Refused(Exception):
    """It cannot be done, and nothing was changed; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Paper:
    """``rows``: how many, per table. ``lost``: files that rows name and the studio itself
    did not have, or not whole. ``probe`` opens with the right encryption keys only, and
    ``account`` is what the right pepper makes of a fixed text."""

    taken_at: str
    database: str  # sqlite or postgresql
    database_sha256: str
    migrations: list[str]
    rows: dict[str, int]
    files: int
    bytes: int
    manifest_sha256: str
    lost: list[str]
    probe: str
    account: str
    format: int = FORMAT
    beside: list[str] = field(default_factory=lambda: list(BESIDE))

    @property
    def database_file(self) -> str:
        return f"database.{'sqlite3' if self.database == 'sqlite' else 'pgdump'}"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of the media store, as the manifest lists it."""

    name: str
    bytes: int
    sha256: str


def probe() -> dict[str, str]:
    """The two columns of Paper by which a restore knows the secrets again."""
    return {"probe": vault.seal(_PROBE, kind="backup").decode(), "account": _account()}


def same_secrets(paper: Paper) -> list[str]:
    """The names of those secrets that are not the ones the backup was taken with."""
    wrong = []
    try:
        vault.unseal(paper.probe.encode(), kind="backup")
    except vault.KeyUnreadable:
        wrong.append(BESIDE[0])
    if paper.account != _account():
        wrong.append(BESIDE[1])
    return wrong


def _account() -> str:
    return vault.account_of("backup", "probe", rehearsal=False)


def write(folder: Path, paper: Paper) -> None:
    write_whole(folder / COMPLETE, json.dumps(asdict(paper), indent=1).encode())


def read(folder: Path) -> Paper:
    """Raises Refused where the folder is no whole backup that this version can read."""
    try:
        found = json.loads((folder / COMPLETE).read_text())
    except FileNotFoundError:
        raise Refused(f"{folder} is no whole backup: it has no {COMPLETE}.") from None
    except (OSError, ValueError) as error:
        raise Refused(f"{folder / COMPLETE} cannot be read: {error}") from None
    if found.get("format") != FORMAT:
        raise Refused(
            f"This backup has format {found.get('format')}; this version of the studio reads {FORMAT}."
        )
    return Paper(**found)


def write_manifest(folder: Path, files: Iterable[Kept]) -> str:
    lines = "".join(json.dumps(asdict(file)) + "\n" for file in files).encode()
    write_whole(folder / MANIFEST, lines)
    return hashlib.sha256(lines).hexdigest()


def manifest(folder: Path) -> Iterator[Kept]:
    with open(folder / MANIFEST) as lines:
        for line in lines:
            yield Kept(**json.loads(line))


def write_whole(path: Path, data: bytes) -> None:
    """On disk, under its name, or not at all."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
