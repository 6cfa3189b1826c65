"""What a file seems to be, by its first 12 bytes: which of our doors it is shown to. Each door
looks again for itself. PURE."""

# ISO/IEC 23008-12: brands of a still or a burst in HEVC, as phones save them.
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}


def seems(head: bytes) -> str:
    """``heif``, ``film`` (MP4, MOV and their kin) or ``picture`` (everything else)."""
    if head[4:8] != b"ftyp" or head[8:12] in _AVIF:
        return "picture"
    return "heif" if head[8:12] in _HEIF else "film"
