"""Every sentence about a job, keyed by kind: rows keep kinds and numbers, and each viewer
reads their own language. One sentence says what happened, one whether money was taken,
one what to do next."""

from .events import event
from .jobs import Say, card, estimate, mismatch, missing, money, unchecked, usual, waiting
from .keys import key_name
from .problems import Confirm, problem, warning
from .refusals import ACTIONS, KINDS, cannot

__all__ = [
    "ACTIONS", "KINDS", "Confirm", "Say", "cannot", "card", "estimate", "event", "key_name", "mismatch",
    "missing", "money", "problem", "unchecked", "usual", "waiting", "warning",
]  # fmt: skip
