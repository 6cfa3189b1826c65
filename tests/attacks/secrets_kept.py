"""Where a secret could have got to: every table, every byte of the database's files."""

import base64
import binascii
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def spellings(secret: str) -> list[bytes]:
    """The secret as it is, in a URL, in base64 (any of the three alignments) and in hex."""
    raw = secret.encode()
    encoded = [base64.b64encode(b"x" * shift + raw)[4 : -4 - (-len(raw) - shift) % 3] for shift in range(3)]
    return [
        raw,
        quote(secret, safe="").encode(),
        binascii.hexlify(raw),
        *(part for part in encoded if len(part) > 12),
    ]


def found_in(text: bytes, secrets: dict[str, str]) -> set[str]:
    return {name for name, secret in secrets.items() if any(form in text for form in spellings(secret))}


def whole_database() -> bytes:
    """Every value of every table; for SQLite also its files as they lie on the disk."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                parts += [bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row]
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        parts += [path.read_bytes() for path in name.parent.glob(f"{name.name}*")]
    return b"\n".join(parts)
