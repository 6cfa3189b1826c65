"""Makes the data folder readable only by the user who runs the studio, whatever the umask is.

Where nginx serves the films, its group may pass through the folder and read media/
(docs/operating.md). Nobody else may read anything in it."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from studio.data_folder import OWN_FILES

UMASK = 0o077
OTHERS = 0o077  # every right of anybody but the owner
PASS_THROUGH = 0o010  # the group may enter, and open files whose names it knows


def close(folder: Path, *, media_group: bool) -> None:
    """Removes the rights of others on ``folder`` and on what lies directly in it, which closes what
    lies deeper. Only a studio's folder is changed, since STUDIO_DATA may be mistyped. Raises
    ImproperlyConfigured where others can read the folder and it cannot be closed."""
    allowed = PASS_THROUGH if media_group else 0
    if _rights(folder) & ~allowed and not list(_strange(folder)):
        _take_away(folder, allowed)
    if _rights(folder) & ~allowed:
        raise ImproperlyConfigured(
            f"STUDIO_DATA is {folder}, which others on this machine can read. Close it (chmod 700 {folder}), "
            "or name a folder inside of it: that is made closed."
        )
    for path in folder.iterdir():
        if not (media_group and path.name == "media"):
            _take_away(path, 0)


def _strange(folder: Path) -> Iterator[Path]:
    """Yields entries of the folder that no studio has put there."""
    for path in folder.iterdir():
        if (
            path.name not in OWN_FILES
            and not path.name.startswith((".", "studio.sql"))
            and path.name != "lost+found"
        ):
            yield path


def _rights(path: Path) -> int:
    """Returns the rights of all but the owner."""
    return stat.S_IMODE(path.lstat().st_mode) & OTHERS


def _take_away(path: Path, allowed: int) -> None:
    """Removes the rights of others. Another user's file, and one that was just deleted, are skipped."""
    with suppress(PermissionError, FileNotFoundError):
        if _rights(path) & ~allowed and not path.is_symlink():
            os.chmod(path, stat.S_IMODE(path.lstat().st_mode) & ~OTHERS | _rights(path) & allowed)
