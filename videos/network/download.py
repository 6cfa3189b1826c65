"""Downloads what a vendor made into a file of ours, by a link that the vendor chose.

No credentials travel; at most three redirects, each checked like the first link;
bytes are capped, every wait is bounded, and the hash is of the bytes on disk.
An interrupted file is continued (Range with If-Range) only while the other side
promises, by a strong ETag, that it is still the same file, and only where the part file
holds the bytes as they were sent: a download that was unpacked on the way starts over.
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

from videos.network.addresses import TRUST_NONE, Address, BlockedAddress, Trusted, check_url, with_https
from videos.network.client import CONNECTION_ERRORS, Connection, OutOfTime, Transport, request, unpacker
from videos.network.unpacking import Unpackable, is_media

REDIRECTS = 3
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MOVED = (301, 302, 303, 307, 308)
_GONE = (403, 404, 410)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DownloadError(Exception):
    """``kind`` is ``blocked``, ``gone``, ``network``, ``too_big``, ``stalled``,
    ``disk_full``, or ``not_https`` where the link is http and https on the same host
    does not give the file; ``reason`` a short code. ``etag`` is what to pass next time,
    so that the part file can be continued ("" when it has to start over)."""

    def __init__(self, kind: str, reason: str, etag: str = "") -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.etag = etag


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A finished download. ``bytes`` and ``sha256`` (hex) are of the whole file. ``sized`` is false
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
    trusted: Trusted = TRUST_NONE,
    https_only: bool = True,
    cap: int,
    deadline: float,
    idle: float,
    etag: str | None = None,
    renew: Callable[[int], None],
) -> Downloaded:
    """Downloads ``url`` into ``part_path``. ``cap`` in bytes; ``deadline`` (total) and ``idle``
    (between two bytes) in seconds. ``renew`` is called with the bytes on disk
    after every chunk, and what it raises ends the download: the hook for a lease.

    Raises DownloadError. The part file stays for another try, except after
    ``too_big`` and ``disk_full``.
    """
    fetch = _Fetch(part_path, trusted, https_only, cap, Connection(trusted, deadline, idle), renew)
    try:
        return fetch.run(url, etag if etag and _strong(etag) else "")
    except BlockedAddress as error:
        raise DownloadError("blocked", error.reason) from None
    except Unpackable as error:
        raise DownloadError("network", error.reason) from None
    except DownloadError as error:
        if error.kind == "too_big":
            part_path.unlink(missing_ok=True)
        raise
    except (OutOfTime, httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
        raise DownloadError("stalled", str(error), fetch.etag) from error
    except CONNECTION_ERRORS as error:
        if isinstance(error, OSError):
            if error.errno not in _NO_ROOM:
                raise  # our own disk: Connection turns socket errors into others
            part_path.unlink(missing_ok=True)
            raise DownloadError("disk_full", errno.errorcode[error.errno]) from error
        kind = "not_https" if fetch.secured and _why(error) in ("connect", "tls") else "network"
        raise DownloadError(kind, _why(error), fetch.etag) from error


@dataclass(slots=True)
class _Fetch:
    part: Path
    trusted: Trusted
    https_only: bool
    cap: int
    connection: Connection
    renew: Callable[[int], None]
    etag: str = ""  # of the bytes in the part file, once some came
    secured: bool = False  # the link is http, and https on its host is asked

    def run(self, url: str, etag: str) -> Downloaded:
        address = self.judge(url)
        have = self.part.stat().st_size if etag and self.part.exists() else 0
        hops = 0
        while hops <= REDIRECTS:  # and at most once more: a continuation that starts over
            headers = {"range": f"bytes={have}-", "if-range": etag} if have else {}
            with Transport(self.connection.next_connection(self.trusted)) as transport:
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

    def judge(self, url: str) -> Address:
        """Returns the checked address to ask for ``url``. Raises BlockedAddress."""
        safe = with_https(url, self.trusted) if self.https_only else url
        self.secured = safe != url
        return check_url(safe, trusted=self.trusted, https_only=self.https_only)

    def hop(self, here: Address, response: httpx.Response) -> Address:
        """Returns where the redirect leads. From a public host only to public hosts: a vendor's link
        must not reach a trusted inner host by way of a redirect."""
        there = _location(response)
        try:
            there = there if _ABSOLUTE.match(there) else urljoin(here.url, there)
        except ValueError:
            raise BlockedAddress("malformed") from None
        self.trusted = self.trusted if here.trusted else TRUST_NONE
        return self.judge(there)

    def store(self, response: httpx.Response, have: int) -> Downloaded:
        self.etag = ""
        _check_status(response, self.secured)
        total = _total(response, have)
        if total is not None and total > self.cap:
            raise DownloadError("too_big", "announced")
        with open(self.part, "r+b" if have else "wb") as file:
            arriving = _Arriving(file, self.cap, have, self.renew)
            self.etag = _strong(response.headers.get("etag", ""))
            # The part file holds bytes as they were sent, so the rest is not unpacked either.
            opened = None if have else unpacker(response, is_media)
            came = have
            for chunk in response.iter_raw():
                came += len(chunk)
                if came > self.cap:
                    raise DownloadError("too_big", "received")
                for piece in opened.feed(chunk) if opened else (chunk,):
                    arriving.write(piece)
                self.etag = "" if opened and opened.packed else self.etag
            for piece in opened.finish() if opened else ():
                arriving.write(piece)
        packed = opened is not None and opened.packed
        if total is not None and came != total:
            raise DownloadError("network", "length", self.etag if came < total else "")
        if not arriving.bytes:
            raise DownloadError("network", "empty")
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Downloaded(
            arriving.bytes, arriving.digest.hexdigest(), self.etag, kind, packed or total is not None
        )


class _Arriving:
    """Writes the part file, hashes it and reports its length. Raises DownloadError past ``cap`` bytes."""

    def __init__(self, file: BinaryIO, cap: int, have: int, renew: Callable[[int], None]) -> None:
        self._file, self._cap, self._renew = file, cap, renew
        self.bytes, self.digest = have, hashlib.sha256()
        if have:
            _hash_start(file, have, self.digest)

    def write(self, piece: bytes) -> None:
        self.bytes += len(piece)
        if self.bytes > self._cap:
            raise DownloadError("too_big", "unpacked")
        self._file.write(piece)
        self.digest.update(piece)
        self._renew(self.bytes)


def _location(response: httpx.Response) -> str:
    """Returns the Location header; bytes that are no UTF-8 become surrogate escapes, which are sent
    back as the bytes they were."""
    found = next((value for name, value in response.headers.raw if name.lower() == b"location"), b"")
    return found.decode("utf-8", "surrogateescape")


def _why(error: Exception) -> str:
    """Returns a short code for the error, whose own text may repeat what the other side sent."""
    if isinstance(error, (httpcore.ConnectError, httpcore.ConnectTimeout)):
        return str(error) if str(error) in ("dns", "tls") else "connect"
    return "cut"


def _check_status(response: httpx.Response, https_instead: bool) -> None:
    """``https_instead``: the link is http, so a 404 over https does not say that it is dead."""
    status = response.status_code
    if status not in (200, 206):
        kind = ("not_https" if https_instead else "gone") if status in _GONE else "network"
        raise DownloadError(kind, f"status_{status}")


def _continues(response: httpx.Response, have: int, etag: str) -> bool:
    """Returns whether a 206 is the rest of the same file. Statuses that say
    nothing about the part (a 403, a 503) are left to the caller's check."""
    if response.status_code == 206:
        match = _content_range(response)
        return match is not None and int(match[1]) == have and response.headers.get("etag", etag) == etag
    return response.status_code not in (200, 412, 416)


def _content_range(response: httpx.Response) -> re.Match[str] | None:
    return re.fullmatch(
        r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})", response.headers.get("content-range", "")
    )


def _total(response: httpx.Response, have: int) -> int | None:
    """Returns the whole file's length as announced, or None."""
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
