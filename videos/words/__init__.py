"""Every sentence about a job, keyed by kind: rows keep kinds and numbers, and each viewer
reads their own language. One sentence says what happened, one whether money was taken,
one what to do next."""

from .events import describe_event
from .jobs import CardText, card_text, estimate, mismatch, missing_file_text, money, unchecked, usual, waiting
from .keys import key_name
from .problems import Confirmation, describe_problem, describe_warning
from .refusals import ACTIONS, KINDS, describe_refusal

__all__ = [
    "ACTIONS", "KINDS", "Confirmation", "CardText", "describe_refusal", "card_text", "estimate", "describe_event", "key_name", "mismatch",
    "missing_file_text", "money", "describe_problem", "unchecked", "usual", "waiting", "describe_warning",
]  # fmt: skip
