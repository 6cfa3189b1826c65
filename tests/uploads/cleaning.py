"""A picture cleaned without a process of its own, so that many can be tried: all but the limits."""

import json
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from videos.media import probe_child, rework
from videos.media.child import BadMedia
from videos.uploads import pictures
from videos.uploads.pictures import BadPicture

__all__ = ["BadPicture", "Made", "clean"]


@dataclass(frozen=True)
class Made:
    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...]


def clean(data: bytes) -> Made:
    """Raises BadPicture."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(rework, "ask", looked_here):
        path, out = Path(folder, "a"), Path(folder, "b")
        path.write_bytes(data)
        made = pictures.clean(path, out)
        return Made(out.read_bytes(), made.media_type, made.width, made.height, made.sha256, made.notes)


def looked_here(question: dict, wall: int) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = json.loads(json.dumps(probe_child.run_reader(question)))
    if "bad" in said:
        raise BadMedia(said["bad"])
    return said
