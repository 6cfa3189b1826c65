"""Stores files in a folder, each under the SHA-256 of its bytes.

A name is never made from anything that a person or a vendor sent, so no path
traversal is possible; the same bytes are kept once; and a file is complete from
the instant it has its name, whichever process dies in between.
"""

import contextlib
import hashlib
import os
import re
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z0-9]{1,5}\Z")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}\Z")


class BadName(ValueError):
    """The name is not one that this store makes."""


@dataclass(frozen=True, slots=True)
class Store:
    """The store in the folder ``root``, which is made when first written to. Part files live under the same
    root, so that keeping one is a rename and never a copy."""

    root: Path

    def part(self, owner: str, job: object, n: int) -> Path:
        """Returns where ``owner`` (a lease) collects output ``n`` of ``job``. Two owners
        have two files: one that lost its lease cannot overwrite the other's."""
        folder = self.root / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        who = hashlib.sha256(owner.encode()).hexdigest()[:16]
        what = hashlib.sha256(str(job).encode()).hexdigest()[:24]
        return folder / f"{what}-{int(n)}-{who}.part"

    def inherit(self, owner: str, job: object, n: int) -> Path:
        """Returns a ``part`` that begins with a copy of what the latest owner left. A
        copy, because that owner may still be writing; the latest, because an older
        one may be of a file that has changed since."""
        mine = self.part(owner, job, n)
        others = mine.parent.glob(mine.name.rpartition("-")[0] + "-*.part")
        latest = max(others, key=_written, default=mine)
        if latest != mine:
            with contextlib.suppress(FileNotFoundError):  # kept or cleared this instant
                shutil.copyfile(latest, mine)
        return mine

    def keep(self, part: Path, sha256: str, suffix: str) -> str:
        """Gives a finished part file its permanent name, synced to disk before this
        returns. Returns the name, such as ``ab/abcd….mp4``. Two writers of the
        same bytes end with one file."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not _SUFFIX.match(suffix):
            raise BadName(f"{sha256[:8]}{suffix}")
        name = f"{sha256[:2]}/{sha256}{suffix}"
        final = self.root / name
        final.parent.mkdir(parents=True, exist_ok=True)
        self._share(final.parent, part)
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, final)
        _sync_folder(final.parent)
        _sync_folder(self.root)
        return name

    def add_name(self, name: str, suffix: str) -> str:
        """Adds a second name to a kept file, whose type is known by now. The first one stays: another row
        may have it. Raises FileNotFoundError."""
        new = name.partition(".")[0] + suffix
        with contextlib.suppress(FileExistsError):
            os.link(self.path(name), self.path(new))
        _sync_folder(self.path(new).parent)
        return new

    def _share(self, folder: Path, file: Path) -> None:
        """Lets the group read what is kept where it may read the store itself: a web server that sends
        our files (docs/nginx.conf). Everywhere else only our user may read files."""
        if self.root.stat().st_mode & 0o010:
            os.chmod(folder, 0o2750)
            os.chmod(file, 0o640)

    def put(self, data: bytes, suffix: str) -> str:
        """Keeps bytes that are already in memory (a re-encoded picture); returns their name."""
        part = self.part(f"{os.getpid()}-{time.monotonic_ns()}", "put", 0)
        part.write_bytes(data)
        return self.keep(part, hashlib.sha256(data).hexdigest(), suffix)

    def path(self, name: str) -> Path:
        """Returns the path of a kept file. Raises BadName for a name that this store does not make."""
        if not _NAME.match(name):
            raise BadName(name[:80])
        return self.root / name

    def open(self, name: str) -> BinaryIO:
        return open(self.path(name), "rb")

    def holds(self, name: str, size: int | None = None) -> bool:
        """Returns whether the file exists, can be read, and has ``size`` bytes (None: any number)."""
        try:
            path = self.path(name)
            about = path.stat()
        except (BadName, OSError):
            return False
        whole = size is None or about.st_size == size
        return whole and stat.S_ISREG(about.st_mode) and os.access(path, os.R_OK)

    def free_bytes(self) -> int:
        """Returns the bytes left for files: nothing should be bought that cannot be stored."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def clear_parts(self, older_than: float) -> int:
        """Deletes unfinished files that were not written to for so many seconds; returns their number."""
        cleared = 0
        for part in (self.root / "parts").glob("*.*"):
            try:
                if time.time() - part.stat().st_mtime > older_than:
                    part.unlink()
                    cleared += 1
            except FileNotFoundError:
                continue  # another worker cleared or kept it
        return cleared


def digest(path: Path) -> str:
    """Returns the SHA-256 of a file, hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
