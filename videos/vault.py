"""The one file that knows the cipher.

Everything sealed carries what it belongs to: a ciphertext moved to another row, team
or vendor opens as nothing. A wrong key raises; it never yields something that could
be sent to a vendor as if it were a credential."""

import hashlib
import hmac
import json
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1


class KeyUnreadable(Exception):
    """What is stored cannot be opened, or belongs to something else."""


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS must be one or more Fernet keys (32 bytes, urlsafe base64), newest first."
        ) from error


def cipher() -> MultiFernet:
    if not settings.FIELD_ENCRYPTION_KEYS:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: vendor keys could not be read.")
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS))


def seal(value: bytes, **belongs: str | int) -> bytes:
    """Ciphertext of ``value``, bound to ``belongs`` (what row, which team, ...)."""
    head = json.dumps({"v": VERSION, **{k: str(v) for k, v in belongs.items()}}, sort_keys=True).encode()
    return cipher().encrypt(len(head).to_bytes(2, "big") + head + value)


def unseal(token: bytes, **belongs: str | int) -> bytes:
    """What was sealed, if it was sealed for exactly this; else KeyUnreadable."""
    try:
        plain = cipher().decrypt(bytes(token))
    except InvalidToken:
        raise KeyUnreadable("this cannot be opened with the encryption keys at hand") from None
    size = int.from_bytes(plain[:2], "big")
    if json.loads(plain[2 : 2 + size]) != {"v": VERSION, **{k: str(v) for k, v in belongs.items()}}:
        raise KeyUnreadable("this was sealed for something else")
    return plain[2 + size :]


def reseal(token: bytes) -> bytes:
    """The same content under the newest encryption key."""
    try:
        return cipher().rotate(bytes(token))
    except InvalidToken:
        raise KeyUnreadable("this cannot be opened with the encryption keys at hand") from None


# --- vendor keys ------------------------------------------------------------


def lock(team_id: int, vendor: str, key: str, *, rehearsal: bool) -> dict[str, object]:
    """The columns of a VendorKey row that hold ``key``."""
    account = account_of(vendor, key, rehearsal=rehearsal)
    return {"account": account} | relock(team_id, vendor, key, rehearsal=rehearsal)


def relock(team_id: int, vendor: str, key: str, *, rehearsal: bool) -> dict[str, object]:
    """Those of them that change when the vendor gives the same account another key."""
    return {
        "sealed": seal(key.encode(), kind="key", team=team_id, vendor=vendor, rehearsal=int(rehearsal)),
        "tail": key[-4:] if len(key) >= 12 else "",
        "fingerprint": account_of(vendor, key, rehearsal=rehearsal),
    }


def open_key(row) -> str:
    """The bearer token of a VendorKey row, or KeyUnreadable."""
    return unseal(
        row.sealed, kind="key", team=row.team_id, vendor=row.vendor, rehearsal=int(row.rehearsal)
    ).decode()


def account_of(vendor: str, key: str, *, rehearsal: bool) -> str:
    """Which vendor account a key belongs to, without telling the key (a keyed hash, so
    that a stolen database cannot be searched with a guessed key)."""
    text = f"{vendor}\n{int(rehearsal)}\n{key}".encode()
    return hmac.new(_pepper(), text, hashlib.sha256).hexdigest()[:40]


def _pepper() -> bytes:
    # A secret of its own: neither a new SECRET_KEY nor new encryption keys may rename accounts.
    return hashlib.sha256(b"account" + settings.ACCOUNT_PEPPER.encode()).digest()


# --- unguessable addresses --------------------------------------------------


def mint() -> tuple[str, str]:
    """A capability and the hash it is found by: 256 bits of chance, of which only the
    hash is stored in the open."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
