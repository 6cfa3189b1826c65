"""One record, one line: what a vendor or a prompt says cannot forge a log entry. Each ends with
the request that caused it, which the book names, too."""

import logging
import re
from contextvars import ContextVar

# Which request is being answered here: empty in a worker and in a command.
REQUEST: ContextVar[str] = ContextVar("request", default="")


def request_id() -> str:
    return REQUEST.get()


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Anything that looks like a credential, wherever it came from: bearer headers and the
# prefixes of docs/vendors (dk-..., sk_live_...).
SECRET = re.compile(r"(?i)(bearer\s+|\b(?:dk-|sk_live_|rehearsal-))[\w.\-]{6,}")
# Addresses that open something to whoever knows them: Django logs the path of what it refuses.
OPENS = re.compile(
    r"(?<![\w.-])(/(?:hooks/[\w-]+|p|reach|invites|accounts/(?:confirm-email|password/reset/key))/)[^\s/?#'\"]{8,}"
)


def redact(text: str) -> str:
    """``text`` without anything that looks like a key, or opens a door."""
    return OPENS.sub(r"\1***", SECRET.sub(r"\1***", text))


def visible(text: str) -> str:
    """``text`` with its control characters written out."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class OneLine(logging.Formatter):
    """A message is one line whatever is in it; below it, indented, stands at most a traceback."""

    def formatMessage(self, record):
        line = visible(super().formatMessage(record).replace("\n", "\\n"))
        return f"{line} request={request_id()}" if request_id() else line

    def format(self, record):
        lines = super().format(record).split("\n")
        return redact("\n    ".join(visible(line) for line in lines))
