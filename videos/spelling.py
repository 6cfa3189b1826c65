"""Normalizes text to Unicode NFC in time proportional to its length. Pure."""

import re
import unicodedata

# To bring the marks on a letter into their order, `unicodedata` moves each one past all that belong
# behind it, with the interpreter locked: a quarter of a second for a letter with 5,000 marks on each
# side, a minute for ten times as many. UAX #15 calls thirty more than any language needs.
_MARKS = "".join(chr(n) for n in range(0x300, 0x1F000) if unicodedata.combining(chr(n)))
_HEAPS = re.compile(f"([{re.escape(_MARKS)}\u0f73\u0f75\u0f81]{{31,}}+)")  # these three are made of two each


def nfc(text: str) -> str:
    """``text`` in NFC. A run of more than thirty marks on one letter stays as it is."""
    if text.isascii():
        return text
    pieces = _HEAPS.split(text)
    pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
    return "".join(pieces)
