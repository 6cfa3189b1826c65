"""Marks a key broken that its vendor refused, or that our own encryption keys do not open.

It is not used until somebody replaces it or tries it again. Its jobs wait, and their cards say so."""

from videos.logs import redact
from videos.models import KeyState, VendorKey


def mark_broken(key: VendorKey, said: str) -> None:
    """Set the state of ``key`` to BROKEN, in the row and in this instance. ``said``: the vendor's
    words, or ``unreadable``. The row stays as it is where another secret replaced this one while the
    vendor was asked, or where a person paused the key."""
    used = VendorKey.objects.filter(pk=key.pk, sealed=key.sealed, state=KeyState.ACTIVE)
    used.update(state=KeyState.BROKEN, said=redact(said)[:500])
    key.state = KeyState.BROKEN
