"""Defines why a call is refused. Each dialect turns it into its vendor's own status and body."""

from enum import StrEnum


class Reason(StrEnum):
    KEY = "key"
    INVALID = "invalid"
    CONTENT = "content"
    CREDITS = "credits"
    BUSY = "busy"
    NOT_FOUND = "not_found"
    NOT_YOURS = "not_yours"
    CONFLICT = "conflict"
    OUTAGE = "outage"
    OVERLOADED = "overloaded"


class Refusal(Exception):
    """A call is refused. ``code`` is the dialect's own name of the problem where its document has one;
    ``retry_after`` is in whole seconds; ``facts`` are further fields of the answer."""

    def __init__(self, why: Reason, message: str, code: str = "", retry_after: int = 0, **facts: str | int):
        super().__init__(message)
        self.why, self.message, self.code, self.retry_after = why, message, code, retry_after
        self.facts = facts
