"""The data folder is read by the user who runs the studio, whatever umask the service manager has.

With nginx in front that sends the films, its group may pass through the folder and read media/;
docs/operating.md says how. Nothing else in it is ever anybody else's."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from studio.beginning import OWN_FILES

UMASK = 0o077
OTHERS = 0o077  # every right of anybody but the owner
PASS_THROUGH = 0o010  # the group may open what it knows the name of


def close(folder: Path, *, media_group: bool) -> None:
    """Takes away what others may in ``folder`` and in what lies directly in it; what lies deeper is
    behind that. Nobody's folder but a studio's is changed: STUDIO_DATA may be mistyped. Raises
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
    """What no studio has put there."""
    for path in folder.iterdir():
        if (
            path.name not in OWN_FILES
            and not path.name.startswith((".", "studio.sql"))
            and path.name != "lost+found"
        ):
            yield path


def _rights(path: Path) -> int:
    """What others than the owner may."""
    return stat.S_IMODE(path.lstat().st_mode) & OTHERS


def _take_away(path: Path, allowed: int) -> None:
    """Somebody else's file, and one that goes away this instant, stay as they are."""
    with suppress(PermissionError, FileNotFoundError):
        if _rights(path) & ~allowed and not path.is_symlink():
            os.chmod(path, stat.S_IMODE(path.lstat().st_mode) & ~OTHERS | _rights(path) & allowed)
