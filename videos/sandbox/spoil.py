"""Damages a film, to rehearse what the studio does with a paid file that cannot be opened. PURE."""

PAGE = b"<!doctype html><html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1></html>"
_HEAD = 64  # bytes that stay as they are: what kind of file it is can still be seen


def damage(data: bytes, how: str) -> tuple[bytes, str]:
    """Returns ``data`` damaged as the tag asks for, and its media type where that changes (else "").
    ``how``: ``cut`` (the second half is missing), ``page`` (a gateway's error page instead), or
    anything else (the same length, but the content overwritten)."""
    if how == "cut":
        return data[: len(data) // 2], ""
    if how == "page":
        return PAGE, "text/html"
    at = data.find(b"mdat") + 4 if data[4:8] == b"ftyp" else _HEAD
    size = int.from_bytes(data[at - 8 : at - 4], "big") - 8 if data[4:8] == b"ftyp" else len(data) - at
    return data[:at] + b"\xff" * size + data[at + size :], ""
