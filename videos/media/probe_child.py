"""The child that opens a stranger's file: see videos/media/probe.py and rework.py.

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

_LOOKERS = {
    "video": "videos.media.probe_film",
    "still": "videos.media.probe_still",
    "rewrap": "videos.media.rewrap_film",
    "frame": "videos.media.grab_frame",
    "heif": "videos.media.unpack_heif",
}

_OURS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # no file can bring these about
NO_ROOM = 75  # the exit status when there was no room for the answer itself


def limit(limits: dict[str, Any]) -> None:
    """Hard limits, and an alarm for the case that the parent is gone."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, limits["poster_bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(limits["wall"])


def answer(question: dict[str, Any]) -> dict[str, Any]:
    limit(question["limits"])
    warnings.simplefilter("ignore")  # of parts that Pillow skips; sizes are compared by each looker
    look = importlib.import_module(_LOOKERS[question["kind"]]).look
    try:
        return look(question["path"], question["poster"], question["limits"])
    except MemoryError:
        return {"bad": "too_costly"}
    except OSError as error:
        return {"errno": error.errno} if error.errno in _OURS else {"bad": "undecodable"}
    except (ValueError, ArithmeticError, SyntaxError, EOFError, RuntimeError, LookupError):
        # Pillow and PyAV raise all of these for a file that is not what it claims.
        return {"bad": "undecodable"}


if __name__ == "__main__":
    try:
        print(json.dumps(answer(json.loads(sys.argv[1]))), flush=True)
    except OSError:
        os._exit(NO_ROOM)
