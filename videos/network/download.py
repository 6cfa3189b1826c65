"""Fetch what a vendor made into a file of ours, by a link that a stranger chose.

No credentials travel; at most three redirects, each judged like the first link;
bytes are capped, every wait is bounded, and the hash is of the bytes on disk.
An interrupted file is continued (Range with If-Range) only while the other side
promises, by a strong ETag, that it is still the same file.
"""

import contextlib
import errno
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

import httpcore
import httpx

from videos.network.addresses import NOBODY, Address, BlockedAddress, Trusted, check_url
from videos.network.client import FAULTS, BadReply, Line, OutOfTime, Transport, refuse_encoded, request

REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_GONE = (403, 404, 410)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DownloadError(Exception):
    """``kind`` is ``blocked``, ``gone``, ``network``, ``too_big``, ``stalled`` or
    ``disk_full``; ``reason`` a short code. ``etag`` is what to pass next time, so
    that the part file can be continued ("" when it has to start over)."""

    def __init__(self, kind: str, reason: str, etag: str = "") -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.etag = etag


@dataclass(frozen=True, slots=True)
class Downloaded:
    """``bytes`` and ``sha256`` (hex) are of the whole file. ``sized`` is false
    when the other side never said how long the file is: only its own structure
    can tell then whether it is whole (videos/media/probe.py walks it)."""

    bytes: int
    sha256: str
    etag: str
    content_type: str
    sized: bool


def download(
    url: str,
    part_path: Path,
    *,
    trusted: Trusted = NOBODY,
    https_only: bool = True,
    cap: int,
    deadline: float,
    idle: float,
    etag: str | None = None,
    renew: Callable[[int], None],
) -> Downloaded:
    """Fill ``part_path``. ``cap`` in bytes; ``deadline`` (total) and ``idle``
    (between two bytes) in seconds. ``renew`` is called with the bytes on disk
    after every chunk, and what it raises ends the download: the hook for a lease.

    Raises DownloadError. The part file stays for another try, except after
    ``too_big`` and ``disk_full``.
    """
    fetch = _Fetch(part_path, trusted, https_only, cap, Line(trusted, deadline, idle), renew)
    try:
        return fetch.run(url, etag if etag and _strong(etag) else "")
    except BlockedAddress as error:
        raise DownloadError("blocked", error.reason) from None
    except BadReply as error:
        raise DownloadError("network", error.reason) from None
    except DownloadError as error:
        if error.kind == "too_big":
            part_path.unlink(missing_ok=True)
        raise
    except (OutOfTime, httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
        raise DownloadError("stalled", str(error), fetch.etag) from error
    except FAULTS as error:
        if isinstance(error, OSError):
            if error.errno not in _NO_ROOM:
                raise  # our own disk, not their network: the door turns socket errors into its own
            part_path.unlink(missing_ok=True)
            raise DownloadError("disk_full", errno.errorcode[error.errno]) from error
        raise DownloadError("network", _why(error), fetch.etag) from error


@dataclass(slots=True)
class _Fetch:
    part: Path
    trusted: Trusted
    https_only: bool
    cap: int
    line: Line
    renew: Callable[[int], None]
    etag: str = ""  # of the bytes in the part file, once some came

    def run(self, url: str, etag: str) -> Downloaded:
        address = check_url(url, trusted=self.trusted, https_only=self.https_only)
        have = self.part.stat().st_size if etag and self.part.exists() else 0
        hops = 0
        while hops <= REDIRECTS:  # and at most once more: a continuation that starts over
            headers = {"range": f"bytes={have}-", "if-range": etag} if have else {}
            with Transport(self.line.again(self.trusted)) as transport:
                response = transport.handle_request(request("GET", address, headers))
                with contextlib.closing(response):
                    if response.status_code in _MOVED:
                        hops += 1
                        address = self.hop(address, response)
                    elif have and not _continues(response, have, etag):
                        have = 0
                        if response.status_code == 200:
                            return self.store(response, 0)
                    else:
                        return self.store(response, have)
        raise DownloadError("network", "redirects")

    def hop(self, here: Address, response: httpx.Response) -> Address:
        """Where the redirect leads. From a public place only to public places:
        a stranger's link must not reach a trusted inner host by way of one."""
        try:
            there = urljoin(here.url, response.headers.get("location", ""))
        except ValueError:
            raise BlockedAddress("malformed") from None
        self.trusted = self.trusted if here.trusted else NOBODY
        return check_url(there, trusted=self.trusted, https_only=self.https_only)

    def store(self, response: httpx.Response, have: int) -> Downloaded:
        self.etag = ""
        _check_status(response)
        refuse_encoded(response)
        total = _total(response, have)
        if total is not None and total > self.cap:
            raise DownloadError("too_big", "announced")
        digest = hashlib.sha256()
        with open(self.part, "r+b" if have else "wb") as file:
            if have:
                _hash_start(file, have, digest)
            self.etag = _strong(response.headers.get("etag", ""))
            for chunk in response.iter_raw():
                have += len(chunk)
                if have > self.cap:
                    raise DownloadError("too_big", "received")
                file.write(chunk)
                digest.update(chunk)
                self.renew(have)
        if total is not None and have != total:
            raise DownloadError("network", "length", self.etag if have < total else "")
        if not have:
            raise DownloadError("network", "empty")
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Downloaded(have, digest.hexdigest(), self.etag, kind, total is not None)


def _why(error: Exception) -> str:
    """A code of ours: the error's own text may repeat what the other side sent."""
    if isinstance(error, (httpcore.ConnectError, httpcore.ConnectTimeout)):
        return str(error) if str(error) in ("dns", "tls") else "connect"
    return "cut"


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in _GONE:
        raise DownloadError("gone", f"status_{status}")
    if status not in (200, 206):
        raise DownloadError("network", f"status_{status}")


def _continues(response: httpx.Response, have: int, etag: str) -> bool:
    """Whether a 206 is the very rest of the very same file. Statuses that say
    nothing about the part (a 403, a 503) are left to the caller's check."""
    if response.status_code == 206:
        match = _content_range(response)
        return bool(match) and int(match[1]) == have and response.headers.get("etag", etag) == etag
    return response.status_code not in (200, 412, 416)


def _content_range(response: httpx.Response) -> re.Match[str] | None:
    return re.fullmatch(
        r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})", response.headers.get("content-range", "")
    )


def _total(response: httpx.Response, have: int) -> int | None:
    """The whole file's length as announced, or None."""
    if response.status_code == 206:
        match = _content_range(response)
        if not match or int(match[1]) != have or int(match[2]) + 1 != int(match[3]):
            raise DownloadError("network", "range")
        return int(match[3])
    length = response.headers.get("content-length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None


def _hash_start(file: BinaryIO, have: int, digest: "hashlib._Hash") -> None:
    left = have
    while left and (chunk := file.read(min(left, 1 << 20))):
        digest.update(chunk)
        left -= len(chunk)
    file.seek(have)
    file.truncate()


def _strong(etag: str) -> str:
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', etag) else ""
