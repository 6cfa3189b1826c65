"""Sorts the status words of all vendors into working, finished and failed.

An unknown word keeps the job running (it is shown, and the job's deadline ends the
wait); it is never success and never failure.
"""

from .contract import Kind

WORKING = "working"
FINISHED = "finished"

_FAMILIES: dict[str | Kind, str] = {
    WORKING: "pending queued queueing queuing waiting wait submitted created in_queue starting not_start "
    "processing running in_progress generating progress",
    FINISHED: "success succeeded succeed completed complete finished done",
    Kind.FAILED: "failed failure fail error rejected",
    Kind.VENDOR_EXPIRED: "expired timeout timed_out",
    Kind.VENDOR_CANCELED: "cancelled canceled",
}

WORDS: dict[str, str | Kind] = {word: family for family, words in _FAMILIES.items() for word in words.split()}


_CHECKS = ("nsfw", "moderat", "violat", "sensitiv", "reject", "block")


def sounds_like_content_check(word: str) -> bool:
    """Returns whether a word, listed or not, sounds like a content check: ``NSFW``,
    ``content_blocked``, ``rejected``, ``in_moderation``. That tells neither whether money was
    taken nor whether the task has ended."""
    folded = word.casefold()
    return any(part in folded for part in _CHECKS)


def family_of(word: str) -> str | Kind | None:
    """Returns WORKING, FINISHED, the kind of a failure, or None for an unknown word."""
    return WORDS.get(word.strip().casefold().replace("-", "_").replace(" ", "_"))
