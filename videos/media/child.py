"""Runs the limited child process that opens untrusted files (videos/media/probe_child.py), and
returns its answer."""

import errno
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from videos.media import child_slots
from videos.media.probe_child import EXIT_NO_ROOM, has_lower_limits

_ROOT = Path(__file__).resolve().parents[2]
_ANSWER_BYTES = 64 * 1024


class BadMedia(Exception):
    """The file is no film or picture that the studio can show. ``reason`` is a short code; ``value`` is
    what was found instead of what is accepted, where the child reports it (text or a number)."""

    def __init__(self, reason: str, value: object = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def ask(question: dict[str, object], wall: int) -> dict[str, object]:
    """Returns the child's answer within ``wall`` seconds, once it has a slot (videos/media/child_slots.py).
    Raises BadMedia with its reason, or OSError for a fault of this machine (a full disk, no memory;
    child_slots.Busy), which says nothing about the file.

    Its environment is empty, so that an exploit of the parser finds no key there; its
    answer goes to a file, whose size the child's own limit bounds."""
    limits = question["limits"]
    with tempfile.TemporaryFile() as answer, child_slots.acquire(limits["memory"]) as held:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "videos.media.probe_child", json.dumps(question)],
                cwd=_ROOT,
                env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=wall + 2,
                check=False,
                pass_fds=held,
            )
        except subprocess.TimeoutExpired:
            raise BadMedia("too_costly") from None
        if done.returncode == EXIT_NO_ROOM:
            raise OSError(errno.ENOSPC, "no room for the answer")
        answer.seek(0)
        try:
            said = json.loads(answer.read(_ANSWER_BYTES))
        except ValueError:  # killed before it could answer
            if done.returncode == -signal.SIGKILL or has_lower_limits(limits):
                raise OSError(errno.ENOMEM, "this machine ended the child") from None
            raise BadMedia("too_costly") from None
    if isinstance(said, dict) and "errno" in said:
        raise OSError(int(said["errno"]), "a fault of this machine")
    if not isinstance(said, dict) or "bad" in said:
        if not isinstance(said, dict):
            raise BadMedia("undecodable")
        value = said.get("value", "")
        raise BadMedia(str(said["bad"])[:40], value if isinstance(value, int | float) else str(value)[:40])
    return said
