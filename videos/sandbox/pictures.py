"""Fetches reference pictures over the network as a vendor would, checks and keeps them."""

import base64
import binascii
import hashlib
import io
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from PIL import Image, UnidentifiedImageError

from videos.sandbox.config import SandboxConfig
from videos.sandbox.film.recipe import Reference
from videos.sandbox.refusals import Reason, Refusal

FILM_MARKS = (b"ftyp",)  # at byte 4 of an MP4 or MOV


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture that a request names. ``data``: whether the document allows data: addresses."""

    role: str
    url: str
    data: bool = False
    film: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    reference: Reference
    size: tuple[int, int]


class Addresses:
    """Decides which addresses count as public: any https address, and the studio's own."""

    def __init__(self, config: SandboxConfig):
        self.trusted = {self._place(config.studio), *config.trusted}
        for place in list(self.trusted):
            host, _, port = place.rpartition(":")
            if host in ("127.0.0.1", "localhost"):
                self.trusted |= {f"127.0.0.1:{port}", f"localhost:{port}"}

    def _place(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    def trusts(self, url: str) -> bool:
        return url.startswith(("http://", "https://")) and self._place(url) in self.trusted

    def acceptable(self, url: str) -> bool:
        """Returns whether a vendor would take the address at all, before it is tried."""
        try:
            parts = urlsplit(url)
            if not parts.hostname:
                return False
            return self.trusts(url) or (parts.scheme == "https" and not _is_inner(parts.hostname))
        except ValueError:
            return False


def _is_film(data: bytes) -> bool:
    return data[4:8] in FILM_MARKS


def _is_inner(host: str) -> bool:
    """Returns whether ``host`` is an IP address that is not public. Names are checked by Resolver."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


class Resolver(aiohttp.ThreadedResolver):
    """Resolves names, but fails for those that lead to an address that is not public, unless trusted."""

    def __init__(self, addresses: Addresses):
        super().__init__()
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        inner = [entry for entry in found if not ipaddress.ip_address(entry["host"]).is_global]
        if inner and f"{host}:{port}" not in self.addresses.trusted:
            raise OSError(f"{host} is not a public address")
        return found


class Pictures:
    """Fetches pictures into ``folder``, which holds each once, named by its SHA-256."""

    def __init__(
        self, config: SandboxConfig, folder: Path, addresses: Addresses, client: aiohttp.ClientSession
    ):
        self.config, self.folder, self.addresses, self.client = config, folder, addresses, client

    async def take(self, wishes: Sequence[PictureRequest]) -> list[Picture]:
        """Returns all pictures. Raises Refusal (INVALID) for the first that cannot be used."""
        return [await self._one(wish) for wish in wishes]

    async def _one(self, wish: PictureRequest) -> Picture:
        data = self._unpack(wish) if wish.url.startswith("data:") else await self._fetch(wish)
        size = self._look(data, wish)
        digest = hashlib.sha256(data).hexdigest()
        (self.folder / digest).write_bytes(data)
        return Picture(Reference(wish.role, digest), size)

    def _unpack(self, wish: PictureRequest) -> bytes:
        head, _, tail = wish.url.partition(",")
        if not wish.data or not head.startswith("data:image/") or not head.endswith(";base64"):
            raise Refusal(Reason.INVALID, "Image must be a public https URL")
        try:
            return base64.b64decode(tail, validate=True)
        except binascii.Error as problem:
            raise Refusal(Reason.INVALID, "Image data is not valid base64") from problem

    async def _fetch(self, wish: PictureRequest) -> bytes:
        """Downloads one picture or film. Films are asked for as a range, which their host has to support."""
        if not self.addresses.acceptable(wish.url):
            raise Refusal(Reason.INVALID, "Image must be a public https URL")
        asked = {"Range": "bytes=0-"} if wish.film else {}
        most = self.config.film_bytes if wish.film else self.config.fetch_bytes
        try:
            timeout = aiohttp.ClientTimeout(total=self.config.fetch_seconds)
            async with self.client.get(
                wish.url, headers=asked, timeout=timeout, allow_redirects=False
            ) as answer:
                good = answer.status in ((200, 206) if wish.film else (200,))
                data = await answer.content.read(most + 1) if good else b""
                while data and len(data) <= most and (more := await answer.content.readany()):
                    data += more
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise Refusal(Reason.INVALID, "Failed to download image") from problem
        if not data:
            raise Refusal(Reason.INVALID, f"Failed to download image: HTTP {answer.status}")
        if len(data) > most:
            raise Refusal(Reason.INVALID, "Image is too large")
        if _is_film(data) and answer.status != 206:
            raise Refusal(Reason.INVALID, "The video host must support range requests")
        return data

    def _look(self, data: bytes, wish: PictureRequest) -> tuple[int, int]:
        """Returns width and height from the header only; the worker decodes."""
        if wish.film and _is_film(data):
            return 16, 9
        try:
            with Image.open(io.BytesIO(data)) as found:
                found.verify()
                return found.size
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
        ) as problem:
            raise Refusal(Reason.INVALID, "The URL does not point to a supported image") from problem
