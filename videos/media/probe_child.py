"""Is the child process that opens an untrusted file: see videos/media/probe.py and rework.py.

Runs as ``python -m videos.media.probe_child '<json>'`` and prints one JSON
object: facts, ``{"bad": reason}``, or ``{"errno": number}`` for a fault of this
machine, which says nothing about the file. It has no Django, and limits itself before
it loads a parser, which is why the parsers are imported late.
"""

import errno
import importlib
import json
import os
import resource
import signal
import sys
import warnings
from typing import Any

from videos.media.damage import DAMAGE

_READERS = {
    "video": "videos.media.probe_film",
    "still": "videos.media.probe_still",
    "rewrap": "videos.media.rewrap_film",
    "frame": "videos.media.grab_frame",
    "picture": "videos.media.clean_picture",
}

# Reasons that may mean a lack of memory, which decoders report as damage.
_MAYBE_MEMORY = ("too_costly", "undecodable", "truncated", "no_frame")
_MACHINE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # no file can bring these about
EXIT_NO_ROOM = 75  # the exit status when there was no room for the answer itself


def apply_limits(limits: dict[str, Any]) -> None:
    """Sets hard limits, and an alarm in case the parent is gone. Where this machine allows less than
    asked for, its own limit stays: only root may raise it."""
    for what, most in _limits(limits):
        hard = _least(most, resource.getrlimit(what)[1])
        # A second between the two: a file that is too costly ends by SIGXCPU; SIGKILL then has another cause.
        resource.setrlimit(what, (min(hard, limits["cpu"]) if what == resource.RLIMIT_CPU else hard, hard))
    signal.alarm(limits["wall"])


def has_lower_limits(limits: dict[str, Any]) -> bool:
    """Returns whether this machine allows less than the child is meant to have: then a failure to
    open says nothing about the file."""
    return any(_least(most, resource.getrlimit(what)[1]) < most for what, most in _limits(limits))


def _limits(limits: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    return (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"] + 1),
        (resource.RLIMIT_FSIZE, limits["poster_bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    )


def _least(most: int, hard: int) -> int:
    return most if hard == resource.RLIM_INFINITY else min(most, hard)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    short = has_lower_limits(question["limits"])
    apply_limits(question["limits"])
    warnings.simplefilter("ignore")  # of parts that Pillow skips; sizes are compared by each looker
    said = run_reader(question)
    return {"errno": errno.ENOMEM} if short and said.get("bad") in _MAYBE_MEMORY else said


def run_reader(question: dict[str, Any]) -> dict[str, Any]:
    try:
        look = importlib.import_module(_READERS[question["kind"]]).look
        return look(question["path"], question["poster"], question["limits"])
    except (MemoryError, ImportError):  # there is too little memory to load the parser
        return {"bad": "too_costly"}
    except OSError as error:
        return {"errno": error.errno} if error.errno in _MACHINE_ERRORS else {"bad": "undecodable"}
    except DAMAGE:
        return {"bad": "undecodable"}


if __name__ == "__main__":
    try:
        print(json.dumps(answer(json.loads(sys.argv[1]))), flush=True)
    except OSError:
        os._exit(EXIT_NO_ROOM)
