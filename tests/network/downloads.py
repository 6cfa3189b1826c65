"""A file server with ranges, and one download from it."""

import hashlib
import os
import re

import pytest

from tests.network.faults import head, resets
from videos.network.download import DownloadError, download

FILM = os.urandom(300_000)
SHA = hashlib.sha256(FILM).hexdigest()
TAG = '"v1"'


def ranges(film=FILM, etag=TAG, cut_at=None, **more):
    """A file server that understands Range and If-Range; ``cut_at`` resets the
    first reply after so many bytes."""
    served = []

    def behave(heard, connection):
        served.append(heard)
        asked = re.fullmatch(r"bytes=(\d+)-", heard.headers.get("range", ""))
        start = int(asked[1]) if asked and heard.headers.get("if-range") == etag else 0
        if start:
            more_range = {"content_range": f"bytes {start}-{len(film) - 1}/{len(film)}"}
        else:
            more_range = {}
        top = head(
            206 if start else 200,
            content_length=len(film) - start,
            etag=etag,
            content_type="video/mp4; charset=x",
            **more_range,
            **more,
        )
        if cut_at and len(served) == 1:
            return resets(top + film[:cut_at])(heard, connection)
        connection.sendall(top + film[start:])
        return None

    return behave


def fetch(one, part, *, path="/film.mp4", **more):
    asked = {"trusted": one.trusted, "cap": 1 << 20, "deadline": 5.0, "idle": 2.0, "renew": lambda _: None}
    return download(one.url + path, part, **(asked | more))


def fails(one, part, **more):
    with pytest.raises(DownloadError) as caught:
        fetch(one, part, **more)
    return caught.value
