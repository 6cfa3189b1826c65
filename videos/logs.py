"""One record, one line: what a vendor or a prompt says cannot forge a log entry."""

import logging
import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Anything that looks like a credential, wherever it came from: bearer headers and the
# prefixes of docs/vendors (dk-..., sk_live_...).
SECRET = re.compile(r"(?i)(bearer\s+|\b(?:dk-|sk_live_|rehearsal-))[\w.\-]{6,}")


def redact(text: str) -> str:
    """``text`` without anything that looks like a key."""
    return SECRET.sub(r"\1***", text)


class OneLine(logging.Formatter):
    def format(self, record):
        text = super().format(record)
        head, *rest = text.split("\n")
        lines = [CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line) for line in (head, *rest)]
        return redact("\n    ".join(lines))
