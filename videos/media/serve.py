"""Serves one of our own files with range requests, so that players can seek in it.

Django's FileResponse ignores Range (Safari then refuses to play), and an untrusted
file must never become a page of ours: hence our own content
type, a sandbox, and ``nosniff`` on every reply. Who may see the file is decided
before this is called.
"""

import logging
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from videos.spelling import nfc

log = logging.getLogger(__name__)
_RANGE = re.compile(r"bytes= *([0-9]{0,18})-([0-9]{0,18}) *", re.IGNORECASE)
_PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FRESH_SECONDS = 300
"""Seconds for which a browser shows a poster or a picture again without asking. The gallery has 48 of
them, and 48 answers of 304 cost this machine ten times what the gallery itself does. Films and
downloads are asked for each time: a 304 is cheap beside them, and a person who was removed from the
team gets none."""
ACCEL_PREFIX = "/_files/"
"""docs/nginx.conf has the location of this name."""


class FileMissing(Http404):
    """A row names this file, and the store does not have it, or not all of it. The answer is 404
    and a page that says so (templates/file_missing.html)."""


def serve(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    etag: str,
    size: int | None = None,
    download_name: str | None = None,
    accel: str = "",
    fresh: int = 0,
) -> HttpResponseBase:
    """Returns the reply to a GET or HEAD of ``path``, by RFC 9110 sections 13 and 14.

    One range gives 206 (or 416); several, an unreadable one, or one with a stale
    If-Range give the whole file with 200, as does HEAD. ``etag`` is bare (no
    quotes). ``accel="nginx"`` leaves the bytes, and one range of them, to nginx.
    ``download_name`` makes it an attachment. ``size``: how many bytes its row says it has (None:
    the row does not say). ``fresh``: seconds for which the browser need not ask again (``FRESH_SECONDS``); it
    keeps its copy longer, and asks by the ETag. Raises FileMissing.
    """
    tag = f'"{etag}"'
    file = _open_whole(path, size)
    if _is_not_modified(request, tag):
        file.close()
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _content_response(request, file, path.stat().st_size, content_type, tag)
    # A Range that means the whole to us may mean something else to nginx: that one we send.
    same = response.status_code == 206 or response.status_code == 200 and "Range" not in request.headers
    if accel == "nginx" and request.method == "GET" and same:
        response.close()
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{ACCEL_PREFIX}{path.parent.name}/{path.name}"
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={fresh}" if fresh else "private, no-cache"
    for name, value in _PROTECTION.items():
        response[name] = value
    if download_name:
        response["Content-Disposition"] = content_disposition_header(True, safe_name(download_name))
    return response


def _open_whole(path: Path, size: int | None) -> BinaryIO:
    try:
        file = open(path, "rb")
    except OSError as error:
        log.error("a stored file cannot be opened: %s: %s", path.name, error.strerror)
        raise FileMissing(path.name) from None
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode) or size is not None and about.st_size != size:
        file.close()
        log.error("a stored file has %s bytes instead of %s: %s", about.st_size, size, path.name)
        raise FileMissing(path.name)
    return file


def safe_name(name: str) -> str:
    """Returns a file name for a download: letters of any script, no path, no control or
    direction-changing characters, at most 120 characters with its suffix."""
    name = nfc(name)
    name = "".join("_" if c in '/\\:*?"<>|' else c for c in name if unicodedata.category(c)[0] != "C")
    stem, dot, suffix = name.strip(" .").rpartition(".")
    if not dot or len(suffix) > 5:
        stem, dot, suffix = name.strip(" ."), "", ""
    return (stem[: 119 - len(suffix)].strip(" .") or "file") + dot + suffix


def _is_not_modified(request: HttpRequest, tag: str) -> bool:
    """Returns whether the browser has this file already. If-None-Match compares weakly: our tag with
    or without W/."""
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in asked or any(one.removeprefix("W/") == tag for one in asked)


def _content_response(
    request: HttpRequest, file: BinaryIO, size: int, content_type: str, tag: str
) -> HttpResponseBase:
    span = None
    if request.method == "GET" and request.headers.get("If-Range", tag) == tag:
        span = read_range(request.headers.get("Range", ""), size)
    if span == (0, 0):
        file.close()
        response: HttpResponseBase = HttpResponse(status=416, content_type="text/plain")
        response["Content-Range"] = f"bytes */{size}"
        return response
    start, stop = span or (0, size)
    # gunicorn's sendfile takes the file's position and the Content-Length; every
    # other server reads the Slice, which ends where the range does.
    response = FileResponse(
        FileSlice(file, start, stop), status=206 if span else 200, content_type=content_type
    )
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    if span:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """Returns a Range header as ``(start, stop)``; ``(0, 0)`` when no byte of it exists
    (416); None when there is none, several, or it makes no sense (the whole)."""
    match = _RANGE.fullmatch(header)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start = int(first)
        if last and int(last) < start:
            return None
        stop = min(int(last) + 1, size) if last else size
    return (start, stop) if start < stop else (0, 0)


class FileSlice:
    """A file from ``start`` up to ``stop``, with the file descriptor in view."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self._file, self._stop = file, stop
        self.seek(start)
        self.fileno = file.fileno
        self.close = file.close

    def seek(self, position: int) -> None:
        """Moves to a byte of the whole file: where ``socket.sendfile`` begins anew when the kernel
        refuses, as it does after a player that went away before the first byte."""
        self._file.seek(position)
        self._left = self._stop - position

    def seekable(self) -> bool:
        """Returns False, because Django would otherwise send the length of the whole file."""
        return False

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data
