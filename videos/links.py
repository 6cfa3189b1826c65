"""Absolute addresses of this studio, for what is read outside of it (letters, invitations)."""

from urllib.parse import urlsplit

from django.conf import settings

LOCAL = ("localhost", "127.0.0.1", "::1")


def absolute(path: str) -> str:
    """``path`` behind ``STUDIO_PUBLIC_URL``. Never behind what a request says of itself: its Host
    header, and the port in it, are written by whoever asks."""
    return settings.PUBLIC_URL + path


def only_here() -> bool:
    """Whether ``STUDIO_PUBLIC_URL`` is an address that only this machine can open."""
    return urlsplit(settings.PUBLIC_URL).hostname in LOCAL
