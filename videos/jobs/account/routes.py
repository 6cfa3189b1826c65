"""Decides where the calls of a key go, and which addresses they may reach.

A rehearsal key talks to the sandbox and only to it; a real key only to its vendor (or the company
gateway that the operator set). Neither ever crosses, whatever an answer says."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from videos.network.addresses import BlockedAddress, Trusted, check_url, with_https
from videos.vendors import registry

LOCALHOST = {"localhost", "127.0.0.1", "::1"}


class Crossed(Exception):
    """A real key was about to talk to the sandbox, or a rehearsal key to the world."""


@dataclass(frozen=True, slots=True)
class Route:
    """``base_url`` of the calls; ``trusted`` are the non-public addresses they may reach."""

    vendor: str
    base_url: str
    trusted: Trusted
    rehearsal: bool

    def allow(self, url: str) -> str:
        """Return ``url`` (of a result) if this kind of key may fetch from there; else raise Crossed or
        BlockedAddress. A rehearsal fetches from the sandbox alone, real work never does; an http
        link to a public place is judged as the https that is asked instead."""
        trusted = self.trusted | {host_and_port(settings.SANDBOX_URL)}
        address = check_url(with_https(url, trusted), trusted=trusted)
        if _is_sandbox(address.host, address.port) != self.rehearsal:
            raise Crossed(address.host)
        return url


def host_and_port(url: str) -> tuple[str, int]:
    """The host in lower case, and the port (that of the scheme where none is named)."""
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _is_sandbox(host: str, port: int) -> bool:
    """Is this the sandbox, by its name or by another name for this machine?"""
    name, number = host_and_port(settings.SANDBOX_URL)
    return port == number and (host == name or {host, name} <= LOCALHOST)


def route(vendor: str, *, rehearsal: bool) -> Route:
    """The route of a key of ``vendor`` (a slug). Raises Crossed where a real key would be led to the
    sandbox."""
    if rehearsal:
        sandbox = host_and_port(settings.SANDBOX_URL)
        return Route(vendor, f"{settings.SANDBOX_URL}/{vendor}", frozenset({sandbox}), True)
    base = settings.VENDOR_URLS.get(vendor) or registry.vendor(vendor).base_url
    if _is_sandbox(*host_and_port(base)):
        raise Crossed(base)
    return Route(vendor, base, settings.TRUSTED_HOSTS - {host_and_port(settings.SANDBOX_URL)}, False)


def reachable_by(vendor: str, *, rehearsal: bool) -> bool:
    """Can this vendor reach our own address (for callbacks and pictures)? An address that is not
    public https is reached only by the sandbox and by gateways the operator trusts."""
    if rehearsal or public_https(settings.PUBLIC_URL):
        return True
    return host_and_port(route(vendor, rehearsal=False).base_url) in settings.TRUSTED_HOSTS


def public_https(url: str) -> bool:
    """Is ``url`` an https address that the whole world can resolve and reach?"""
    try:
        host = check_url(url).host
    except BlockedAddress:
        return False
    if "." not in host or host.endswith((".local", ".internal", ".localhost", ".test")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True
