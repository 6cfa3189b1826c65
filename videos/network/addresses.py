"""Decides which addresses the studio may talk to. PURE: no sockets, no Django, no clock.

Result links and redirects are chosen by strangers, so every one is a visible
trust decision: ``check_url`` judges the text before anything is resolved, and
``refusal`` judges each address that the name turned out to have, just before
that very address is dialled (videos/network/client.py does both).

``ipaddress.is_global`` alone is not enough: on Python 3.11.7 it is True for
``64:ff9b::7f00:1``, ``2002:7f00:1::``, ``::127.0.0.1`` and ``fec0::1``
(CVE-2024-4032 and forms outside it), so an explicit list comes first and
``is_global`` has the last word.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

Trusted = frozenset[tuple[str, int]]
"""``(host, port)`` pairs, lower case: the only hosts that may be http, on any
port, and not public (STUDIO_TRUSTED_HOSTS, and the sandbox for rehearsal)."""

TRUST_NONE: Trusted = frozenset()

MAX_URL = 8192
"""Characters of a URL. Signed storage links with a session token were seen with
about 4,000; no server takes a request line much longer than this."""

# https://www.iana.org/assignments/iana-ipv4-special-registry/
# https://www.iana.org/assignments/iana-ipv6-special-registry/
_REFUSED = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this_network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared"),  # carrier NAT; 100.100.100.200 is a cloud's metadata
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "metadata"),  # Azure's, on a public-looking address
        ("169.254.0.0/16", "link_local"),  # 169.254.169.254 is everybody's metadata
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "tunnel"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "mapped"),
        ("::/96", "compatible"),  # also :: itself
        ("64:ff9b::/96", "nat64"),
        ("64:ff9b:1::/48", "nat64"),
        ("100::/64", "discard"),
        ("2001::/23", "tunnel"),  # Teredo, ORCHID and their neighbours
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "tunnel"),  # 6to4
        ("2620:4f:8000::/48", "reserved"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),  # fd00:ec2::254 is a cloud's metadata
        ("fe80::/10", "link_local"),
        ("fec0::/10", "private"),  # site-local: deprecated, still routed by some
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_V6 = ip_network("2000::/3")  # RFC 4291: all that was ever given out

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_INNER_NAMES = ("localhost", "local", "internal", "localdomain", "lan", "home", "corp", "intranet", "arpa")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAKS = re.compile(r"%(?:0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)  # %0d%0a, %00 and the like
# RFC 3986, appendix B: scheme, authority, path, query. A fragment is not sent.
_PARTS = re.compile(r"(?:([^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# RFC 3986, 3.3 and 3.4: what may stand there as it is. "%" is one that begins an encoded byte.
_IN_A_PATH = "/%:@!$&'()*+,;=-._~"
_IN_A_QUERY = _IN_A_PATH + "?"


class BlockedAddress(Exception):
    """An address that the studio must not talk to. ``reason`` is a short code, safe to
    store and to key a sentence with; the address itself is not repeated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that passed ``check_url``, in pieces. The request is built from these pieces and
    never from the original text, so that no two parsers can disagree."""

    scheme: str
    host: str  # lower case; an IPv6 address without brackets
    port: int
    target: str  # path and query, percent-encoded
    trusted: bool = False

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def refusal(ip: str | IPv4Address | IPv6Address) -> str | None:
    """Returns why this IP address may not be connected to, as a short code; None when it may."""
    try:
        address = ip_address(ip) if isinstance(ip, str) else ip
    except ValueError:
        return "not_an_address"
    for network, reason in _REFUSED:
        if address.version == network.version and address in network:
            return reason
    if address.version == 6 and address not in _GLOBAL_V6:
        return "not_global"
    return None if address.is_global else "not_global"


def check_url(url: str, *, trusted: Trusted = TRUST_NONE, https_only: bool = True) -> Address:
    """Checks a URL by its text alone; names are checked again once resolved.

    Public places: https on port 443 (with ``https_only=False`` also http on
    port 80). A ``trusted`` host and port may be http, any port, any address.
    Raises BlockedAddress.
    """
    scheme, netloc, path, query = _split(url)
    host, port = _host_and_port(netloc, scheme)
    is_trusted = (host, port) in trusted
    if not is_trusted:
        _check_public_name(host)
        if scheme == "http" and https_only:
            raise BlockedAddress("not_https")
        if port != (443 if scheme == "https" else 80):
            raise BlockedAddress("port")
    target = percent_encode(path or "/", _IN_A_PATH) + (
        query and "?" + percent_encode(query[1:], _IN_A_QUERY)
    )
    return Address(scheme, host, port, target, is_trusted)


def with_https(url: str, trusted: Trusted = TRUST_NONE) -> str:
    """Returns ``url`` with ``https`` where it has ``http`` and leads to a public host.

    Anybody on the network path could change a film that comes unencrypted, so it is never fetched
    over http; many storages answer on both."""
    scheme, netloc, path, query = _split(url)
    if scheme != "http":
        return url
    host, port = _host_and_port(netloc, scheme)
    if port != 80 or (host, port) in trusted:
        return url
    return f"https://{netloc.removesuffix(':80')}{path}{query}"


def percent_encode(text: str, allowed: str) -> str:
    """Returns ``text`` with what RFC 3986 forbids there percent-encoded, and every other byte as it
    was: a signature may cover the exact spelling. Bytes that were no UTF-8 come as surrogate
    escapes and are encoded as the bytes they were. Raises BlockedAddress."""
    try:
        return quote(_LONE_PERCENT.sub("%25", text), safe=allowed, errors="surrogateescape")
    except UnicodeEncodeError:
        raise BlockedAddress("malformed") from None


def _split(url: str) -> tuple[str, str, str, str]:
    """Returns scheme, authority, path, and the query with its question mark."""
    if len(url) > MAX_URL:
        raise BlockedAddress("too_long")
    url = url.strip(" ")
    if _CONTROL.search(url) or _BREAKS.search(url):
        raise BlockedAddress("control_characters")
    parts = _PARTS.match(url)
    if parts is None:
        raise BlockedAddress("malformed")
    scheme, netloc, path, query = parts.groups("")
    if scheme.lower() not in ("http", "https"):
        raise BlockedAddress("scheme")
    # Some readers take a backslash for a slash, and would see another host than we do.
    if "\\" in netloc:
        raise BlockedAddress("backslash")
    if "@" in netloc:
        raise BlockedAddress("userinfo")
    return scheme.lower(), netloc, path, query


def _host_and_port(netloc: str, scheme: str) -> tuple[str, int]:
    if not netloc.isascii():
        raise BlockedAddress("look_alike")
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:%\s]+)(?::([0-9]{1,5}))?", netloc)
    if match is None:
        raise BlockedAddress("malformed")
    host = match[1].strip("[]").lower().removesuffix(".")
    port = int(match[2]) if match[2] else (443 if scheme == "https" else 80)
    if not 0 < port < 65536:
        raise BlockedAddress("port")
    if ":" in host:
        try:
            return str(IPv6Address(host)), port
        except ValueError:
            raise BlockedAddress("malformed") from None
    _check_name_or_quad(host)
    return host, port


def _check_name_or_quad(host: str) -> None:
    """Refuses what a resolver would read as a number in another notation
    (2130706433, 0x7f.1, 0177.0.0.1, 127.1) and what is no host name."""
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise BlockedAddress("malformed")
    if labels[-1].isdigit() or re.match(r"0x[0-9a-f]*\Z", labels[-1]):
        try:
            IPv4Address(host)
        except ValueError:
            raise BlockedAddress("odd_number") from None
    if any(label.startswith("xn--") for label in labels):
        raise BlockedAddress("look_alike")


def _check_public_name(host: str) -> None:
    try:
        reason = refusal(ip_address(host))
    except ValueError:
        labels = host.split(".")
        reason = "inner_name" if len(labels) == 1 or labels[-1] in _INNER_NAMES else None
    if reason:
        raise BlockedAddress(reason)
