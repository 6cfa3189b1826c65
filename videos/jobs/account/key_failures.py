"""A key that its vendor refused, or that our own encryption keys do not open, rests until somebody
replaces it or tries it again. Its jobs wait, and their cards say so."""

from videos.logs import redact
from videos.models import KeyState, VendorKey


def mark_broken(key: VendorKey, said: str) -> None:
    """``said``: the vendor's words, or ``unreadable``. Neither a secret that replaced this one while
    we asked, nor a person's own pause, is overruled. ``key`` itself says so from here on."""
    used = VendorKey.objects.filter(pk=key.pk, sealed=key.sealed, state=KeyState.ACTIVE)
    used.update(state=KeyState.BROKEN, said=redact(said)[:500])
    key.state = KeyState.BROKEN
